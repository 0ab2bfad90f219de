/** Numbers, dates and lists in words. */
import { onCalendar } from './time'

const DAY_MS = 86_400_000

/** 1 byte, 256 bytes, 1,048,584 bytes. */
export function count(number: number, what: string): string {
  return `${number.toLocaleString('en-GB')} ${what}${number === 1 ? '' : 's'}`
}

/** How far a moment is away in days: “in 364 days”, “today”, “3 days ago”. */
export function daysAway(at: number, now: number): string {
  const days = Math.floor(Math.abs(at - now) / DAY_MS)
  if (days === 0) return at >= now ? 'in less than a day' : 'less than a day ago'
  return at >= now ? `in ${count(days, 'day')}` : `${count(days, 'day')} ago`
}

/** A day in UTC, as certificates count: 15 June 2025. */
export function dayText(at: number): string {
  return onCalendar(at, (date) =>
    date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
  )
}

/** Items with commas, and a word before the last: a, b and c. */
export function listed(items: readonly string[], word = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1) ?? ''}`
}

/** A foreign text, cut where it is longer than anybody reads. */
export function shortened(text: string, most = 200): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`
}

/** The first few items with commas, then how many more there are. */
export function firstOf(items: readonly string[], most = 8): string {
  const more = items.length - most
  return `${items.slice(0, most).join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-GB')} more` : ''}`
}
