/**
 * A run of all eight steps in a lab of its own, with every secret of it, to be listened to afterwards with some of them. Its
 * keys are made for it, and are nobody's.
 */
import { equalBytes, fromHex, fromUtf8, type Bytes } from '#shared/bytes'
import { listen, type Heard, type SecretName } from '#shared/adversary/eavesdropper'
import type { CryptoProvider } from '#shared/crypto/provider'
import { LabError } from '#shared/errors'
import type { Without } from '#shared/hl1/defences'
import type { HeldKey } from '#shared/hl1/open-frame'
import { HL1 } from '#shared/hl1/protocol'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { MakingProgress } from '#shared/knowledge/run'
import { halfOf, secretsOf, subjectOf } from '#shared/knowledge/things'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { mainEnvironment } from '../lab/environment'
import { withPrivateLab } from './private-lab'

/** A key, or the secret half of a share. */
export type RunSecret = HeldKey | CryptoKey

export interface KnowledgeRun {
  readonly suite: SuiteName
  /** By step. */
  readonly frames: ReadonlyMap<number, Bytes>
  /** The two connections, each from its first frame on. */
  readonly conversations: readonly (readonly Bytes[])[]
  /** Every secret of the suite, by its thing's id. */
  readonly secrets: ReadonlyMap<string, RunSecret>
  /** The bootstrap key, which everybody has, where the suite has it. */
  readonly open: readonly (readonly [SecretName, HeldKey])[]
  /** What both ends did without, in a recorded lab of an attack. */
  readonly takenAway?: Without
}

export interface MakingOptions {
  readonly onProgress?: (progress: MakingProgress) => void
  readonly signal: AbortSignal
}

const NOTHING: Without = new Set()
/** What the client asks in step 7. */
const REQUEST = 'echo who knows what'

/**
 * Makes a run.
 * @throws ProtocolError, LabError when it fails; the signal's reason
 */
export async function makeKnowledgeRun(
  suite: SuiteName,
  { onProgress = () => undefined, signal }: MakingOptions,
): Promise<KnowledgeRun> {
  const watch = new SecretWatch(suite)
  const settings = { ...DEFAULT_SETTINGS, suite }
  const records: Hl1Entry[] = []
  const of = STEP_NUMBERS.length
  onProgress({ done: 0, of })
  const onRecord = (entry: Hl1Entry): void => {
    records.push(entry)
    if (entry.direction === 'received') onProgress({ done: entry.step, of })
  }
  const environment = { ...mainEnvironment, crypto: watch.over(mainEnvironment.crypto) }
  return withPrivateLab({ settings: () => settings, environment, onRecord, signal }, async (lab) => {
    await lab.register()
    const client = await lab.connect()
    await client.open()
    await client.request(REQUEST)
    const sent = records.filter(({ direction }) => direction === 'sent')
    const frames = new Map(sent.map(({ step, frame }) => [step, frame]))
    const subject = subjectOf(HL1, suite)
    const starts = new Set([...frames.keys()].map(subject.connectionOf))
    const found = watch.secretsIn(sent)
    found.set('SK_CA', known(lab.authority.credentials).keyPair.privateKey)
    found.set('SK_S', known(lab.server.credentials).privateKey)
    const secrets = new Map(secretsOf(subject).map(({ id }) => [id, known(found.get(id))]))
    return {
      suite,
      frames,
      conversations: [...starts].map((start) =>
        [...frames].filter(([step]) => subject.connectionOf(step) === start).map(([, frame]) => frame),
      ),
      secrets,
      open: subject.thing('K_boot') ? [['K_boot', known(fromHex(settings.bootstrapKey))]] : [],
    }
  })
}

/**
 * Listens to a run up to a step with secrets, by their ids: opens what opens, really, and goes on with what it finds.
 * @throws LabError `bad_argument` for a secret that the run has not
 */
export function listenToRun(run: KnowledgeRun, secrets: readonly string[], upTo: number): Promise<Heard> {
  const keys: (readonly [SecretName, HeldKey])[] = [...run.open]
  const halves = new Map<string, CryptoKey>()
  for (const id of secrets) {
    const secret = run.secrets.get(id)
    if (!secret) throw new LabError('bad_argument', 'The run has no such secret.')
    if (!(secret instanceof CryptoKey)) keys.push([id as SecretName, secret])
    else halves.set(subjectOf(HL1, run.suite).thing(id)?.symbol ?? id, secret)
  }
  const heard = new Set([...run.frames].filter(([step]) => step <= upTo).map(([, frame]) => frame))
  const conversations = run.conversations.map((each) => each.filter((frame) => heard.has(frame)))
  const { suite } = run
  return listen(conversations, {
    suite,
    keys,
    halves,
    crypto: mainEnvironment.crypto,
    without: run.takenAway ?? NOTHING,
  })
}

/** Looks on while roles compute, and keeps what they never send. */
class SecretWatch {
  readonly #derived = new Map<string, Bytes>()
  readonly #halves: { readonly share: Bytes; readonly half: CryptoKey }[] = []
  readonly #labels = new Map<string, string>()
  readonly #agreed: string | undefined

  constructor(private readonly suite: SuiteName) {
    const derivations = STEP_NUMBERS.flatMap((step) => Object.entries(SUITES[suite].sheets[step].derivations))
    for (const [symbol, by] of derivations) if (by.is === 'derived') this.#labels.set(by.label, symbol)
    this.#agreed = derivations.find(([, by]) => by.is === 'agreement')?.[0]
  }

  over(crypto: CryptoProvider): CryptoProvider {
    return {
      ...crypto,
      makeKeyShare: async () => {
        const made = await crypto.makeKeyShare()
        this.#halves.push({ share: made.share, half: made.privateKey })
        return made
      },
      agree: async (privateKey, peer) => {
        const shared = await crypto.agree(privateKey, peer)
        if (this.#agreed !== undefined) this.#derived.set(this.#agreed, shared)
        return shared
      },
      deriveKey: async (input, salt, info) => {
        const key = await crypto.deriveKey(input, salt, info)
        const symbol = this.#labels.get(fromUtf8(info))
        if (symbol !== undefined) this.#derived.set(symbol, key)
        return key
      },
    }
  }

  /** Those that roles have sent, and those that they have worked out. */
  secretsIn(sent: readonly Hl1Entry[]): Map<string, RunSecret> {
    const found = new Map<string, RunSecret>(this.#derived)
    for (const { step, members } of sent) {
      for (const { name, symbol, value } of members) {
        if (!(value instanceof Uint8Array)) continue
        const nature = SUITES[this.suite].sheets[
          known(STEP_NUMBERS.find((each) => each === step))
        ].members.find((spec) => spec.name === name)?.nature
        if (nature?.is === 'key') found.set(symbol, value)
        const own = this.#halves.find(({ share }) => nature?.is === 'share' && equalBytes(share, value))
        if (own) found.set(halfOf(symbol), own.half)
      }
    }
    return found
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined)
    throw new LabError('incomplete_run', 'The run has not left all that belongs to it.')
  return value
}
