/** The walk as the sequence diagram draws it: which records belong to it. */
import { computed, type ComputedRef, type Ref } from 'vue'
import type { Hl1Entry } from '#shared/hl1/types'
import { HL1 } from '#shared/hl1/protocol'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import { inOrder } from '#shared/run/order'
import { diagramRows, type DiagramRow } from './diagram-rows'

export interface DiagramSources {
  /** Main's records, oldest first. */
  readonly entries: Readonly<Ref<readonly Hl1Entry[]>>
  /** This window's own. */
  readonly own: Readonly<Ref<readonly Hl1Entry[]>>
  /** Main's last record from before the walk began. */
  readonly marker: Readonly<Ref<string | undefined>>
  /** The identifier of the client's connection. */
  readonly connection: Readonly<Ref<string | undefined>>
  readonly next: Readonly<Ref<StepNumber>>
}

/** Records of this walk alone: the last registration of the lab's own server, and the client's own connection. */
export function useDiagram({ entries, own, marker, connection, next }: DiagramSources): {
  readonly rows: ComputedRef<readonly DiagramRow<Hl1Entry>[]>
  readonly log: ComputedRef<readonly Hl1Entry[]>
} {
  const log = computed(() => {
    const start = entries.value.findIndex((entry) => entry.id === marker.value) + 1
    const since = entries.value.slice(start)
    const registration = since.findLast(
      (entry) => entry.role === 'server' && entry.direction === 'sent' && isFirst(entry),
    )
    const mine = new Set([registration?.connection.id, connection.value])
    const ofWalk = since.filter((entry) => mine.has(entry.connection.id))
    return inOrder(ofWalk, own.value)
  })
  const rows = computed(() => diagramRows(HL1, log.value, next.value))
  return { rows, log }
}

function isFirst(entry: Hl1Entry): boolean {
  return entry.kind === 'message' && STEPS[1].step === entry.step
}
