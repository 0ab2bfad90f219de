/** Whether a certificate's names cover a host: DNS names (RFC 9525 section 6.3) and IP addresses (RFC 5280 section 4.2.1.6). */
import { equalBytes, type Bytes } from '../../bytes'

/** A name as certificates hold it: the text of a DNS name, or of an address. */
export interface HostIdentifier {
  readonly kind: string
  readonly value: string
}

/** How a DNS name covers a host. `partial`: by a wildcard for a part of a label, which RFC 9525 no longer allows. */
export type DnsMatch = 'exact' | 'wildcard' | 'partial'

/** RFC 1035 section 2.3.4, without the dot at the end. */
const LONGEST_NAME = 253
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
const WHOLE = /^[a-z0-9-]+$/
const PART = /^[a-z0-9-]*$/
/** What DNS names of certificates are made of (RFC 5280 section 4.2.1.6). */
const ASCII = /^[\x21-\x7e]*$/

/** The bytes of an IPv4 or IPv6 address in its text form; undefined for anything else. */
export function addressBytes(text: string): Bytes | undefined {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text)
}

/**
 * A DNS name that a certificate may be issued for: labels of letters, digits and hyphens, the first one may be a wildcard, the last one is
 * no number: that would be an address, or none.
 */
export function isDnsName(text: string): boolean {
  const labels = lowerAscii(text).split('.')
  if (/^\d+$/.test(labels.at(-1) ?? '')) return false
  const named = labels[0] === '*' && labels.length > 2 ? labels.slice(1) : labels
  return text.length <= LONGEST_NAME && named.every((label) => label.length <= 63 && LABEL.test(label))
}

/** True when one of the names is this address: as an address, a DNS name that looks like one doesn't count. */
export function namesAddress(names: readonly HostIdentifier[], address: string): boolean {
  const wanted = addressBytes(address)
  if (!wanted) return false
  return names.some(({ kind, value }) => {
    const bytes = kind === 'IP' ? addressBytes(value) : undefined
    return bytes !== undefined && equalBytes(bytes, wanted)
  })
}

/** A text with A to Z in lower case, and nothing else changed: a KELVIN SIGN is no k. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** How a DNS name from a certificate covers a host; undefined when it doesn't, or isn't ASCII. Case doesn't count. */
export function matchDnsName(name: string, host: string): DnsMatch | undefined {
  const [pattern, wanted] = [lowerAscii(name), lowerAscii(host)]
  if (!ASCII.test(pattern) || wanted === '' || wanted.startsWith('.')) return undefined
  const star = starOf(pattern)
  if (star === undefined) return pattern === wanted ? 'exact' : undefined
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  if (wanted.length < before.length + after.length) return undefined
  if (!wanted.startsWith(before) || !wanted.endsWith(after)) return undefined
  const covered = wanted.slice(before.length, wanted.length - after.length)
  if (before === '' && after.startsWith('.')) return WHOLE.test(covered) ? 'wildcard' : undefined
  // An internationalised label is one unit: a part of its ASCII form means nothing.
  return PART.test(covered) && !wanted.startsWith('xn--') ? 'partial' : undefined
}

/**
 * The place of a wildcard that counts: one, at an end of the first label, with at least two more labels after that, all
 * of them well formed. Any other asterisk is a character like others.
 */
function starOf(pattern: string): number | undefined {
  const [first = '', ...rest] = pattern.split('.')
  const star = first.indexOf('*')
  if (star === -1 || rest.length < 2 || !rest.every((label) => LABEL.test(label))) return undefined
  const others = first.slice(0, star) + first.slice(star + 1)
  const atEnd = star === 0 || star === first.length - 1
  const wellFormed = PART.test(others) && !others.endsWith('-') && (star === 0 || LABEL.test(others))
  return atEnd && wellFormed && !first.startsWith('xn--') ? star : undefined
}

function ipv4Bytes(text: string): Bytes | undefined {
  const parts = text.split('.')
  const valid =
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  return valid ? Uint8Array.from(parts, Number) : undefined
}

/** RFC 4291 section 2.2: eight groups, one run of zero groups may be `::`, the last two groups may be an IPv4 address. */
function ipv6Bytes(text: string): Bytes | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const last = tail?.[2] === undefined ? undefined : ipv4Bytes(tail[2])
  if (tail && !last) return undefined
  const groupText = (high: number, low: number): string => ((high << 8) | low).toString(16)
  const [a = 0, b = 0, c = 0, d = 0] = last ?? []
  const plain = tail ? `${tail[1]}${groupText(a, b)}:${groupText(c, d)}` : text
  const halves = plain.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], rest] = halves
  const given = head.length + (rest?.length ?? 0)
  if (halves.length > 2 || (rest ? given > 7 : given !== 8)) return undefined
  const groups = [...head, ...Array<string>(8 - given).fill('0'), ...(rest ?? [])]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  const values = groups.map((group) => Number.parseInt(group, 16))
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 0xff]))
}
