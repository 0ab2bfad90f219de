/** What a window may see of a role's secrets goes by the role that it shows, not by its name. */
import { LabError } from '#shared/errors'
import type { Role } from '#shared/hl1/roles'
import { WINDOWS, type WindowTable } from '#shared/windows'

/**
 * The role whose secrets a window may ask for.
 * @throws LabError `forbidden` for a window that shows no role
 */
export function roleOf(window: string, table: WindowTable = WINDOWS): Role {
  const role = table[window]?.role
  if (!role) throw new LabError('forbidden', 'This window shows no role, so it has no secret to reveal.')
  return role
}

/**
 * Lets a private key be shown in the window of its own role.
 * @throws LabError `forbidden` for every other window
 */
export function requireOwnKey(key: 'SK_CA' | 'SK_S', window: string, table: WindowTable = WINDOWS): void {
  if (table[window]?.role !== (key === 'SK_CA' ? 'authority' : 'server'))
    throw new LabError('forbidden', 'A private key is shown in the window of its own role alone.')
}
