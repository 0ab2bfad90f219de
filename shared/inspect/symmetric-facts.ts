/** A symmetric key of the protocol explained: its length and strength, DES's parity bits, where it is from and what it did. */
import { toHex, type Bytes } from '../bytes'
import { DES_KEY_BYTES } from '../crypto/primitives/des'
import { desWeakness } from '../crypto/primitives/des-keys'
import { HL1 } from '../hl1/protocol'
import { keyAlgorithm, keyOrigin, keySource, keysDerivedFrom, keyStory } from '../record/key-story'
import { keyInfo, suiteWith } from '../record/protocol'
import type { JournalEntry } from '../record/record'
import type { SymmetricKeyArtifact } from './artifact'
import { usesOf, type KeyUse } from './key-uses'

/** A byte of a DES key: seven bits of key and one of parity. */
export interface ParityByte {
  readonly hex: string
  /** Eight digits; the last one is the parity bit. */
  readonly binary: string
  /** Number of ones among all eight. */
  readonly ones: number
  /** True when that number is odd, as FIPS 46-3 wants it. */
  readonly odd: boolean
}

/** A symmetric key of the protocol. */
export interface SymmetricFacts {
  readonly symbol: string
  readonly name: string
  /** Who makes it, who holds it, what it is for. */
  readonly about: string
  /** The cipher that it keys; the function that makes other keys of it, for one that protects no message itself. */
  readonly algorithm: string
  /** Where the role that shows it has it from. */
  readonly origin: string
  /** Bytes of the key. */
  readonly length: number
  /** Bits that an attacker has to guess: 56 for DES, 0 for a key that everyone has. */
  readonly strength: number
  /** Undefined while it is hidden. */
  readonly hex: string | undefined
  /** Of DES keys that are shown. */
  readonly parity: readonly ParityByte[]
  /** What the parity bits say, in a sentence; empty for other algorithms. */
  readonly parityText: string
  /** `none` for DES keys that are neither; undefined for other algorithms and hidden keys. */
  readonly weakness: 'weak' | 'semi-weak' | 'none' | undefined
  /** How hard the key is to guess, in a sentence or two. */
  readonly entropy: string
  readonly uses: readonly KeyUse[]
}

/** Where a key is looked at. */
export interface SymmetricKeySurroundings {
  /** The role that shows it, where the window shows one. */
  readonly role: string | undefined
  readonly suite: string | undefined
  /** That role's records, of the connection that the key belongs to; `K_boot` belongs to all. */
  readonly entries: readonly JournalEntry[]
}

const AES_KEY_BYTES = 32
const DES_STRENGTH = 56
/** P-256, from which every derived key of suite modern gets its secret. */
const SHARE_STRENGTH = 128
/** Explains a key; what its bytes tell is left out while it is hidden. */
export function symmetricFacts(
  artifact: SymmetricKeyArtifact,
  { role, suite, entries }: SymmetricKeySurroundings,
): SymmetricFacts {
  const { symbol, key } = artifact
  const of = suite ?? suiteWith(HL1, symbol)
  const info = keyInfo(HL1, symbol)
  const algorithm = keyAlgorithm(HL1, of, symbol) ?? ''
  const isDes = algorithm.startsWith('DES')
  const parity = isDes && key ? parityOf(key) : []
  return {
    symbol,
    name: info?.name ?? symbol,
    about: keyStory(HL1, of, symbol),
    algorithm,
    origin: (role !== undefined && keyOrigin(HL1, of, symbol, role)) || 'This role does not hold the key.',
    length: key?.length ?? (isDes ? DES_KEY_BYTES : AES_KEY_BYTES),
    strength: strengthOf(of, symbol, isDes),
    hex: key && toHex(key),
    parity,
    parityText: isDes ? parityText(parity) : '',
    weakness: isDes && key ? desWeakness(key) : undefined,
    entropy: entropyOf(of, symbol, isDes),
    uses: usesOf(HL1, symbol, entries),
  }
}

function parityOf(key: Bytes): readonly ParityByte[] {
  return Array.from(key, (byte) => {
    const binary = byte.toString(2).padStart(8, '0')
    const ones = binary.replaceAll('0', '').length
    return { hex: byte.toString(16).padStart(2, '0'), binary, ones, odd: ones % 2 === 1 }
  })
}

function parityText(parity: readonly ParityByte[]): string {
  const rule =
    'The last bit of each byte of a DES key is a parity bit: FIPS 46-3 sets it so that the number of ones is odd. DES itself ignores it, which leaves 56 of 64 bits.'
  if (parity.length === 0) return rule
  const odd = parity.filter((byte) => byte.odd).length
  if (odd === parity.length) return `${rule} Here it is odd in every byte.`
  return `${rule} Here it is odd in ${odd} of ${parity.length} bytes: its parity bits were not set, which changes nothing.`
}

/** What a derived key hangs on: the shared secret alone, or a random key beside it. Undefined for a key that is not derived. */
function derivedFrom(suite: string | undefined, symbol: string): 'shares' | 'key' | undefined {
  if (keySource(HL1, suite, symbol)?.is !== 'derived') return undefined
  const carried = Object.keys(HL1.keys).some((key) => keysDerivedFrom(HL1, suite, key).includes(symbol))
  return carried ? 'key' : 'shares'
}

function strengthOf(suite: string | undefined, symbol: string, isDes: boolean): number {
  if (keyInfo(HL1, symbol)?.known === true) return 0
  if (isDes) return DES_STRENGTH
  return derivedFrom(suite, symbol) === 'shares' ? SHARE_STRENGTH : AES_KEY_BYTES * 8
}

function entropyOf(suite: string | undefined, symbol: string, isDes: boolean): string {
  if (keyInfo(HL1, symbol)?.known === true)
    return 'There is nothing to guess: every copy of the program knows this key, so it keeps nothing secret.'
  if (isDes)
    return 'Eight random bytes, of which 56 bits count. All 2^56 keys can be tried in hours to days with rented hardware, so what was recorded today can be read soon.'
  switch (derivedFrom(suite, symbol)) {
    case 'shares':
      return 'Derived with HKDF-SHA-256 from a shared secret on P-256: 32 bytes, as hard to guess as that curve’s logarithms, about 2^128 steps.'
    case 'key':
      return 'Derived with HKDF-SHA-256 from a random key of 32 bytes and the shared secret: whoever wants it needs both, and guessing takes 2^256 tries.'
    default:
      return 'Thirty-two bytes from the system’s random generator: guessing takes 2^256 tries, which nobody can make.'
  }
}
