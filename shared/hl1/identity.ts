/** Identities of the three parties (protocol.md section 2). */

const PATTERN = /^[A-Za-z0-9._-]{1,48}$/

export const DEFAULT_IDENTITIES = { authority: 'ID-CA', server: 'ID-Server', client: 'ID-Client' } as const

/** True for 1 to 48 letters, digits, dots, underscores and hyphens of ASCII. */
export function isIdentity(value: string): boolean {
  return PATTERN.test(value)
}
