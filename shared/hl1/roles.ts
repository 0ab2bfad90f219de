/** The three parties of the protocol (protocol.md, introduction). */

export const ROLES = ['authority', 'server', 'client'] as const
export type Role = (typeof ROLES)[number]

/** How a role is called on screen and in logs, and the letter that the protocol's symbols use for it. */
export const ROLE_NAMES: Readonly<Record<Role, { readonly title: string; readonly symbol: string }>> = {
  authority: { title: 'Certificate Authority', symbol: 'CA' },
  server: { title: 'Application Server', symbol: 'S' },
  client: { title: 'Client', symbol: 'C' },
}
