/** The workshop as this window knows it: who judges, what was said, how far the rest is, and what is served. */
import { onScopeDispose, ref, shallowReactive, shallowRef, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import type { TlsLibrary } from '#shared/workshop/boring-ssl'
import type { ChainPlan } from '#shared/workshop/chain'
import type { JudgedChain, JudgeId } from '#shared/workshop/verdicts'
import {
  OWN_ID,
  type ChainView,
  type ChosenChains,
  type JudgeHere,
  type ServingView,
  type WorkshopProgress,
  type WorkshopView,
} from '#shared/workshop/view'
import { ask, faultOf, type Call } from '../common/call'

export interface Workshop {
  /** Undefined until all have said whether they are here. */
  readonly judges: Readonly<Ref<readonly JudgeHere[] | undefined>>
  readonly library: Readonly<Ref<TlsLibrary>>
  /** What a judge has said of a chain; undefined where it has not yet. */
  readonly said: (chain: string, judge: JudgeId) => JudgedChain | undefined
  /** Ids of chains that wait or are being judged. */
  readonly waiting: ReadonlySet<string>
  /** Undefined while nothing is judged. */
  readonly progress: Readonly<Ref<{ readonly done: number; readonly of: number } | undefined>>
  readonly fault: Ref<Fault | undefined>
  readonly serving: Readonly<Ref<ServingView | undefined>>
  /** Where chains were written last. */
  readonly written: Ref<{ readonly path: string; readonly files: number } | undefined>
  /** The plan that verdicts on the person's own chain are of. */
  readonly judgedPlan: Readonly<Ref<ChainPlan | undefined>>
  readonly judge: (chosen: ChosenChains) => Promise<void>
  readonly cancel: () => Promise<void>
  /** The certificates of a chain; undefined where that has failed. */
  readonly open: (chosen: ChosenChains) => Promise<ChainView | undefined>
  readonly serve: (chosen: ChosenChains, ports: 'one' | 'each', port?: number) => Promise<void>
  readonly stop: () => Promise<void>
  readonly write: (chosen: ChosenChains) => Promise<void>
  readonly keep: (plan: ChainPlan) => Promise<void>
  /** Shows what was written in its folder. */
  readonly show: (path: string) => Promise<void>
}

const call: Call<CallsOf<'workshop'>> = ask

/** @param begin gets the plan that was kept, if there is one, as soon as it is known */
export function useWorkshop(begin: (plan: ChainPlan) => void): Workshop {
  const judges = shallowRef<readonly JudgeHere[]>()
  const library = shallowRef<TlsLibrary>('OpenSSL')
  const verdicts = shallowReactive(new Map<string, JudgedChain>())
  const waiting = shallowReactive(new Set<string>())
  const progress = ref<{ readonly done: number; readonly of: number }>()
  const fault = shallowRef<Fault>()
  const serving = shallowRef<ServingView>()
  const written = shallowRef<{ readonly path: string; readonly files: number }>()
  const judgedPlan = shallowRef<ChainPlan>()
  const keyOf = (chain: string, judge: JudgeId): string => `${chain} ${judge}`

  onScopeDispose(window.lab.on('workshop:progress', take))
  void tried(async () => {
    const { plan } = await look()
    if (plan) begin(plan)
  })

  /** Asks main for all that it knows. */
  async function look(): Promise<WorkshopView> {
    const view = await call('workshop:view')
    judges.value = view.judges
    library.value = view.library
    serving.value = view.serving
    judgedPlan.value = view.judged
    take(view)
    return view
  }

  function take(told: WorkshopProgress): void {
    for (const { chain, judge, judged } of told.verdicts) verdicts.set(keyOf(chain, judge), judged)
    const now = new Set(told.waiting)
    for (const id of waiting) if (!now.has(id)) waiting.delete(id)
    for (const id of now) waiting.add(id)
    if (told.fault) fault.value = told.fault
    progress.value = told.done < told.of ? { done: told.done, of: told.of } : undefined
  }

  /** What was said of chains before is gone as soon as they are judged anew. */
  async function judge(chosen: ChosenChains): Promise<void> {
    await tried(async () => {
      await call('workshop:judge', chosen)
      // Those that wait already are judged once: what has come of them stays.
      const ids = chosen.what === 'own' ? [OWN_ID] : chosen.ids.filter((id) => !waiting.has(id))
      for (const id of ids) {
        if (chosen.what === 'own') judgedPlan.value = chosen.plan
        waiting.add(id)
        for (const here of judges.value ?? []) verdicts.delete(keyOf(id, here.id))
      }
    })
  }

  async function serve(chosen: ChosenChains, ports: 'one' | 'each', port = 0): Promise<void> {
    await tried(async () => {
      try {
        serving.value = await call('workshop:serve', { chosen, ports, port })
      } catch (error) {
        // What was served before may have been ended first.
        await look()
        throw error
      }
    })
  }

  /** Shows what goes wrong. */
  async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    fault.value = undefined
    try {
      return await work()
    } catch (error) {
      fault.value = faultOf(error)
      return undefined
    }
  }

  return {
    ...{ judges, library, waiting, progress, fault, serving, written, judgedPlan, judge, serve },
    said: (chain, judge) => verdicts.get(keyOf(chain, judge)),
    cancel: async () => void (await tried(() => call('workshop:cancel'))),
    open: (chosen) => tried(() => call('workshop:open', chosen)),
    stop: async () => {
      await tried(async () => {
        await call('workshop:stop')
        serving.value = undefined
      })
    },
    write: async (chosen) => {
      written.value = undefined
      written.value = await tried(() => call('workshop:write', chosen))
    },
    keep: async (plan) => void (await tried(() => call('workshop:keep', { plan }))),
    show: async (path) => void (await tried(() => call('export:show', { path }))),
  }
}
