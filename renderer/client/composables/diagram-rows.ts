/** What a sequence diagram draws: for each step of a protocol its records from both ends, and how far it is. */
import type { Protocol, StepInfo } from '#shared/record/protocol'
import type { JournalEntry } from '#shared/record/record'

export interface DiagramRow<E extends JournalEntry = JournalEntry> {
  readonly info: StepInfo
  /** The sender's record, the receiver's, and the alert about the step, as far as there are any. */
  readonly sent: E | undefined
  readonly received: E | undefined
  readonly alert: E | undefined
  /** The suite of its message; undefined while there is none. */
  readonly suite: string | undefined
  readonly state: 'done' | 'failed' | 'under_way' | 'ahead'
  /** *Next step* takes this one. */
  readonly isNext: boolean
  /** How many messages of this step there were: requests can repeat. */
  readonly count: number
}

/** A row for each step of a protocol. `log`: the records of one run, oldest first; `next`: the step that comes next. */
export function diagramRows<E extends JournalEntry>(
  protocol: Protocol,
  log: readonly E[],
  next: number | undefined,
): readonly DiagramRow<E>[] {
  return protocol.steps.map((info) => describe(info, log, next))
}

/** Whether steps of more than one suite are drawn, those ahead in `suite`: then each that is there says which it is of. */
export function isMixed(rows: readonly DiagramRow[], suite: string): boolean {
  return rows.some((row) => row.suite !== undefined && row.suite !== suite)
}

/** An alert that a server may send unasked: the client has said nothing for long, or its session is ended there. */
export function isFarewell({ kind, outcome }: JournalEntry): boolean {
  return kind === 'alert' && !outcome.ok && FAREWELLS.has(outcome.code)
}

const FAREWELLS: ReadonlySet<string> = new Set(['timeout', 'session_expired'])

function describe<E extends JournalEntry>(
  info: StepInfo,
  log: readonly E[],
  next: number | undefined,
): DiagramRow<E> {
  const ofStep = log.filter((entry) => entry.step === info.step)
  const messages = ofStep.filter((entry) => entry.kind === 'message')
  const received = messages.findLast((entry) => entry.direction === 'received')
  const sent = messages.findLast((entry) => entry.direction === 'sent')
  const alert = ofStep.findLast((entry) => entry.kind === 'alert')
  const count = messages.filter((entry) => entry.direction === 'sent').length
  return {
    info,
    sent,
    received,
    alert,
    suite: (sent ?? received)?.suite,
    count,
    isNext: info.step === next,
    state: stateOf({ sent, received, alert }),
  }
}

function stateOf({
  sent,
  received,
  alert,
}: Pick<DiagramRow, 'sent' | 'received' | 'alert'>): DiagramRow['state'] {
  // A request that repeats: the newest one was sent after the last one that arrived.
  const isOnItsWay = sent !== undefined && (!received || sent.at > received.at)
  // An alert that refuses nothing: every message of its step was accepted before.
  const isLeaving = alert !== undefined && isFarewell(alert) && received?.outcome.ok === true && !isOnItsWay
  if ((alert && !isLeaving) || received?.outcome.ok === false) return 'failed'
  if (isOnItsWay) return 'under_way'
  return received ? 'done' : 'ahead'
}
