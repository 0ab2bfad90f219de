/** Times, in milliseconds since the Unix epoch, as text. A peer may send any number for one, and files hold any. */

/** A time as a calendar writes it; the number itself where no calendar has it (ECMA-262: beyond 8.64e15). */
export function onCalendar(at: number, write: (date: Date) => string): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : write(date)
}

/** ISO 8601 in UTC with milliseconds: 2025-03-14T14:03:22.481Z. As {@link onCalendar} where it is none. */
export function isoTime(at: number): string {
  return onCalendar(at, (date) => date.toISOString())
}

/** A time as a part of a file's name, UTC: 2025-03-14T14-03-22. */
export function fileTime(at: number): string {
  return isoTime(at).slice(0, 19).replaceAll(':', '-')
}
