/** What is looked at: the suite, the moment, and what is leaked; and what follows for everybody. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { HL1 } from '#shared/hl1/protocol'
import type { SuiteName } from '#shared/hl1/suite-names'
import { deduce, type Knowledge, type Leak, type LeakTime } from '#shared/knowledge/deduce'
import { secretsOf, type Thing } from '#shared/knowledge/things'
import type { RecordedKnowledge } from '#shared/knowledge/run'
import type { Listening } from './use-run'
import type { Question } from './questions'

export type View = 'knowledge' | 'messages' | 'genealogy'

export interface Scene {
  readonly suite: Ref<SuiteName>
  /** 0 before the first step, then the steps, then afterwards. */
  readonly at: Ref<number>
  readonly view: Ref<View>
  readonly leaks: ComputedRef<readonly Leak[]>
  readonly knowledge: ComputedRef<Knowledge>
  /** What can be leaked in the suite. */
  readonly secrets: ComputedRef<readonly Thing[]>
  /** What the run is listened to with. */
  readonly listening: ComputedRef<Listening>
  /** The question that set the scene, until a leak is changed by hand; suite, moment and tab may be. */
  readonly question: Readonly<ShallowRef<Question | undefined>>
  /** When a secret is leaked; undefined where it is not. */
  readonly leakOf: (secret: string) => LeakTime | undefined
  readonly leak: (secret: string, when: LeakTime | undefined) => void
  readonly go: (at: number) => void
  /** The handshake of the recording that is open; undefined while runs of its own are looked at. */
  readonly recorded: Readonly<ShallowRef<RecordedKnowledge | undefined>>
  /** Whether messages can really be opened with a secret: one that is not in the file of a recording leaks in thought alone. */
  readonly isInFile: (secret: string) => boolean
  /** `id`: of the recording; what was said by hand is of that one. */
  readonly show: (now: RecordedKnowledge | undefined, id?: string) => void
  readonly ask: (question: Question) => void
}

interface Said {
  readonly secret: string
  readonly when: LeakTime | undefined
}

/** @param suite the one to look at, until another is chosen */
export function useScene(suite: Ref<SuiteName>): Scene {
  const recorded = shallowRef<RecordedKnowledge>()
  const at = ref(0)
  const view = ref<View>('knowledge')
  /** What was said by hand of a secret, or by a question; that it is not leaked, too. */
  const byHand = shallowRef<readonly Said[]>([])
  const leaks = computed<readonly Leak[]>(() => [
    ...(recorded.value?.leaked ?? [])
      .filter((secret) => byHand.value.every((each) => each.secret !== secret))
      .map((secret) => ({ secret, when: 'during' as const })),
    ...byHand.value.flatMap(({ secret, when }) => (when === undefined ? [] : [{ secret, when }])),
  ])
  let recording: string | undefined
  const question = shallowRef<Question>()

  // A leak of what a suite has not is left aside there, and is back with the other suite.
  const inSuite = computed(() => {
    const ids = new Set(secretsOf(deduce(HL1, suite.value).subject).map(({ id }) => id))
    return leaks.value.filter(({ secret }) => ids.has(secret))
  })
  const knowledge = computed(() => deduce(HL1, suite.value, inSuite.value, recorded.value))
  const secrets = computed(() => secretsOf(knowledge.value.subject))
  const listening = computed<Listening>(() => {
    const { afterwards } = knowledge.value
    const isOver = at.value >= afterwards
    return {
      secrets: inSuite.value
        .filter(({ when, secret }) => (isOver || when === 'during') && isInFile(secret))
        .map(({ secret }) => secret),
      upTo: Math.min(at.value, afterwards - 1),
      recorded: recorded.value,
    }
  })

  const isInFile = (secret: string): boolean => recorded.value?.secrets.includes(secret) ?? true

  const leakOf = (secret: string): LeakTime | undefined =>
    leaks.value.find((each) => each.secret === secret)?.when
  const leak = (secret: string, when: LeakTime | undefined): void => {
    byHand.value = [...byHand.value.filter((each) => each.secret !== secret), { secret, when }]
    question.value = undefined
  }
  const go = (moment: number): void => {
    at.value = Math.max(0, Math.min(knowledge.value.afterwards, moment))
  }
  /** Shows the handshake of a recording at its moment; or, without one, runs of its own again. */
  const show = (now: RecordedKnowledge | undefined, id?: string): void => {
    const isOther = now?.suite !== recorded.value?.suite || id !== recording
    recorded.value = now
    recording = id
    if (!now) return
    suite.value = now.suite as SuiteName
    if (isOther) {
      byHand.value = []
      question.value = undefined
    }
    at.value = now.sent
  }
  const ask = (asked: Question): void => {
    const scene = asked.scene(knowledge.value.subject)
    const others = (recorded.value?.leaked ?? []).filter((secret) =>
      scene.leaks.every((each) => each.secret !== secret),
    )
    byHand.value = [...scene.leaks, ...others.map((secret) => ({ secret, when: undefined }))]
    go(scene.at === 'end' ? knowledge.value.afterwards : scene.at)
    view.value = scene.view
    question.value = asked
  }
  return {
    suite,
    at,
    view,
    leaks,
    knowledge,
    secrets,
    listening,
    question,
    recorded,
    isInFile,
    show,
    leakOf,
    leak,
    go,
    ask,
  }
}
