/** Which role a window shows, for the parts that all windows share. */
import type { Role } from '#shared/hl1/roles'
import { WINDOWS, type WindowTable } from '#shared/windows'

/** The role that this window shows; undefined for one that shows none. */
export function ownRole(): Role | undefined {
  const windows: WindowTable = WINDOWS
  return windows[window.lab.window]?.role
}
