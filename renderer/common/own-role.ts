/** Which role a window shows, for the parts that all windows share. */
import { WINDOWS, type WindowRow, type WindowTable } from '#shared/windows'

/** The role that this window shows; undefined for one that shows none. */
export function ownRole(): WindowRow['role'] {
  const windows: WindowTable = WINDOWS
  return windows[window.lab.window]?.role
}
