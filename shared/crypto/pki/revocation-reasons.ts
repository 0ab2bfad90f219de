/** Why a certificate is revoked, by the names and numbers of RFC 5280 section 5.3.1; those that an authority of servers gives. */
export const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const
export type RevocationReason = keyof typeof REVOCATION_REASONS

/** The one reason that can be taken back: the certificate is on hold. */
export const ON_HOLD: RevocationReason = 'certificateHold'

/** What each is called. */
export const REASON_TITLES: Readonly<Record<RevocationReason, string>> = {
  unspecified: 'Unspecified',
  keyCompromise: 'The private key was compromised',
  affiliationChanged: 'Its holder belongs to somebody else',
  superseded: 'Another certificate has taken its place',
  cessationOfOperation: 'It is not needed any more',
  certificateHold: 'On hold',
  privilegeWithdrawn: 'A privilege was withdrawn',
}
