/** A recording as something to listen to: the newest handshake of a moment, with those of its secrets that are in the file. */
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { DefenceId } from '#shared/hl1/defences'
import { isKeySymbol } from '#shared/hl1/keys'
import { HL1 } from '#shared/hl1/protocol'
import { isStepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { RecordedKnowledge, RunReading } from '#shared/knowledge/run'
import { secretsOf, subjectOf } from '#shared/knowledge/things'
import { RunKeys } from '#shared/run/key-ring'
import type { Run } from '#shared/run/run'
import { listenToRun, type KnowledgeRun, type RunSecret } from '../experiments/knowledge-run'

/** What windows are told of the handshake of a moment; undefined before the first message of a suite. */
export function recordedKnowledge(run: Run, moment: number): RecordedKnowledge | undefined {
  const found = handshakeAt(run, moment)
  if (!found) return undefined
  const { suite, records, entries } = found
  const sent = stepsOf(entries, ({ direction }) => direction === 'sent')
  const taken = stepsOf(entries, ({ direction, outcome }) => direction === 'received' && outcome.ok)
  const leaked = run.adversary?.deeds.flatMap((deed) =>
    deed.does === 'leak' && deed.at <= (records.at(-1)?.at ?? 0) ? [deed.key] : [],
  )
  return {
    suite,
    frames: [...found.frames].map(([step, { length }]) => ({ step, bytes: length })),
    secrets: [...secretsIn(run, found).keys()],
    leaked: [...new Set(leaked)],
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
 * Listens to the handshake of a moment, up to a step, with secrets by their ids: what opens is really decrypted.
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
    frames: heard.frames.map(({ step, members, missing }) => ({ step, members, missing })),
    keys: [...heard.keys.keys()],
  }
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
  const kBoot = entries[0] && new RunKeys(run).keyFor(entries[0], 'K_boot')
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
  const keys = new RunKeys(run)
  const derived = run.secrets?.connections ?? []
  return new Map(
    secretsOf(subjectOf(HL1, suite)).flatMap(({ id }): readonly (readonly [string, RunSecret])[] => {
      const found =
        id === 'Z'
          ? derived.find(
              ({ connection, keys: { Z } }) => Z && entries.some((e) => e.connection.id === connection),
            )?.keys.Z
          : isKeySymbol(id)
            ? entries.map((entry) => keys.keyFor(entry, id)).find((key) => key !== undefined)
            : undefined
      return found ? [[id, found]] : []
    }),
  )
}

function stepsOf(entries: readonly Hl1Entry[], is: (entry: Hl1Entry) => boolean): readonly number[] {
  return entries.filter(is).map(({ step }) => step)
}
