/** A run as a proof has it: its connections, what crossed them, and what each end saw, with the names of the frames' files. */
import { equalBytes, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { ALERT_CODES } from '../hl1/alert-codes'
import { ROLES, type Role } from '../hl1/roles'
import { isStepNumber, STEP_NUMBERS, STEPS } from '../hl1/steps'
import { SUITES, type SuiteName } from '../hl1/suites'
import type { Hl1Entry } from '../hl1/types'
import type { Connection } from '../record/connection'
import { crossings, type Crossing } from '../record/crossings'
import { SameBytes } from '../same-bytes'

/** A frame as one end had it. */
export interface SeenFrame {
  readonly message: ProofMessage
  readonly bytes: Bytes
  readonly file: string
}

/** What is worked out from one end of a connection, or from both where they saw the same. */
export interface View {
  /** Begins the names of its files: `connection2`, `connection2-client`. */
  readonly name: string
  readonly connection: Connection
  readonly suite: SuiteName | undefined
  /** True where the records of both ends are there. */
  readonly isWhole: boolean
  /** True where the other end saw other frames: somebody stood between them. */
  readonly isApart: boolean
  /** Messages and alerts, in the order in which this end had them. */
  readonly frames: readonly SeenFrame[]
}

/** A message or an alert that crossed a connection. */
export interface ProofMessage {
  /** From 1, in the folder. */
  readonly number: number
  /** Begins the names of what lines leave for work: `05`. */
  readonly id: string
  /** What claims call it: `step 5`, and its number where several are of that step. */
  readonly label: string
  readonly kind: 'message' | 'alert'
  readonly step: number
  readonly suite: SuiteName | undefined
  readonly from: Role
  readonly to: Role
  readonly sent: Hl1Entry | undefined
  readonly received: Hl1Entry | undefined
  /** As its receiver got it; as it was sent where nobody has recorded that it arrived. */
  readonly frame: Bytes
  readonly file: string
  /** As it was sent, where that was another one: somebody has changed it on the way. */
  readonly asSent: { readonly bytes: Bytes; readonly file: string } | undefined
}

export interface ProofRun {
  readonly messages: readonly ProofMessage[]
  readonly views: readonly View[]
  /** The view that a message is proven in: its receiver's, or else its sender's. */
  readonly viewOf: ReadonlyMap<ProofMessage, View>
}

/**
 * Puts a run together. Records of several roles may come one role after the other; those of one role come in their order.
 * @throws LabError `bad_argument` for what is no record of HL/1
 */
export function runOf(entries: readonly Hl1Entry[]): ProofRun {
  for (const entry of entries) requireEntry(entry)
  const ids = [...new Set(entries.toSorted((a, b) => a.at - b.at).map(({ connection }) => connection.id))]
  const same = new SameBytes()
  const perConnection = ids.map((id) =>
    crossings(
      entries.filter(({ connection }) => connection.id === id),
      same,
    ),
  )
  const digits = Math.max(2, String(perConnection.flat().length).length)
  const steps = new Map<string, number>()
  for (const { step, kind } of perConnection.flat().map(entryOf))
    steps.set(`${kind} ${step}`, (steps.get(`${kind} ${step}`) ?? 0) + 1)
  const messages: ProofMessage[] = []
  const views: View[] = []
  const viewOf = new Map<ProofMessage, View>()
  for (const [index, crossed] of perConnection.entries()) {
    const made = crossed.map((crossing, at) => {
      const number = messages.length + at + 1
      const { step, kind } = entryOf(crossing)
      const isOnly = kind === 'message' && steps.get(`${kind} ${step}`) === 1
      return messageOf(crossing, number, String(number).padStart(digits, '0'), isOnly, same)
    })
    messages.push(...made)
    views.push(...viewsOf(`connection${index + 1}`, made, viewOf))
  }
  return { messages, views, viewOf }
}

function entryOf({ sent, received }: Crossing<Hl1Entry>): Hl1Entry {
  const entry = received ?? sent
  if (!entry) throw new LabError('internal_error', 'A message that nobody has recorded.')
  return entry
}

function messageOf(
  crossing: Crossing<Hl1Entry>,
  number: number,
  id: string,
  isOnly: boolean,
  same: SameBytes,
): ProofMessage {
  const { sent, received } = crossing
  const entry = entryOf(crossing)
  const { kind, step, suite, frame, outcome } = entry
  const to = entry.direction === 'received' ? entry.role : peerOf(entry)
  const from = entry.direction === 'sent' ? entry.role : peerOf(entry)
  const what = kind === 'alert' ? 'alert' : `step${step}`
  const stem = `frames/${id}-${what}-${from}-${to}`
  const said = kind === 'alert' ? 'alert' : isStepNumber(step) ? `step ${step}` : 'unasked message'
  const numbered = isOnly ? said : `${said} (message ${number})`
  const refused = kind === 'message' && !outcome.ok ? `, refused as ${outcome.code}` : ''
  const isChanged = sent !== undefined && received !== undefined && !same.areSame(sent.frame, received.frame)
  return {
    ...{ number, id, kind, step, suite, from, to, sent, received, frame },
    label: `${numbered}${refused}`,
    file: `${stem}.bin`,
    asSent: isChanged ? { bytes: sent.frame, file: `${stem}-as-sent.bin` } : undefined,
  }
}

/** One view where both ends saw the same, as far as both go; otherwise one for each. */
function viewsOf(
  name: string,
  messages: readonly ProofMessage[],
  viewOf: Map<ProofMessage, View>,
): readonly View[] {
  const [first] = messages
  const connection = (first?.received ?? first?.sent)?.connection
  if (!connection) return []
  const suite = messages.map((each) => each.suite).find((each) => each !== undefined)
  const roles = ROLES.filter((role) => messages.some((each) => seenBy(role, each) !== undefined))
  const isWhole = roles.length > 1
  const seen = roles.map((role) =>
    messages.flatMap((message): readonly SeenFrame[] => {
      const bytes = seenBy(role, message)
      const file = message.from === role && message.asSent ? message.asSent.file : message.file
      return bytes ? [{ message, bytes, file }] : []
    }),
  )
  if (seen.every((frames) => seen.every((others) => agree(frames, others)))) {
    const frames = messages.map((message) => ({ message, bytes: message.frame, file: message.file }))
    const view = { name, connection, suite, isWhole, isApart: false, frames }
    for (const message of messages) viewOf.set(message, view)
    return [view]
  }
  const views = seen.map((frames, index) => ({
    ...{ name: `${name}-${roles[index] ?? ''}`, connection, suite, isWhole, isApart: true, frames },
  }))
  for (const message of messages) {
    const view = views[roles.indexOf(message.received ? message.to : message.from)]
    if (view) viewOf.set(message, view)
  }
  return views
}

/** The frame as a role had it; undefined where it has recorded none. */
function seenBy(role: Role, { sent, received, from, to }: ProofMessage): Bytes | undefined {
  if (role === to && received) return received.frame
  return role === from ? sent?.frame : undefined
}

/** Whether two ends saw the same messages, as far as the one goes that saw less; alerts bind nothing. */
function agree(one: readonly SeenFrame[], other: readonly SeenFrame[]): boolean {
  const [ones, others] = [one, other].map((frames) =>
    frames.filter(({ message }) => message.kind === 'message'),
  )
  const least = Math.min(ones?.length ?? 0, others?.length ?? 0)
  return Array.from({ length: least }, (_, at) => at).every((at) => {
    const [a, b] = [ones?.[at]?.bytes, others?.[at]?.bytes]
    return a !== undefined && b !== undefined && equalBytes(a, b)
  })
}

/** Who is at the other end. A program that is no part of the lab is who the steps say. */
function peerOf({ role, connection: { opener, acceptor } }: Hl1Entry): Role {
  if (role !== acceptor) return requireRole(acceptor)
  if (opener !== undefined) return requireRole(opener)
  const first = STEP_NUMBERS.map((step) => STEPS[step]).find(({ to }) => to === role)
  return first?.from ?? 'client'
}

function requireRole(name: string): Role {
  const role = ROLES.find((each) => each === name)
  if (!role) throw new LabError('bad_argument', 'A record names a role that HL/1 does not have.')
  return role
}

/** Names of files and words of claims are made of these. */
function requireEntry({ role, suite, step, kind, at, took, outcome }: Hl1Entry): void {
  requireRole(role)
  const isKnown =
    (suite === undefined || Object.hasOwn(SUITES, suite)) &&
    (kind === 'alert' || (Number.isInteger(step) && step >= 0 && step <= STEP_NUMBERS.length)) &&
    [at, took].every(Number.isFinite) &&
    (outcome.ok || Object.hasOwn(ALERT_CODES, outcome.code))
  if (!isKnown)
    throw new LabError('bad_argument', 'A record has a suite, step, time or code that HL/1 does not have.')
}
