/** Keys of DES that are too weak to be used; without the cipher, for whoever only judges keys. */
import { toHex } from '../../bytes'

/** The 4 weak and 12 semi-weak keys (FIPS 74, section 3.6), with odd parity. */
const WEAK_KEYS = new Set([
  '0101010101010101',
  'fefefefefefefefe',
  '1f1f1f1f0e0e0e0e',
  'e0e0e0e0f1f1f1f1',
  '01fe01fe01fe01fe',
  'fe01fe01fe01fe01',
  '1fe01fe00ef10ef1',
  'e01fe01ff10ef10e',
  '01e001e001f101f1',
  'e001e001f101f101',
  '1ffe1ffe0efe0efe',
  'fe1ffe1ffe0efe0e',
  '011f011f010e010e',
  '1f011f010e010e01',
  'e0fee0fef1fef1fe',
  'fee0fee0fef1fef1',
])

/** The four weak ones: each half of the key schedule is all zeros or all ones, so all its rounds are alike. */
const SELF_INVERSE = /^(?:(01|fe)\1{7}|1f1f1f1f0e0e0e0e|e0e0e0e0f1f1f1f1)$/

/** True for a weak or semi-weak key, whatever its parity bits say: DES ignores them. */
export function isWeakDesKey(key: Uint8Array): boolean {
  return desWeakness(key) !== 'none'
}

/** Weak keys decrypt what they encrypted by encrypting it again; semi-weak ones do that for a partner key. */
export function desWeakness(key: Uint8Array): 'weak' | 'semi-weak' | 'none' {
  const odd = toHex(key.map(withOddParity))
  if (!WEAK_KEYS.has(odd)) return 'none'
  return SELF_INVERSE.test(odd) ? 'weak' : 'semi-weak'
}

function withOddParity(byte: number): number {
  let ones = 0
  for (let bit = 1; bit < 8; bit++) ones += (byte >> bit) & 1
  return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
}
