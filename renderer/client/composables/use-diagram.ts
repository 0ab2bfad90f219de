/** What the sequence diagram draws: for each of the eight steps its records from both ends, and how far it is. */
import { computed, type ComputedRef, type Ref } from 'vue'
import type { JournalEntry } from '#shared/record/record'
import { STEP_NUMBERS, STEPS, type StepInfo, type StepNumber } from '#shared/hl1/steps'

export interface DiagramRow {
  readonly info: StepInfo
  /** The sender's record, the receiver's, and the alert about the step, as far as there are any. */
  readonly sent: JournalEntry | undefined
  readonly received: JournalEntry | undefined
  readonly alert: JournalEntry | undefined
  readonly state: 'done' | 'failed' | 'under_way' | 'ahead'
  /** *Next step* takes this one. */
  readonly isNext: boolean
  /** How many messages of this step there were: requests can repeat. */
  readonly count: number
}

export interface DiagramSources {
  /** Main's records, oldest first. */
  readonly entries: Readonly<Ref<readonly JournalEntry[]>>
  /** This window's own. */
  readonly own: Readonly<Ref<readonly JournalEntry[]>>
  /** Main's last record from before the walk began. */
  readonly marker: Readonly<Ref<string | undefined>>
  /** The identifier of the client's connection. */
  readonly connection: Readonly<Ref<string | undefined>>
  readonly next: Readonly<Ref<StepNumber>>
}

/** Records of this walk alone: the last registration of the lab's own server, and the client's own connection. */
export function useDiagram({ entries, own, marker, connection, next }: DiagramSources): {
  readonly rows: ComputedRef<readonly DiagramRow[]>
  readonly log: ComputedRef<readonly JournalEntry[]>
} {
  const log = computed(() => {
    const start = entries.value.findIndex((entry) => entry.id === marker.value) + 1
    const since = entries.value.slice(start)
    const registration = since.findLast(
      (entry) => entry.role === 'server' && entry.direction === 'sent' && isFirst(entry),
    )
    const mine = new Set([registration?.connection.id, connection.value])
    const ofWalk = since.filter((entry) => mine.has(entry.connection.id))
    return [...ofWalk, ...own.value].toSorted((a, b) => a.at - b.at || rank(a) - rank(b))
  })
  const rows = computed(() => STEP_NUMBERS.map((step) => describe(step, log.value, next.value)))
  return { rows, log }
}

/** An alert that a server may send unasked: the client has said nothing for long, or its session is ended there. */
export function isFarewell({ kind, outcome }: JournalEntry): boolean {
  return kind === 'alert' && !outcome.ok && FAREWELLS.has(outcome.code)
}

const FAREWELLS: ReadonlySet<string> = new Set(['timeout', 'session_expired'])

function isFirst(entry: JournalEntry): boolean {
  return entry.kind === 'message' && STEPS[1].step === entry.step
}

/** Of two records of one millisecond the earlier step counts first, and sending before receiving. */
function rank(entry: JournalEntry): number {
  return entry.step * 2 + (entry.direction === 'sent' ? 0 : 1)
}

function describe(step: StepNumber, log: readonly JournalEntry[], next: StepNumber): DiagramRow {
  const ofStep = log.filter((entry) => entry.step === step)
  const messages = ofStep.filter((entry) => entry.kind === 'message')
  const received = messages.findLast((entry) => entry.direction === 'received')
  const sent = messages.findLast((entry) => entry.direction === 'sent')
  const alert = ofStep.findLast((entry) => entry.kind === 'alert')
  const count = messages.filter((entry) => entry.direction === 'sent').length
  return {
    info: STEPS[step],
    sent,
    received,
    alert,
    count,
    isNext: step === next,
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
