/** The keys that a run still has, as they are wanted: by connection, by end, and by the time of the record that they open. */
import { fromHex, type Bytes } from '../bytes'
import { parseCertificate, type Certificate } from '../crypto/pki/certificate'
import { requirePrivateKeyOf } from '../crypto/pki/rsa-key'
import { privateKeyFromPem, type RsaPrivateKey } from '../crypto/primitives/rsa'
import { orUndefined } from '../errors'
import { heldAt } from '../held'
import { isKeySymbol, type KeySymbol } from '../hl1/keys'
import type { HeldKey } from '../hl1/open-frame'
import type { Hl1Entry } from '../hl1/types'
import { memberValue } from './members'
import type { Run } from './run'

/** What a registration has brought the server, from a time on. */
export interface Registered {
  readonly from: number
  readonly certificate: Certificate
  readonly certS: Bytes | undefined
  readonly privateKey: RsaPrivateKey | undefined
}

export class RunKeys {
  /** By connection and role: keys that its members carry, or that were kept beside them. */
  readonly #ofEnds = new Map<string, Map<string, Bytes>>()
  readonly #registrations: readonly Registered[]

  constructor(private readonly run: Run) {
    for (const { connection, role, members } of run.records)
      for (const { carries, value, kind } of members)
        if (carries !== undefined && kind === 'bytes' && value instanceof Uint8Array)
          this.#add(connection.id, role, carries, value)
    for (const { connection, role, keys } of run.secrets?.connections ?? [])
      for (const [symbol, key] of Object.entries(keys)) this.#add(connection, role, symbol, key)
    this.#registrations = run.records.flatMap((entry) => this.#registrationOf(entry))
  }

  /** The key of a symbol for a record: that of its own end, or of the other one; undefined where it was forgotten or left out. */
  keyFor({ connection, role, at }: Hl1Entry, symbol: KeySymbol): HeldKey | undefined {
    if (symbol === 'K_boot') return fromHex(heldAt(this.run.settings, at)?.bootstrapKey ?? '')
    if (symbol === 'SK_CA') return this.#authorityKey(at)
    if (symbol === 'SK_S') return this.registeredAt(at)?.privateKey
    const own = this.#ofEnds.get(`${connection.id} ${role}`)?.get(symbol)
    if (own) return own
    const other = role === connection.acceptor ? connection.opener : connection.acceptor
    return this.#ofEnds.get(`${connection.id} ${other}`)?.get(symbol)
  }

  /** What the server served with at a time; undefined where no record or certificate says. */
  registeredAt(at: number): Registered | undefined {
    const found = this.#registrations.findLast(({ from }) => from <= at)
    if (found) return found
    const { certificate, certS } = this.run.server
    // One from before the first record that is kept.
    if (!certificate || this.#registrations.length > 0) return undefined
    return { from: 0, certificate, certS, privateKey: this.#privateKeyOf(certificate, undefined) }
  }

  #add(connection: string, role: string, symbol: string, key: Bytes): void {
    const end = `${connection} ${role}`
    const keys = this.#ofEnds.get(end) ?? new Map<string, Bytes>()
    if (isKeySymbol(symbol) && !keys.has(symbol)) keys.set(symbol, key)
    this.#ofEnds.set(end, keys)
  }

  #authorityKey(at: number): RsaPrivateKey | undefined {
    const anchor = heldAt(this.run.anchors, at)
    return anchor && pairOf(anchor, this.run.secrets?.privateKeys.SK_CA)
  }

  #privateKeyOf(certificate: Certificate, carried: string | undefined): RsaPrivateKey | undefined {
    return pairOf(certificate, carried) ?? pairOf(certificate, this.run.secrets?.privateKeys.SK_S)
  }

  #registrationOf(entry: Hl1Entry): readonly Registered[] {
    const { role, step, direction, outcome, at, took } = entry
    if (role !== 'server' || step !== 2 || direction !== 'received' || !outcome.ok) return []
    const certificate = orUndefined(() => parseCertificate(String(memberValue(entry, 'x509_s'))))
    if (!certificate) return []
    const certS = memberValue(entry, 'cert_s')
    const carried = memberValue(entry, 'sk_s')
    return [
      {
        from: at + took,
        certificate,
        certS: certS instanceof Uint8Array ? certS : undefined,
        privateKey: this.#privateKeyOf(certificate, carried === undefined ? undefined : String(carried)),
      },
    ]
  }
}

/** The private key where it is that of the certificate's. */
function pairOf({ publicKey }: Certificate, pem: string | undefined): RsaPrivateKey | undefined {
  return orUndefined(() => {
    if (pem === undefined) return undefined
    const key = privateKeyFromPem(pem)
    requirePrivateKeyOf(publicKey, key)
    return key
  })
}
