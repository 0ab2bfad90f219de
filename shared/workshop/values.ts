/** Writes times (RFC 5280 section 4.1.2.5) and serial numbers (section 4.1.2.2), right or wrong. */
import { concat, type Bytes } from '../bytes'
import { integer, text, time, timeDigits } from '../crypto/encodings/asn1'
import { serialFrom } from '../crypto/pki/issue'
import type { SerialPlan, TimePlan } from './chain'

const DAY_MS = 86_400_000

/** A time. `now`: milliseconds since the Unix epoch. */
export function writeTime(plan: TimePlan, now: number): Bytes {
  const at = 'days' in plan.at ? now + plan.at.days * DAY_MS : Date.UTC(plan.at.year, 0, 1)
  const digits = timeDigits(at)
  const short = digits.slice(2)
  if (plan.as === undefined) return time(at)
  switch (plan.as) {
    case 'UTCTime':
      return text('UTCTime', `${short}Z`)
    case 'GeneralizedTime':
      return text('GeneralizedTime', `${digits}Z`)
    case 'fraction of a second':
      return text('GeneralizedTime', `${digits}.5Z`)
    case 'no zone':
      return text('UTCTime', short)
    case 'no seconds':
      return text('UTCTime', `${short.slice(0, 10)}Z`)
    case 'offset':
      return text('UTCTime', `${short}+0000`)
  }
}

/** Content of a serial number's INTEGER, made of random bytes but for zero. */
export function makeSerial(plan: SerialPlan, random: (length: number) => Bytes): Bytes {
  const fresh = serialFrom(random(16))
  switch (plan) {
    case 'fresh':
      return fresh
    case 'zero':
      return new Uint8Array(1)
    case 'negative':
      // Not nine ones in front: that would be a needless byte as well.
      return fresh.with(0, ((fresh[0] ?? 0) & 0x3f) | 0x80)
    case '33 bytes':
      return concat(fresh, random(17))
    case 'redundant zeros':
      return concat(new Uint8Array(1), fresh)
  }
}

/** A serial number as it is written in certificates and lists. */
export function writeSerial(content: Bytes): Bytes {
  return integer(content)
}
