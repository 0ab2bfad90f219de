/**
 * Whether each end of a connection has recorded what the protocol has happen there (protocol.md sections 1 and 6): its steps in their order and
 * each once, a refusal with its alert, an alert with its refusal, and nothing after that.
 */
import type { AlertCode } from '../hl1/alert-codes'
import { DECRYPT_FAILED } from '../hl1/alerts'
import { nextAfter } from '../hl1/message'
import type { Next } from '../hl1/state'
import { isStepNumber } from '../hl1/steps'
import type { Hl1Entry } from '../hl1/types'
import { connectionName } from '../record/connection'
import type { KeptWhole } from './kept-whole'

/** Alerts that a role sends of itself, without a message that it has refused: nothing came, there is no place, it has ended a session, it has failed. */
const OF_ITSELF: ReadonlySet<AlertCode> = new Set(['timeout', 'busy', 'session_expired', 'internal_error'])

/** What came of following all ends of a run. */
export interface Sequences {
  /** What is otherwise than the protocol has it, a sentence each; of an end the first alone. */
  readonly faults: readonly string[]
  /** Ends whose oldest records had to go, by {@link endOf}. */
  readonly inside: ReadonlySet<string>
}

/** An end of a connection. */
export function endOf({ connection, role }: Pick<Hl1Entry, 'connection' | 'role'>): string {
  return `${connection.id} ${role}`
}

/** Follows every end of every connection through its records, in their order. */
export function followEnds(records: readonly Hl1Entry[], { mayBeginInside }: KeptWhole): Sequences {
  const ends = new Map<string, EndOfConnection>()
  const faults: string[] = []
  const tell = (fault: string | undefined): void => void (fault !== undefined && faults.push(fault))
  const made = new Map<string, Hl1Entry>()
  for (const entry of records) {
    const end = endOf(entry)
    const known = ends.get(end) ?? new EndOfConnection(entry, mayBeginInside(entry))
    ends.set(end, known)
    tell(known.take(entry))
    tell(outOfTurn(entry, made))
  }
  for (const end of ends.values()) tell(end.finish())
  return { faults, inside: new Set([...ends].flatMap(([end, { isInside }]) => (isInside ? [end] : []))) }
}

/** Records are numbered as they are made, those of authority and server together. */
function outOfTurn(entry: Hl1Entry, made: Map<string, Hl1Entry>): string | undefined {
  const list = entry.role === 'client' ? 'client' : 'listeners'
  const before = made.get(list)
  const number = numberOf(entry)
  if (number === undefined) return undefined
  if (before && number <= (numberOf(before) ?? 0))
    return `${named(entry, true)} stands behind ${named(before)}, and was recorded before it.`
  made.set(list, entry)
  return undefined
}

function numberOf({ id, role }: Hl1Entry): number | undefined {
  const digits = id.startsWith(`${role}-`) ? id.slice(role.length + 1) : ''
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined
}

class EndOfConnection {
  #next: Next
  #last: Hl1Entry | undefined
  /** A message that was refused, until the alert about it. */
  #refused: Hl1Entry | undefined
  /** The alert that has ended the connection. */
  #over: Hl1Entry | undefined
  #hasFault = false
  /** Its beginning is gone. */
  isInside = false

  constructor(
    first: Hl1Entry,
    private readonly mayBeginInside: boolean,
  ) {
    this.#next = beginning(first)
  }

  take(entry: Hl1Entry): string | undefined {
    if (this.#hasFault) return undefined
    const fault = this.#judge(entry) ?? clockFault(this.#last, entry)
    this.#last = entry
    this.#goOn(entry)
    this.#hasFault = fault !== undefined
    return fault
  }

  /** After its last record. */
  finish(): string | undefined {
    return this.#hasFault || !this.#refused ? undefined : withoutAlert(this.#refused)
  }

  #judge(entry: Hl1Entry): string | undefined {
    if (this.#over)
      return `The ${entry.role} goes on with ${named(entry)} after ${named(this.#over)}, which has ended the connection.`
    if (this.#refused) return isAlertOf(this.#refused, entry) ? undefined : withoutAlert(this.#refused)
    if (this.#isDue(entry)) return undefined
    if (this.#last) return outOfOrder(entry, this.#last, this.#next)
    this.isInside = this.mayBeginInside
    return this.isInside
      ? undefined
      : `What the ${entry.role} has recorded of the connection from ${connectionName(entry.connection)} begins with ${named(entry)}: what comes before that is missing.`
  }

  /** Whether a record is one that may come now. */
  #isDue({ kind, direction, step, outcome, role }: Hl1Entry): boolean {
    const next = this.#next
    if (kind === 'alert') {
      // Who opens a connection is the first to speak.
      if (direction === 'received') return this.#last !== undefined || next.act === 'accept'
      return !outcome.ok && OF_ITSELF.has(outcome.code)
    }
    if (next.act === 'end') return false
    if (outcome.ok) return step === next.step && direction === (next.act === 'build' ? 'sent' : 'received')
    if (direction === 'sent') return false
    // Between two requests a client listens: what comes then is refused, whatever it is.
    return next.act === 'accept' ? step === next.step : role === 'client' && next.step === 7
  }

  #goOn(entry: Hl1Entry): void {
    const { kind, step, outcome, role } = entry
    this.#refused = undefined
    if (kind === 'alert') this.#over = entry
    else if (!outcome.ok) this.#refused = entry
    else if (isStepNumber(step)) this.#next = nextAfter(step, role)
  }
}

/** What comes first for an end: who opens a connection builds the first step, who accepts it waits for that. */
function beginning({ role, connection }: Hl1Entry): Next {
  const step = connection.acceptor === 'authority' ? 1 : 3
  return { act: role === connection.acceptor ? 'accept' : 'build', step }
}

/** Whether a record is the alert about a message that was refused. */
function isAlertOf(refused: Hl1Entry, { kind, direction, outcome }: Hl1Entry): boolean {
  if (kind !== 'alert' || direction !== 'sent' || outcome.ok || refused.outcome.ok) return false
  const { code, message } = refused.outcome
  return outcome.code === code && outcome.message === (code === 'decrypt_failed' ? DECRYPT_FAILED : message)
}

/** The clock of an end’s lifetimes is never set. */
function clockFault(last: Hl1Entry | undefined, entry: Hl1Entry): string | undefined {
  const isBack =
    last?.monotonic !== undefined && entry.monotonic !== undefined && entry.monotonic < last.monotonic
  return isBack ? `${named(entry, true)} stands behind ${named(last)}, and began before it.` : undefined
}

function outOfOrder(entry: Hl1Entry, last: Hl1Entry, next: Next): string {
  const { kind, role, step, direction } = entry
  if (kind === 'alert') return `The ${role} sends ${named(entry)}, and has refused nothing before it.`
  if (last.kind === 'message' && last.step === step && last.direction === direction)
    return direction === 'sent'
      ? `The ${role} sends step ${step} twice (${last.id}, ${entry.id}), and nothing has come to it in between.`
      : `Step ${step} comes to the ${role} twice (${last.id}, ${entry.id}), and it has answered nothing in between.`
  const wanted =
    next.act === 'end'
      ? 'nothing more was to come'
      : next.act === 'build'
        ? `it was to send step ${next.step}`
        : `step ${next.step} was to come to it`
  return direction === 'sent'
    ? `The ${role} sends ${named(entry)} where ${wanted}.`
    : `${named(entry, true)} comes to the ${role} where ${wanted}.`
}

function withoutAlert(refused: Hl1Entry): string {
  return `The ${refused.role} refuses ${named(refused)}, and no alert of its own follows.`
}

/** “step 7 (server-14)”, “an alert about step 7 (client-15)”. */
export function named({ kind, step, id }: Hl1Entry, isFirst = false): string {
  const words = kind === 'alert' ? `an alert about step ${step} (${id})` : `step ${step} (${id})`
  return isFirst ? `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}` : words
}
