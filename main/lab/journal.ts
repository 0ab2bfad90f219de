/** The records that authority and server have made, newest last, as many as fit. */
import { LabError } from '#shared/errors'
import type { SecretsOf } from '#shared/lab'
import type { Connection } from '#shared/record/connection'
import type { MemberValue } from '#shared/record/member'
import type { Hl1Entry } from '#shared/hl1/types'
import { forgetSecrets, withoutSecrets } from '#shared/record/record'
import { RecordList, RECORDS_KEPT } from '#shared/record/record-list'
import type { Role } from '#shared/hl1/roles'

/** What says in which windows a record is shown. */
export type ShownBy = Pick<Hl1Entry, 'role' | 'connection'>

export interface JournalHooks {
  /** A record was added; without the values of its secret members. */
  readonly onAdded: (entry: Hl1Entry) => void
  /** Secrets can't be revealed any more. */
  readonly onForgotten?: (whose: SecretsOf) => void
  /** For the first time records of a kind had to go, see {@link Journal.dropped}. */
  readonly onDropped?: () => void
}

export class Journal {
  readonly #entries = new RecordList<Hl1Entry>(RECORDS_KEPT)
  readonly #dropped = new Map<string, ShownBy>()

  constructor(private readonly hooks: JournalHooks) {}

  add(entry: Hl1Entry): void {
    const gone = this.#entries.add(entry)
    const before = this.#dropped.size
    for (const { role, connection } of gone)
      this.#dropped.set(`${role} ${connection.opener ?? ''}`, { role, connection })
    if (this.#dropped.size > before) this.hooks.onDropped?.()
    this.hooks.onAdded(withoutSecrets(entry))
  }

  /** How many records of messages are kept that match, after a record, or all. */
  count(matches: (entry: Hl1Entry) => boolean, after?: string): number {
    const all = this.#entries.all
    const start = all.findIndex(({ id }) => id === after) + 1
    return all.slice(start).filter((entry) => entry.kind === 'message' && matches(entry)).length
  }

  /** All that are kept, oldest first, secrets included. */
  get all(): readonly Hl1Entry[] {
    return this.#entries.all
  }

  /** What had to go for newer ones, one of each kind: of each role, by who of this app, or nobody, has opened the connection. */
  get dropped(): readonly ShownBy[] {
    return [...this.#dropped.values()]
  }

  /** The newest of them. */
  get newest(): string | undefined {
    return this.#entries.all.at(-1)?.id
  }

  /** All that are kept, without the values of secret members. */
  list(): readonly Hl1Entry[] {
    return this.#entries.all.map(withoutSecrets)
  }

  /**
   * One member's value, secret or not, of a record that this role has made.
   * @throws LabError `unknown_record` when it is no longer kept, or was never opened; `forbidden` for another role's
   */
  reveal(id: string, name: string, role: Role): MemberValue {
    const entry = this.#entries.all.find((each) => each.id === id)
    if (entry && entry.role !== role) {
      throw new LabError(
        'forbidden',
        'A secret is revealed in the window of the role that recorded it alone.',
      )
    }
    const member = entry?.members.find((each) => each.name === name)
    if (member?.value === undefined) {
      throw new LabError(
        'unknown_record',
        'This value is no longer kept: its session has ended, its role has stopped, or newer messages took its place.',
      )
    }
    return member.value
  }

  /** The newest secret of this name that a role still has, and the connection that it is of. */
  lastSecret(
    role: Role,
    name: string,
  ): { readonly value: MemberValue; readonly connection: Connection } | undefined {
    for (const { role: owner, members, connection } of this.#entries.all.toReversed()) {
      if (owner !== role) continue
      const value = members.find((member) => member.name === name && member.secret)?.value
      if (value !== undefined) return { value, connection }
    }
    return undefined
  }

  /** Forgets the secrets in the records of a role, or of one of its connections; the rest of them stays to be read. */
  forgetSecrets(whose: SecretsOf): void {
    const { role, connection } = whose
    this.#entries.change((entry) =>
      entry.role === role && (connection === undefined || entry.connection.id === connection.id)
        ? forgetSecrets(entry)
        : entry,
    )
    this.hooks.onForgotten?.(whose)
  }
}
