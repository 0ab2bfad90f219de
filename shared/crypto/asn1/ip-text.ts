/** IP addresses of certificates (RFC 5280 section 4.2.1.6) as text; IPv6 as RFC 5952 writes it. */
import { toHex } from '../../bytes'

/** An address of 4 or 16 bytes, or one with its mask, of 8 or 32, as in name constraints; hex for any other length. */
export function ipText(bytes: Uint8Array): string {
  switch (bytes.length) {
    case 4:
      return bytes.join('.')
    case 16:
      return ipv6Text(bytes)
    case 8:
    case 32: {
      const half = bytes.length / 2
      const mask = bytes.subarray(half)
      return `${ipText(bytes.subarray(0, half))}/${prefixLength(mask) ?? ipText(mask)}`
    }
    default:
      return toHex(bytes)
  }
}

/** Ones at the start of a mask; undefined when others follow a zero. */
function prefixLength(mask: Uint8Array): number | undefined {
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  )
  // The longest run of at least two zero groups is left out, the first of equally long ones.
  let best = { start: 0, length: 1 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.length < 2) return groups.join(':')
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`
}
