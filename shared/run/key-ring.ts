/** The keys that a run still has, as they are wanted: by connection, by end, and by the time of the record that they open. */
import { equalBytes, fromHex, type Bytes } from '../bytes'
import { parseCertificate, type Certificate } from '../crypto/pki/certificate'
import { readRsaPrivateNumbers, readRsaPublicNumbers } from '../crypto/encodings/rsa-numbers'
import { requirePrivateKeyOf } from '../crypto/pki/rsa-key'
import {
  privateKeyFromPem,
  publicKeyFromPem,
  type RsaPrivateKey,
  type RsaPublicKey,
} from '../crypto/primitives/rsa'
import { orUndefined } from '../errors'
import { groupBy } from '../group'
import { heldAt } from '../held'
import { isKeySymbol, type KeySymbol } from '../hl1/keys'
import type { HeldKey } from '../hl1/open-frame'
import type { Hl1Entry } from '../hl1/types'
import { beginnings } from '../record/conversation'
import { perObject } from '../remember'
import type { Settings } from '../settings'
import { memberText, memberValue } from './members'
import type { Run } from './run'

const LAST_HANDSHAKE_STEP = 6

/** What a registration has brought the server, from a time on. */
export interface Registered {
  readonly from: number
  /** How many records there were before it. */
  readonly place: number
  readonly certificate: Certificate
  readonly certS: Bytes | undefined
  readonly privateKey: RsaPrivateKey | undefined
}

/** The keys of a run, worked out once. */
export const keysOfRun = perObject((run: Run) => new RunKeys(run))

export class RunKeys {
  /** By connection and role: keys that its members carry, or that were kept beside them. */
  readonly #ofEnds = new Map<string, Map<string, Bytes>>()
  /** Keys that messages of an end carry, and frames of its handshake by their steps. */
  readonly #carried = new Set<string>()
  readonly #handshakes = new Map<string, Map<number, Bytes>>()
  readonly #registrations: readonly Registered[]
  readonly #places: ReadonlyMap<string, number>
  /** What each connection's acceptor has shown as its own in step 4, by the end that says so. */
  readonly #shown = new Map<string, Hl1Entry>()

  readonly #began: ReadonlyMap<string, number>
  readonly #ofAuthority: PrivateKeys
  readonly #ofServers: PrivateKeys

  constructor(private readonly run: Run) {
    const { privateKeys, others = [] } = run.secrets ?? { privateKeys: {} }
    this.#ofAuthority = new PrivateKeys([privateKeys.SK_CA])
    this.#ofServers = new PrivateKeys([privateKeys.SK_S, ...others])
    this.#began = beginnings(run.records)
    for (const { connection, role, members } of run.records)
      for (const { carries, value, kind } of members)
        if (carries !== undefined && kind === 'bytes' && value instanceof Uint8Array) {
          this.#carried.add(`${connection.id} ${role} ${carries}`)
          this.#add(connection.id, role, carries, value)
        }
    for (const { connection, role, keys } of run.secrets?.connections ?? [])
      for (const [symbol, key] of Object.entries(keys)) this.#add(connection, role, symbol, key)
    this.#places = new Map(run.records.map(({ id }, place) => [id, place]))
    for (const entry of run.records)
      if (entry.kind === 'message' && entry.step <= LAST_HANDSHAKE_STEP) this.#noteHandshake(entry)
    for (const entry of run.records)
      if (entry.step === 4 && entry.kind === 'message')
        this.#shown.set(`${entry.connection.id} ${entry.role}`, entry)
    this.#registrations = run.records.flatMap((entry, place) => this.#registrationOf(entry, place))
  }

  /** The key of a symbol for a record: that of its own end, or of the other one; undefined where it was forgotten or left out. */
  keyFor(entry: Hl1Entry, symbol: KeySymbol): HeldKey | undefined {
    const { connection, role, at } = entry
    if (symbol === 'K_boot') return fromHex(this.settingsFor(entry)?.bootstrapKey ?? '')
    if (symbol === 'SK_CA') return this.#authorityKey(at)
    if (symbol === 'SK_S') return this.#serverKeyFor(entry)
    const own = this.#ofEnds.get(`${connection.id} ${role}`)?.get(symbol)
    if (own) return own
    const other = role === connection.acceptor ? connection.opener : connection.acceptor
    const end = `${connection.id} ${other}`
    if (!this.#carried.has(`${end} ${symbol}`) && !this.#isOneHandshake(entry, end)) return undefined
    return this.#ofEnds.get(end)?.get(symbol)
  }

  /** The settings that the ends of a record's connection go by: those of its beginning, whatever is set later. */
  settingsFor({ connection, at }: Hl1Entry): Settings | undefined {
    return heldAt(this.run.settings, this.#began.get(connection.id) ?? at)
  }

  /**
   * What the server of a record served with: what it has shown on this connection, or else had at that time. In the lab of an attack there
   * may be another one, which has refused by its own name.
   */
  registeredFor({ connection, at, id, checks }: Hl1Entry): Registered | undefined {
    const shown = this.#shown.get(`${connection.id} server`)
    const pem = shown && memberText(shown, 'x509_s')
    const name = this.run.attack && checks.find((check) => check.id === 'identity')?.expected
    return (
      this.#registrations.findLast(({ certificate }) => certificate.pem === pem) ??
      this.#registrations.findLast(({ certificate }) => certificate.subject.commonName === name) ??
      this.registeredAt(at, this.#places.get(id))
    )
  }

  /**
   * What the lab's own server served with at a time; undefined where no record or certificate says.
   * @param place how many records there were: in the lab of an attack clocks stand still, or are set
   */
  registeredAt(at: number, place = this.run.records.length): Registered | undefined {
    const { certificate, certS, identity } = this.run.server
    const isThen = this.run.attack
      ? (each: Registered): boolean => each.place < place && each.certificate.subject.commonName === identity
      : ({ from }: Registered): boolean => from <= at
    const found = this.#registrations.findLast(isThen)
    if (found) return found
    // One from before the first record that is kept.
    if (!certificate || this.#registrations.length > 0) return undefined
    return { from: 0, place: 0, certificate, certS, privateKey: this.#privateKeyOf(certificate, undefined) }
  }

  /** The private key of the server that an end speaks to, or is: of what a client was shown, somebody else may have it. */
  #serverKeyFor(entry: Hl1Entry): RsaPrivateKey | undefined {
    const shown = entry.role === 'client' ? this.#shown.get(`${entry.connection.id} client`) : undefined
    const publicKey = shown && keyShownBy(shown)
    const own = this.registeredFor(entry)
    if (!publicKey) return own?.privateKey
    // Where nobody looked whether they are a pair, the key to the certificate may be somebody else's.
    const isPair = own && own.certificate.publicKey.pem === publicKey.pem && !takesAnyKey(this.run)
    if (isPair) return own.privateKey
    return this.#ofServers.of(publicKey)
  }

  #noteHandshake({ connection, role, step, frame }: Hl1Entry): void {
    const end = `${connection.id} ${role}`
    const frames = this.#handshakes.get(end) ?? new Map<number, Bytes>()
    if (!frames.has(step)) frames.set(step, frame)
    this.#handshakes.set(end, frames)
  }

  /** Both ends had the same frames until then: else each has derived keys of its own (protocol.md section 4). */
  #isOneHandshake({ connection, role, step: until }: Hl1Entry, other: string): boolean {
    const own = this.#handshakes.get(`${connection.id} ${role}`) ?? new Map<number, Bytes>()
    const theirs = this.#handshakes.get(other)
    return [...own].every(([step, frame]) => {
      const known = theirs?.get(step)
      return step > until || !known || equalBytes(known, frame)
    })
  }

  #add(connection: string, role: string, symbol: string, key: Bytes): void {
    const end = `${connection} ${role}`
    const keys = this.#ofEnds.get(end) ?? new Map<string, Bytes>()
    if (isKeySymbol(symbol) && !keys.has(symbol)) keys.set(symbol, key)
    this.#ofEnds.set(end, keys)
  }

  #authorityKey(at: number): RsaPrivateKey | undefined {
    const anchor = heldAt(this.run.anchors, at)
    return anchor && this.#ofAuthority.of(anchor.publicKey)
  }

  #privateKeyOf(certificate: Certificate, carried: string | undefined): RsaPrivateKey | undefined {
    // Where nobody looked whether they are a pair, the server goes on with what it got.
    if (carried !== undefined && takesAnyKey(this.run)) return orUndefined(() => privateKeyFromPem(carried))
    return pairOf(certificate, carried) ?? this.#ofServers.of(certificate.publicKey)
  }

  #registrationOf(entry: Hl1Entry, place: number): readonly Registered[] {
    const { role, step, direction, outcome, at, took } = entry
    if (role !== 'server' || step !== 2 || direction !== 'received' || !outcome.ok) return []
    const certificate = orUndefined(() => parseCertificate(String(memberValue(entry, 'x509_s'))))
    if (!certificate) return []
    const certS = memberValue(entry, 'cert_s')
    const carried = memberValue(entry, 'sk_s')
    return [
      {
        from: at + took,
        place,
        certificate,
        certS: certS instanceof Uint8Array ? certS : undefined,
        privateKey: this.#privateKeyOf(certificate, carried === undefined ? undefined : String(carried)),
      },
    ]
  }
}

/** In the lab of an attack that one of these checks was taken from: whatever key step 2 brings is the server's, also none of its certificate's. */
export function takesAnyKey({ attack }: Pick<Run, 'attack'>): boolean {
  return attack?.without.some((check) => check === 'key_pair' || check === 'same_key') ?? false
}

/** The public key that a client was shown in step 4 (protocol.md section 3). */
function keyShownBy(entry: Hl1Entry): RsaPublicKey | undefined {
  const pem = memberText(entry, 'pk_s')
  return orUndefined(() =>
    pem === '' ? parseCertificate(memberText(entry, 'x509_s')).publicKey : publicKeyFromPem(pem),
  )
}

/** Private keys, found by public ones: each is read once, and each public key looked for once. */
class PrivateKeys {
  readonly #pems: readonly string[]
  readonly #found = new Map<string, RsaPrivateKey | undefined>()
  #byModulus: ReadonlyMap<bigint | undefined, readonly string[]> | undefined

  constructor(pems: readonly (string | undefined)[]) {
    this.#pems = pems.filter((pem) => pem !== undefined)
  }

  /** The private key of a public one; undefined where there is none that fits it. */
  of(publicKey: RsaPublicKey): RsaPrivateKey | undefined {
    const { pem } = publicKey
    if (!this.#found.has(pem)) this.#found.set(pem, this.#search(publicKey))
    return this.#found.get(pem)
  }

  #search(publicKey: RsaPublicKey): RsaPrivateKey | undefined {
    const modulus = readRsaPublicNumbers(publicKey.spki)?.n
    if (modulus === undefined) return undefined
    this.#byModulus ??= groupBy(this.#pems, modulusOf)
    for (const pem of this.#byModulus.get(modulus) ?? []) {
      const key = pairOf({ publicKey }, pem)
      if (key) return key
    }
    return undefined
  }
}

function modulusOf(pem: string): bigint | undefined {
  return orUndefined(() => readRsaPrivateNumbers(privateKeyFromPem(pem).pkcs8)?.n)
}

/** The private key where it is that of the certificate's. */
function pairOf(
  { publicKey }: Pick<Certificate, 'publicKey'>,
  pem: string | undefined,
): RsaPrivateKey | undefined {
  return orUndefined(() => {
    if (pem === undefined) return undefined
    const key = privateKeyFromPem(pem)
    requirePrivateKeyOf(publicKey, key)
    return key
  })
}
