/** What a certificate that the authority issues for a request may be for (RFC 5280 section 4.2.1.12), and what each is called. */
export const PURPOSE_TITLES = {
  serverAuth: 'TLS server',
  clientAuth: 'TLS client',
  emailProtection: 'E-mail',
  codeSigning: 'Signing programs',
} as const

export type Purpose = keyof typeof PURPOSE_TITLES
export const PURPOSES = Object.keys(PURPOSE_TITLES) as readonly Purpose[]
