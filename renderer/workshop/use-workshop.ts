/** The workshop as this window knows it: who judges, what was said, how far the rest is, and what is served. */
import { onScopeDispose, ref, shallowReactive, shallowRef, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import { chosenChains } from '#shared/workshop/chosen'
import type { TlsLibrary } from '#shared/workshop/boring-ssl'
import type { JudgedChain, JudgeId } from '#shared/workshop/verdicts'
import type { ChainView, ChosenChains, JudgeHere, ServingView, WorkshopProgress } from '#shared/workshop/view'
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
  readonly judge: (chosen: ChosenChains) => Promise<void>
  readonly cancel: () => Promise<void>
  /** The certificates of a chain; undefined where that has failed. */
  readonly open: (chosen: ChosenChains) => Promise<ChainView | undefined>
  readonly serve: (chosen: ChosenChains, ports: 'one' | 'each', port?: number) => Promise<void>
  readonly stop: () => Promise<void>
  readonly write: (chosen: ChosenChains) => Promise<void>
  /** Shows what was written in its folder. */
  readonly show: (path: string) => Promise<void>
}

const call: Call<CallsOf<'workshop'>> = ask

export function useWorkshop(): Workshop {
  const judges = shallowRef<readonly JudgeHere[]>()
  const library = shallowRef<TlsLibrary>('OpenSSL')
  const verdicts = shallowReactive(new Map<string, JudgedChain>())
  const waiting = shallowReactive(new Set<string>())
  const progress = ref<{ readonly done: number; readonly of: number }>()
  const fault = shallowRef<Fault>()
  const serving = shallowRef<ServingView>()
  const written = shallowRef<{ readonly path: string; readonly files: number }>()
  const keyOf = (chain: string, judge: JudgeId): string => `${chain} ${judge}`

  onScopeDispose(window.lab.on('workshop:progress', take))
  void tried(async () => {
    const view = await call('workshop:view')
    judges.value = view.judges
    library.value = view.library
    serving.value = view.serving
    take(view)
  })

  function take(told: WorkshopProgress): void {
    for (const { chain, judge, judged } of told.verdicts) verdicts.set(keyOf(chain, judge), judged)
    const here = judges.value?.filter(({ version }) => version !== undefined) ?? []
    for (const { chain } of told.verdicts)
      if (here.every(({ id }) => verdicts.has(keyOf(chain, id)))) waiting.delete(chain)
    if (told.fault) fault.value = told.fault
    const isRunning = told.done < told.of
    progress.value = isRunning ? { done: told.done, of: told.of } : undefined
    if (!isRunning) waiting.clear()
  }

  /** What was said of chains before is gone as soon as they are judged anew. */
  async function judge(chosen: ChosenChains): Promise<void> {
    await tried(
      async () => {
        for (const { id } of chosenChains(chosen)) {
          waiting.add(id)
          for (const here of judges.value ?? []) verdicts.delete(keyOf(id, here.id))
        }
        await call('workshop:judge', chosen)
      },
      () => waiting.clear(),
    )
  }

  async function serve(chosen: ChosenChains, ports: 'one' | 'each', port = 0): Promise<void> {
    await tried(
      async () => {
        serving.value = await call('workshop:serve', { chosen, ports, port })
      },
      // What was served before was ended first.
      () => (serving.value = undefined),
    )
  }

  /** Shows what goes wrong. */
  async function tried<T>(work: () => Promise<T>, failed?: () => void): Promise<T | undefined> {
    fault.value = undefined
    try {
      return await work()
    } catch (error) {
      fault.value = faultOf(error)
      failed?.()
      return undefined
    }
  }

  return {
    ...{ judges, library, waiting, progress, fault, serving, written, judge, serve },
    said: (chain, judge) => verdicts.get(keyOf(chain, judge)),
    cancel: async () => void (await tried(() => call('workshop:cancel'))),
    open: (chosen) => tried(() => call('workshop:open', chosen)),
    stop: async () => {
      await tried(() => call('workshop:stop'))
      serving.value = undefined
    },
    write: async (chosen) => {
      written.value = undefined
      written.value = await tried(() => call('workshop:write', chosen))
    },
    show: async (path) => void (await tried(() => call('export:show', { path }))),
  }
}
