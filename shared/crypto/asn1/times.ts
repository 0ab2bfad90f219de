/** UTCTime and GeneralizedTime (X.680 sections 46 and 47), as RFC 5280 section 4.1.2.5 wants them and as others write them. */
import { toBinaryString } from '../../bytes'
import { isoTime } from '../../time'

export interface DecodedTime {
  /** The characters of the content. */
  readonly written: string
  /** Milliseconds since the Unix epoch; undefined when it is no time. */
  readonly time: number | undefined
  /** For instance `2030-01-31T12:00:00Z`; undefined when it is no time. */
  readonly iso: string | undefined
  /** What is wrong with it, in a sentence. */
  readonly problem: string | undefined
}

const UTC_TIME = 23
const SHORT = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|([+-])(\d\d)(\d\d))$/
const LONG = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?)?(?:Z|([+-])(\d\d)(\d\d)?)?$/
/** What DER and RFC 5280 allow: seconds, no fraction, Greenwich. */
const STRICT = { utc: /^\d{12}Z$/, generalized: /^\d{14}Z$/ } as const

/** Decodes the content of a UTCTime (23) or GeneralizedTime (24). */
export function decodeTime(tagNumber: number, bytes: Uint8Array): DecodedTime {
  const written = toBinaryString(bytes.subarray(0, 40))
  const isUtc = tagNumber === UTC_TIME
  const time = isUtc ? readUtc(written) : readGeneralized(written)
  if (time === undefined || bytes.length > 40) {
    const form = isUtc ? 'YYMMDDhhmmssZ' : 'YYYYMMDDhhmmssZ'
    return { written, time: undefined, iso: undefined, problem: `It is no time of the form ${form}.` }
  }
  const iso = isoTime(time).replace('.000Z', 'Z')
  const isStrict = (isUtc ? STRICT.utc : STRICT.generalized).test(written)
  const problem = isStrict
    ? undefined
    : 'RFC 5280 wants it with seconds, without a fraction, and in Greenwich time (Z).'
  return { written, time, iso, problem }
}

function readUtc(text: string): number | undefined {
  const [, year = '', month, day, hour, minute, second = '0', sign, hours, minutes] = SHORT.exec(text) ?? []
  if (!year) return undefined
  // RFC 5280 section 4.1.2.5.1: 50 to 99 are of the last century.
  const century = Number(year) >= 50 ? 1900 : 2000
  return toTime([century + Number(year), month, day, hour, minute, second], 0, sign, hours, minutes)
}

function readGeneralized(text: string): number | undefined {
  const [, year, month, day, hour, minute = '0', second = '0', fraction, sign, hours, minutes] =
    LONG.exec(text) ?? []
  if (!year) return undefined
  const milliseconds = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000)
  return toTime([year, month, day, hour, minute, second], milliseconds, sign, hours, minutes)
}

function toTime(
  parts: readonly (string | number | undefined)[],
  milliseconds: number,
  sign: string | undefined,
  hours = '0',
  minutes = '0',
): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, milliseconds)
  // What is out of range would have been carried over.
  const isReal =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  if (!isReal || Number(hours) > 23 || Number(minutes) > 59) return undefined
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return date.getTime() - (sign === '-' ? -offset : offset)
}
