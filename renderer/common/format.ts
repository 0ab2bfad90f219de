/** Values as people read them. */
import { toBase64, toHex } from '#shared/bytes'
import { onCalendar } from '#shared/time'
import { beginning } from '#shared/visible'
import type { MemberKind, MemberValue } from '#shared/record/member'
import type { Endpoint } from '#shared/record/connection'

export { count, daysAway } from '#shared/words'

const two = (value: number): string => String(value).padStart(2, '0')
const three = (value: number): string => String(value).padStart(3, '0')

/** Time of day with milliseconds, local: 14:03:22.481. */
export function timeOfDay(at: number): string {
  return onCalendar(at, (date) => `${clock(date)}.${three(date.getMilliseconds())}`)
}

/** Date and time to the second, local: 2025-03-14 14:03:22. */
export function dateTime(at: number): string {
  return onCalendar(at, (date) => {
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    return `${day} ${clock(date)}`
  })
}

function clock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** How long something took, in milliseconds: 0.4 ms, 12 ms, 1.3 s. */
export function took(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
}

/** Seconds left, in words that keep their width: 0:47, 1:02:03. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

export function endpoint({ address, port }: Endpoint): string {
  return `${address}:${port}`
}

/** A member's value in full: byte strings in base64 as on the wire, everything else as it is. */
export function memberText(value: MemberValue): string {
  return value instanceof Uint8Array ? toBase64(value) : String(value)
}

/** A member's value in one line: a timestamp with its date, short byte strings in hex, PEM without its frame. */
export function memberLine(kind: MemberKind, value: MemberValue): string {
  if (value instanceof Uint8Array) return value.length <= 32 ? toHex(value, ' ') : toHex(value)
  if (kind === 'timestamp') return withTimeOfDay(Number(value))
  if (kind === 'pem') return String(value).replace(/-----[^-]+-----|\s/g, '')
  return String(value)
}

/** A timestamp with its time of day, where a calendar has it. */
function withTimeOfDay(at: number): string {
  const time = timeOfDay(at)
  return time === String(at) ? time : `${at} (${time})`
}

/** Shortens a text in its middle to at most `length` characters. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  const tail = Math.floor((length - 1) / 3)
  const head = beginning(text, length - 1 - tail)
  return `${head}…${text.slice(beginning(text, text.length - tail).length)}`
}

/** Hex in pairs, for reading: 0a 1b 2c. */
export function grouped(hex: string): string {
  return hex.replace(/..(?=.)/g, '$& ')
}
