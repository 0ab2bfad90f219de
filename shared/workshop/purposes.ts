/** Purposes that extended key usage may have in the workshop (RFC 5280 section 4.2.1.12), and what each is called. */
export const PURPOSE_WORDS = {
  serverAuth: 'TLS server',
  clientAuth: 'TLS client',
  emailProtection: 'E-mail',
  codeSigning: 'Signing programs',
  timeStamping: 'Time stamps',
  OCSPSigning: 'OCSP answers',
  anyExtendedKeyUsage: 'Anything',
} as const

export type PurposeName = keyof typeof PURPOSE_WORDS
export const PURPOSE_NAMES = Object.keys(PURPOSE_WORDS) as readonly PurposeName[]
