/** A recording as something to listen to: the newest handshake of a moment, with those of its secrets that are in the file. */
import type { ReadFrame } from '#shared/adversary/eavesdropper'
import type { LeakId } from '#shared/adversary/live'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { DefenceId } from '#shared/hl1/defences'
import { isKeySymbol } from '#shared/hl1/keys'
import { HL1 } from '#shared/hl1/protocol'
import { isStepNumber } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { FrameReading, RecordedKnowledge, RunReading } from '#shared/knowledge/run'
import { secretsOf, subjectOf } from '#shared/knowledge/things'
import { keysOfRun } from '#shared/run/key-ring'
import { isSecret } from '#shared/record/member'
import type { Run } from '#shared/run/run'
import { beginnings } from '#shared/record/conversation'
import { listenToRun, type KnowledgeRun, type RunSecret } from '../experiments/knowledge-run'

/** What windows are told of the handshake of a moment; undefined before the first message of a suite. */
export function recordedKnowledge(run: Run, moment: number): RecordedKnowledge | undefined {
  const found = handshakeAt(run, moment)
  if (!found) return undefined
  const { suite, entries } = found
  const sent = stepsOf(entries, ({ direction }) => direction === 'sent')
  const taken = stepsOf(entries, ({ direction, outcome }) => direction === 'received' && outcome.ok)
  const leaked = leaksUntil(run, found)
  return {
    suite,
    frames: [...found.frames].map(([step, { length }]) => ({ step, bytes: length })),
    secrets: [...secretsIn(run, found).keys()],
    leaked: [...leaked],
    sent: Math.max(0, ...sent),
    taken: Math.max(0, ...taken),
    moments: [...found.frames.keys()].map((step) => {
      const own = entries.filter((entry) => entry.step === step)
      const seen = own.find(({ direction }) => direction === 'received') ?? own[0]
      return { step, moment: run.records.findIndex((entry) => entry === seen) + 1 }
    }),
  }
}

/**
 * Listens to the handshake of a moment, up to a step, with secrets by their ids: what opens is really decrypted. Of secret members
 * it says that they were read: their values are for the windows of their roles, which ask for each (`run:reveal`).
 * @throws LabError `no_run` where there is none, `bad_argument` for a secret that is not in the file
 */
export async function readRecorded(
  run: Run,
  moment: number,
  secrets: readonly string[],
  upTo: number,
): Promise<RunReading> {
  const found = handshakeAt(run, moment)
  if (!found) throw new LabError('no_run', 'Nothing was said yet at this moment of the recording.')
  const { suite, frames } = found
  const listened: KnowledgeRun = {
    suite,
    frames,
    conversations: found.conversations,
    secrets: secretsIn(run, found),
    open: found.open,
    takenAway: new Set<DefenceId>(run.attack?.without),
  }
  const heard = await listenToRun(listened, secrets, upTo)
  return {
    frames: heard.frames.map((frame) => withoutSecretsOf(suite, frame)),
    keys: [...heard.keys.keys()],
  }
}

function withoutSecretsOf(suite: SuiteName, { step, members, missing }: ReadFrame): FrameReading {
  const specs = isStepNumber(step) ? SUITES[suite].sheets[step].members : []
  const secret = new Set(specs.filter(isSecret).map(({ name }) => name))
  const all = Object.entries(members)
  return {
    step,
    members: Object.fromEntries(all.filter(([name]) => !secret.has(name))),
    hidden: all.flatMap(([name]) => (secret.has(name) ? [name] : [])),
    missing,
  }
}

/** Of which connection each key that leaks is: of the newest registration or session then, and of none after it. */
const LEAKS_OF: Readonly<Record<LeakId, 'authority' | 'server' | undefined>> = {
  SK_CA: undefined,
  SK_S: 'authority',
  K_tmp1: 'authority',
  K_tmp2: 'server',
  K_sess: 'server',
}

/** What was leaked by the moment of the keys of this handshake. */
function leaksUntil(run: Run, { records, entries }: Handshake): ReadonlySet<string> {
  const now = records.at(-1)?.at ?? 0
  const began = beginnings(run.records)
  const acceptors = new Map(run.records.map(({ connection: { id, acceptor } }) => [id, acceptor]))
  const isOfThese = (key: LeakId, at: number): boolean => {
    const of = LEAKS_OF[key]
    if (of === undefined) return true
    const own = entries.find(({ connection }) => connection.acceptor === of)?.connection.id
    // A server may have its key from before the first record.
    const since = began.get(own ?? '') ?? (key === 'SK_S' ? -Infinity : Infinity)
    const others = [...began].filter(([id, from]) => acceptors.get(id) === of && from > since)
    return at >= since && others.every(([, from]) => at < from)
  }
  const deeds = run.adversary?.deeds ?? []
  return new Set(
    deeds.flatMap((deed) =>
      deed.does === 'leak' && deed.at <= now && isOfThese(deed.key, deed.at) ? [deed.key] : [],
    ),
  )
}

interface Handshake {
  readonly suite: SuiteName
  /** All until the moment. */
  readonly records: readonly Hl1Entry[]
  /** Messages of the registration and of the session that are looked at. */
  readonly entries: readonly Hl1Entry[]
  /** By step: as it was sent, where its sender has recorded that; of requests and answers the first. */
  readonly frames: ReadonlyMap<number, Bytes>
  readonly conversations: readonly (readonly Bytes[])[]
  readonly open: KnowledgeRun['open']
}

function handshakeAt(run: Run, moment: number): Handshake | undefined {
  const records = run.records.slice(0, moment)
  const messages = records.filter(({ kind, step }) => kind === 'message' && isStepNumber(step))
  const suite = messages.findLast(({ suite: named }) => named !== undefined)?.suite
  if (!suite) return undefined
  const parts = (['authority', 'server'] as const).map((acceptor) => {
    const last = messages.findLast(({ connection, suite: named }) => {
      return connection.acceptor === acceptor && named === suite
    })
    return messages.filter(({ connection }) => connection.id === last?.connection.id)
  })
  // The bootstrap key is that of the session's beginning, and not of the registration's.
  const session = parts[1] ?? []
  const entries = parts.flat().toSorted((a, b) => a.step - b.step)
  const framesOf = (part: readonly Hl1Entry[]): ReadonlyMap<number, Bytes> => {
    const steps = [...new Set(part.map(({ step }) => step))].toSorted((a, b) => a - b)
    return new Map(
      steps.flatMap((step) => {
        const own = part.filter((entry) => entry.step === step)
        const entry = own.find(({ direction }) => direction === 'sent') ?? own[0]
        return entry ? [[step, entry.frame] as const] : []
      }),
    )
  }
  const conversations = parts.map(framesOf)
  const kBoot = session[0] && keysOfRun(run).keyFor(session[0], 'K_boot')
  const open = kBoot && subjectOf(HL1, suite).thing('K_boot') ? [['K_boot', kBoot] as const] : []
  return {
    suite,
    records,
    entries,
    frames: new Map(conversations.flatMap((frames) => [...frames])),
    conversations: conversations.map((frames) => [...frames.values()]),
    open,
  }
}

/** Secrets of the suite that are in the file, by the ids of their things. */
function secretsIn(run: Run, { suite, entries }: Handshake): ReadonlyMap<string, RunSecret> {
  const keys = keysOfRun(run)
  const derived = run.secrets?.connections ?? []
  return new Map(
    secretsOf(subjectOf(HL1, suite)).flatMap(({ id }): readonly (readonly [string, RunSecret])[] => {
      const found =
        id === 'Z'
          ? derived.find(
              ({ connection, keys: { Z } }) => Z && entries.some((e) => e.connection.id === connection),
            )?.keys.Z
          : isKeySymbol(id)
            ? firstKey(entries, (entry) => keys.keyFor(entry, id))
            : undefined
      return found ? [[id, found]] : []
    }),
  )
}

function firstKey(
  entries: readonly Hl1Entry[],
  keyFor: (entry: Hl1Entry) => RunSecret | undefined,
): RunSecret | undefined {
  for (const entry of entries) {
    const key = keyFor(entry)
    if (key) return key
  }
  return undefined
}

function stepsOf(entries: readonly Hl1Entry[], is: (entry: Hl1Entry) => boolean): readonly number[] {
  return entries.filter(is).map(({ step }) => step)
}
