/** The attacks as this window knows them: what came of those that were run, how far the others are. */
import { onScopeDispose, ref, shallowReactive, shallowRef, type Ref } from 'vue'
import { cellKey, type AttackProgress, type Cell, type CellRequest } from '#shared/adversary/cell'
import type { AttackRun } from '#shared/adversary/run'
import type { Fault } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import { ask, faultOf, type Call } from '../common/call'

export interface Attacks {
  /** Those that were run, by their keys; told one by one to who looks at one. */
  readonly cells: ReadonlyMap<string, Cell>
  /** Those that wait or run. */
  readonly waiting: ReadonlySet<string>
  /** Undefined while nothing runs. */
  readonly progress: Readonly<Ref<{ readonly done: number; readonly of: number } | undefined>>
  readonly fault: Ref<Fault | undefined>
  /** The run that is looked at. */
  readonly opened: Readonly<Ref<AttackRun | undefined>>
  readonly run: (requests: readonly CellRequest[]) => Promise<void>
  readonly cancel: () => Promise<void>
  /** Opens a run as it was; one that was never made, or is no longer kept, is made first. */
  readonly open: (request: CellRequest) => Promise<void>
  /** Makes a run once more, and opens that. */
  readonly again: (request: CellRequest) => Promise<void>
  readonly close: () => void
}

const call: Call<CallsOf<'attacks'>> = ask

export function useAttacks(): Attacks {
  const cells = shallowReactive(new Map<string, Cell>())
  const waiting = shallowReactive(new Set<string>())
  const progress = ref<{ readonly done: number; readonly of: number }>()
  const fault = shallowRef<Fault>()
  const opened = shallowRef<AttackRun>()
  /** What is to be opened once it is there. */
  let wanted: string | undefined

  onScopeDispose(window.lab.on('attacks:progress', (told) => void take(told)))
  void call('attacks:list').then(take, fail)

  function take(told: AttackProgress): void {
    for (const cell of told.cells) {
      const key = cellKey(cell)
      cells.set(key, cell)
      waiting.delete(key)
      if (key === wanted) void show(cell)
    }
    if (told.fault) fault.value = told.fault
    const isRunning = told.done < told.of
    progress.value = isRunning ? { done: told.done, of: told.of } : undefined
    if (!isRunning) waiting.clear()
  }

  async function run(requests: readonly CellRequest[]): Promise<void> {
    fault.value = undefined
    for (const request of requests) waiting.add(cellKey(request))
    await call('attacks:run', {
      cells: requests.map(({ attack, suite, without }) => ({ attack, suite, without: [...without] })),
    }).catch((error: unknown) => {
      waiting.clear()
      fail(error)
    })
  }

  async function open(request: CellRequest): Promise<void> {
    wanted = cellKey(request)
    if (cells.has(wanted)) await show(request)
    else await run([request])
  }

  async function again(request: CellRequest): Promise<void> {
    wanted = cellKey(request)
    await run([request])
  }

  async function show(request: CellRequest): Promise<void> {
    const { attack, suite, without } = request
    const key = cellKey(request)
    try {
      const found = await call('attacks:open', { attack, suite, without: [...without] })
      if (wanted !== key) return
      opened.value = found
      wanted = undefined
    } catch (error) {
      if (faultOf(error).code !== 'unknown_record') return fail(error)
      if (wanted === key) await again(request)
    }
  }

  function fail(error: unknown): void {
    fault.value = faultOf(error)
  }

  return {
    cells,
    waiting,
    progress,
    fault,
    opened,
    run,
    open,
    again,
    cancel: () => {
      wanted = undefined
      return call('attacks:cancel').then(() => undefined, fail)
    },
    close: () => {
      wanted = undefined
      opened.value = undefined
    },
  }
}

/** Saves a run as a text where the person says. */
export async function saveRunAsText({ attack, suite, without }: CellRequest): Promise<void> {
  await call('attacks:save', { attack, suite, without: [...without] })
}

/** Saves a run as a file that opens as a recording. */
export async function saveRun({ attack, suite, without }: CellRequest): Promise<void> {
  await call('attacks:save-run', { attack, suite, without: [...without] })
}
