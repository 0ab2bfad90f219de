/**
 * What the inspector says of an artifact, as data: verdicts, summaries, facts, comparisons and commands. Texts are whole
 * sentences for people; hex is lower case without separators unless said otherwise.
 */
import type { Bytes } from '../bytes'

/** How a check ended. `warning`: worth knowing, without power to refuse. `not_made`: something it needs is missing. */
export type CheckOutcome = 'ok' | 'warning' | 'failed' | 'not_made'

/** The checks of a certificate's path (RFC 5280 section 6), in the order in which they are shown. */
export const PATH_CHECK_IDS = [
  'trust_anchor',
  'issuer',
  'signature',
  'dates',
  'host_name',
  'basic_constraints',
  'path_length',
  'key_usage',
  'extended_key_usage',
  'name_constraints',
  'key_size',
  'signature_hash',
  'critical_extensions',
  'extensions',
  'key_identifiers',
  'names',
  'form',
  'revocation',
] as const
export type PathCheckId = (typeof PATH_CHECK_IDS)[number]

/** What a check saw in one certificate of the path. */
export interface PathFinding {
  /** The certificate's place in {@link Verdict.path}: 0 is the one that is judged. */
  readonly position: number
  readonly result: CheckOutcome
  readonly reason: string
  readonly found?: string
  readonly expected?: string
}

/** One check over the whole path: the result that weighs most, in the words of the certificate that it is about. */
export interface PathCheck extends PathFinding {
  readonly id: PathCheckId
  readonly title: string
  /** What it is for, in one sentence. */
  readonly purpose: string
  /** Every certificate that the check looked at, in the order of the path. */
  readonly findings: readonly PathFinding[]
}

/** One certificate of a path. */
export interface PathMember {
  readonly der: Bytes
  /** Its subject; for an empty one a text that says so. */
  readonly title: string
  /** `leaf` is the one that is judged, `anchor` one that is trusted for itself; a trusted leaf is an `anchor`. */
  readonly role: 'leaf' | 'intermediate' | 'anchor'
}

/** Whether a certificate may be taken as a server's, and why. */
export interface Verdict {
  /** True when no check has failed. */
  readonly accepted: boolean
  /** The whole in one sentence; when refused, with the first reason. */
  readonly conclusion: string
  /** From the certificate that is judged to the trust anchor, or as far as it got. */
  readonly path: readonly PathMember[]
  /** One for each of {@link PATH_CHECK_IDS}, in that order. */
  readonly checks: readonly PathCheck[]
}

/** `sound`: nothing against it. `weak`: it works, with weak spots. `unsound`: don't rely on it. `open`: not judged. */
export type Soundness = 'sound' | 'weak' | 'unsound' | 'open'

/** A labelled line of a summary. */
export interface SummaryFact {
  readonly title: string
  readonly text: string
  /** More of it, in a sentence. */
  readonly note?: string
}

/** Something that makes an artifact weaker than it could be. */
export interface WeakSpot {
  /** Stable, lower case with underscores. */
  readonly id: string
  /** `danger`: whoever relies on it can be deceived. `caution`: below today's practice. `note`: good to know. */
  readonly weight: 'danger' | 'caution' | 'note'
  readonly title: string
  /** Why it matters and what would be better. */
  readonly text: string
}

/** An artifact in plain words. */
export interface SummaryView {
  /** What it is, for instance `Server certificate`. */
  readonly heading: string
  /** Who it is for, who vouches, until when, in one or two sentences. */
  readonly lead: string
  readonly soundness: Soundness
  /** Is it sound, in one sentence. */
  readonly conclusion: string
  readonly facts: readonly SummaryFact[]
  /** The heaviest first. */
  readonly weakSpots: readonly WeakSpot[]
  /** Of certificates. */
  readonly verdict?: Verdict
}

/** A number of a key. */
export interface KeyNumber {
  /** Its symbol, for instance `n` or `dp`. */
  readonly symbol: string
  readonly title: string
  readonly meaning: string
  readonly hex: string
  readonly decimal: string
  readonly bits: number
  /** True for numbers that only the owner may know. */
  readonly secret: boolean
}

/** A statement that was put to the test. */
export interface FactCheck {
  /** Stable, lower case with underscores. */
  readonly id: string
  readonly title: string
  readonly result: CheckOutcome
  readonly reason: string
}

/** A short text that stands for a key or certificate. */
export interface Fingerprint {
  readonly id: 'spki_sha256' | 'spki_pin' | 'key_identifier' | 'openssh'
  readonly title: string
  readonly text: string
  /** What it is the hash of, and who uses it. */
  readonly meaning: string
}

/** A public or private key. */
export interface KeyFacts {
  /** For instance `RSA, 2048 bits`. */
  readonly algorithm: string
  readonly bits: number | undefined
  readonly isPrivate: boolean
  /** RSA: n, e, and of private keys d, p, q, dp, dq, qi. Empty for other algorithms. */
  readonly numbers: readonly KeyNumber[]
  /** Of RSA private keys: whether its numbers belong together (RFC 8017 section 3.2). */
  readonly checks: readonly FactCheck[]
  /** Empty when the public half is not known. */
  readonly fingerprints: readonly Fingerprint[]
  /** The line for `authorized_keys`, where OpenSSH has this algorithm. */
  readonly opensshLine: string | undefined
}

/** A private key has signed a fresh challenge, and a public key has verified it, or not. */
export interface PairProof {
  readonly belongs: boolean
  readonly scheme: string
  /** 32 random bytes, hex. */
  readonly challenge: string
  /** Hex. */
  readonly signature: string
  readonly reason: string
}

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

/** A message that has to do with a key. */
export interface KeyUse {
  /** Identifier of the journal's entry. */
  readonly entry: string
  readonly step: number
  readonly role: string
  readonly direction: 'sent' | 'received'
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** `carried`: in a member. `protected`: this key closed the message. `derived`: a key made from this one did. */
  readonly how: 'carried' | 'protected' | 'derived'
  readonly text: string
}

/** A symmetric key of the protocol. */
export interface SymmetricFacts {
  readonly symbol: string
  readonly name: string
  /** Who makes it, who holds it, what it is for. */
  readonly about: string
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

/** A run of bytes of an opened signature; `end` exclusive. */
export interface BlockPart {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly meaning: string
  /** False where the bytes are not what the standard asks for. */
  readonly ok: boolean
}

/** A signature, opened with the signer's public key where that is known. */
export interface SignatureFacts {
  /** For instance `RSASSA-PKCS1-v1_5 with SHA-256`. */
  readonly scheme: string
  /** Hex. */
  readonly signature: string
  /** Bytes of the signature. */
  readonly length: number
  /** s^e mod n as bytes as long as the modulus; undefined when the key is not known or not RSA. */
  readonly block: Bytes | undefined
  readonly parts: readonly BlockPart[]
  /** RSASSA-PSS: the block's first part after its mask was taken off; undefined for other schemes. */
  readonly unmasked: Bytes | undefined
  readonly unmaskedParts: readonly BlockPart[]
  /** PKCS#1 v1.5: the DigestInfo inside (RFC 8017 section 9.2), for the structure view. */
  readonly digestInfo: Bytes | undefined
  /** For instance `SHA-256`; undefined when the signature doesn't tell. */
  readonly hash: string | undefined
  /** The digest that the signature holds, hex; PSS holds none that can be read. */
  readonly signedDigest: string | undefined
  /** Digest of the bytes that are said to be signed, hex. */
  readonly computedDigest: string | undefined
  readonly checks: readonly FactCheck[]
  /** Undefined when it could not be tried. */
  readonly verified: boolean | undefined
  readonly conclusion: string
}

/** One field of two certificates. */
export interface ComparisonRow {
  readonly title: string
  /** Undefined where that certificate doesn't have the field. */
  readonly left: string | undefined
  readonly right: string | undefined
  readonly differs: boolean
}

/** Rows that belong together, for instance those of the key. */
export interface ComparisonGroup {
  readonly title: string
  readonly rows: readonly ComparisonRow[]
}

/** Two certificates side by side. */
export interface Comparison {
  readonly left: string
  readonly right: string
  /** True when they are the same bytes. */
  readonly identical: boolean
  /** How many rows differ. */
  readonly differences: number
  /** What the differences amount to, in a sentence. */
  readonly conclusion: string
  readonly groups: readonly ComparisonGroup[]
}

export type CommandTool = 'openssl' | 'keytool' | 'certtool' | 'ssh-keygen' | 'sha256sum' | 'python3' | 'od'

/** A command line that shows or checks the same thing; for a POSIX shell, in the folder of the files, in the order given. */
export interface Command {
  /** Stable, lower case with underscores; unique among those of one artifact. */
  readonly id: string
  readonly tool: CommandTool
  /** What it shows or checks, in one line. */
  readonly purpose: string
  readonly line: string
}
