/** The bytes of the chosen frame, asked for whenever its row changes, and what is done to them while it is held. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { FrameDetail, FrameRow, ReadBytes } from '#shared/adversary/live'
import type { Bytes } from '#shared/bytes'
import type { Fault } from '#shared/errors'
import { faultOf } from '../../common/call'
import { editFrame, lengthAfter, type Edit } from '../bytes/edits'
import { callMain } from '../use-adversary'

export interface ShownFrame {
  /** What goes on, or went on; undefined until main has answered. */
  readonly now: ComputedRef<ReadBytes | undefined>
  /** What came, where that was something else. */
  readonly before: ComputedRef<ReadBytes | undefined>
  readonly fault: Readonly<Ref<Fault | undefined>>
  /**
   * Changes the bytes; many in a row are made one after another, each on what the one before left. `follows`: the length field
   * does, when bytes are put in or taken out.
   */
  readonly edit: (edit: Edit, follows: boolean) => void
  /** Does something that answers with the frame as it is then. */
  readonly change: (ask: () => Promise<FrameDetail>) => Promise<void>
}

/** @param keys how many keys the adversary has: with another one more may open */
export function useFrameDetail(frame: () => FrameRow | undefined, keys: () => number): ShownFrame {
  const detail = shallowRef<FrameDetail>()
  const fault = shallowRef<Fault>()
  /** The bytes with changes that main has not answered yet. */
  const draft = shallowRef<Bytes>()
  const waiting = ref(0)
  let queue: Promise<void> = Promise.resolve()

  const current = computed(() => (detail.value?.id === frame()?.id ? detail.value : undefined))
  const answered = computed(() => current.value?.goesOn ?? current.value?.came)
  const now = computed(() =>
    answered.value && draft.value ? { ...answered.value, bytes: draft.value } : answered.value,
  )

  function take(found: FrameDetail): void {
    if (found.id === frame()?.id) detail.value = found
  }

  watch(
    () => {
      const row = frame()
      return row && [row.id, row.readable, row.missing, row.changes, row.fate.is, keys()].join()
    },
    async () => {
      const id = frame()?.id
      if (id === undefined) return
      try {
        take(await callMain('adversary:frame', { id }))
      } catch (error) {
        if (id === frame()?.id) fault.value = faultOf(error)
      }
    },
    { immediate: true },
  )
  watch(
    () => frame()?.id,
    () => {
      draft.value = undefined
      fault.value = undefined
    },
  )

  async function change(ask: () => Promise<FrameDetail>): Promise<void> {
    fault.value = undefined
    waiting.value++
    const turn = queue.then(ask)
    queue = turn.then(
      () => undefined,
      () => undefined,
    )
    try {
      take(await turn)
    } finally {
      if (--waiting.value === 0) draft.value = undefined
    }
  }

  function edit(what: Edit, follows: boolean): void {
    const [id, bytes] = [frame()?.id, now.value?.bytes]
    if (id === undefined || bytes === undefined) return
    const length = lengthAfter(what, follows)
    const edited = editFrame(bytes, what, length)
    draft.value = edited
    change(() =>
      what.is === 'flip'
        ? callMain('adversary:flip', { id, byte: what.at, bit: what.bit })
        : callMain('adversary:edit', { id, bytes: edited, length }),
    ).catch((error: unknown) => void (fault.value = faultOf(error)))
  }

  return {
    now,
    before: computed(() => (current.value?.goesOn ? current.value.came : undefined)),
    fault,
    edit,
    change,
  }
}
