/**
 * What one authority has revoked, and the signed list that says so (RFC 5280 section 5). Each change makes a new list, with
 * the next number; one that nothing changes is made anew before its time is over.
 */
import { fromHex, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import type { Issuer } from '#shared/crypto/pki/issue'
import { issueRevocationList } from '#shared/crypto/pki/issue-list'
import { ON_HOLD, type RevocationReason } from '#shared/crypto/pki/revocation-reasons'
import { LabError } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { RevocationListView } from '#shared/lab'

/** A list as it was signed. Times are milliseconds since the Unix epoch. */
export interface RevocationList {
  readonly der: Bytes
  readonly number: number
  readonly thisUpdate: number
  readonly nextUpdate: number
}

/** Since when and why a certificate is revoked. */
export interface RevokedSince {
  readonly at: number
  readonly reason: RevocationReason
}

/** By serial number, hex. */
type Entries = ReadonlyMap<string, RevokedSince>

export interface RevocationsOptions {
  readonly environment: Pick<Environment, 'now' | 'after'> & {
    readonly crypto: Pick<Environment['crypto'], 'signPkcs1'>
  }
  /** How many days a list is good for. */
  readonly listDays: () => number
  /** There is another list. */
  readonly onChange: () => void
  /** Takes why a list could not be made anew in time. */
  readonly onFailure: (error: unknown) => void
}

const DAY_MS = 86_400_000
/** Of its time, so much is over when a list is made anew. */
const RENEWED_AT = 0.8
/** How often it is looked whether that is so at least: a timer alone can't wait for months, and stands still where the machine sleeps. */
const LOOK_MS = DAY_MS / 24
/** Times of a list are whole seconds. */
const SECOND_MS = 1_000

export class Revocations {
  #entries: Entries = new Map()
  #turn: Promise<unknown> = Promise.resolve()
  #stopLooking: () => void = () => undefined

  private constructor(
    private issuer: Issuer | undefined,
    private readonly options: RevocationsOptions,
    private last: RevocationList,
  ) {}

  /** Those of a new authority, with its first list, which is empty. */
  static async begin(issuer: Issuer, options: RevocationsOptions): Promise<Revocations> {
    return new Revocations(issuer, options, await sign(issuer, options, 1, new Map()))
  }

  /** The list that is in force. */
  get list(): RevocationList {
    return this.last
  }

  /** The list as windows are told of it. */
  get view(): Pick<RevocationListView, 'pem' | 'number' | 'thisUpdate' | 'nextUpdate' | 'count'> {
    const { der, ...rest } = this.last
    return { ...rest, pem: encodePem('X509 CRL', der), count: this.#entries.size }
  }

  /** What is on the list, by serial numbers. */
  get all(): readonly (RevokedSince & { readonly serial: string })[] {
    return [...this.#entries].map(([serial, since]) => ({ serial, ...since }))
  }

  /** Since when and why the certificate with this serial number, hex, is revoked; undefined while it is not. */
  of(serial: string): RevokedSince | undefined {
    return this.#entries.get(serial)
  }

  /**
   * Revokes a certificate for good, or puts it on hold; one on hold can be revoked for good.
   * @throws LabError `already_revoked`
   */
  revoke(serial: string, reason: RevocationReason): Promise<void> {
    return this.#change((entries) => {
      const before = entries.get(serial)
      if (before && (before.reason !== ON_HOLD || reason === ON_HOLD))
        throw new LabError('already_revoked', 'The certificate is revoked already.')
      // What was revoked later than it was put on hold was so since then (RFC 5280 section 5.3.1).
      const at = before?.at ?? this.#now()
      return new Map([...entries, [serial, { at, reason }]])
    })
  }

  /**
   * Takes a certificate off hold.
   * @throws LabError `not_on_hold`
   */
  release(serial: string): Promise<void> {
    return this.#change((entries) => {
      if (entries.get(serial)?.reason !== ON_HOLD)
        throw new LabError('not_on_hold', 'The certificate is not on hold: nothing else can be taken back.')
      return new Map([...entries].filter(([other]) => other !== serial))
    })
  }

  /** Makes the list anew: the same entries, a later end. */
  renew(): Promise<void> {
    return this.#change((entries) => entries)
  }

  /** From now on the list is made anew before its time is over. */
  watch(): void {
    this.#look()
  }

  /** Makes no list any more: the authority is gone, and so is its key. The last list stays as it is. */
  end(): void {
    this.issuer = undefined
    this.#stopLooking()
  }

  /** One change after another; where no list can be signed, nothing has changed. */
  #change(next: (entries: Entries) => Entries): Promise<void> {
    const changed = this.#turn.then(async () => {
      const entries = next(this.#entries)
      const { issuer } = this
      const list = issuer && (await sign(issuer, this.options, this.last.number + 1, entries))
      if (!list || !this.issuer) throw new LabError('not_running', 'The authority was stopped meanwhile.')
      this.#entries = entries
      this.last = list
      this.options.onChange()
    })
    this.#turn = changed.catch(() => undefined)
    return changed
  }

  #look(): void {
    const { environment, onFailure } = this.options
    this.#stopLooking = environment.after(LOOK_MS, () => {
      const { thisUpdate, nextUpdate } = this.last
      const due = thisUpdate + RENEWED_AT * (nextUpdate - thisUpdate)
      if (environment.now() >= due) this.renew().catch(onFailure)
      this.#look()
    })
  }

  #now(): number {
    return wholeSeconds(this.options.environment.now())
  }
}

async function sign(
  issuer: Issuer,
  { environment, listDays }: RevocationsOptions,
  number: number,
  entries: Entries,
): Promise<RevocationList> {
  const thisUpdate = wholeSeconds(environment.now())
  const nextUpdate = thisUpdate + listDays() * DAY_MS
  const revoked = [...entries].map(([serial, since]) => ({ ...since, serial: bytesOf(serial) }))
  const template = { number, thisUpdate, nextUpdate, revoked }
  return {
    der: await issueRevocationList(issuer, template, environment.crypto),
    number,
    thisUpdate,
    nextUpdate,
  }
}

function bytesOf(serial: string): Bytes {
  const bytes = fromHex(serial)
  if (bytes) return bytes
  throw new LabError('internal_error', `The serial number ${serial} is no hex.`)
}

function wholeSeconds(at: number): number {
  return Math.floor(at / SECOND_MS) * SECOND_MS
}
