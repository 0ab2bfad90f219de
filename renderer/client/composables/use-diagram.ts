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
  /** This window's own, on connections before that of the moment. */
  readonly earlier: Readonly<Ref<readonly Hl1Entry[]>>
  /** This window's own, on the connection of the moment. */
  readonly own: Readonly<Ref<readonly Hl1Entry[]>>
  /** Main's last record from before the walk began. */
  readonly marker: Readonly<Ref<string | undefined>>
  /** The identifier of the client's connection. */
  readonly connection: Readonly<Ref<string | undefined>>
  readonly next: Readonly<Ref<StepNumber>>
}

/**
 * Records of this walk alone. `log`: of every connection of the client, and of the registrations of the lab's own server from the one before
 * the first of them on. `rows`: of the last registration and the client's connection of the moment.
 */
export function useDiagram({ entries, earlier, own, marker, connection, next }: DiagramSources): {
  readonly rows: ComputedRef<readonly DiagramRow<Hl1Entry>[]>
  readonly log: ComputedRef<readonly Hl1Entry[]>
} {
  const log = computed(() => {
    const start = entries.value.findIndex((entry) => entry.id === marker.value) + 1
    const since = entries.value.slice(start)
    const clients = [...earlier.value, ...own.value]
    const began = clients[0]?.at ?? Infinity
    const all = since.filter(isRegistration)
    const registrations = all.slice(
      Math.max(
        0,
        all.findLastIndex(({ at }) => at <= began),
      ),
    )
    const mine = new Set([...registrations, ...clients].map((entry) => entry.connection.id)).add(
      connection.value ?? '',
    )
    const ofWalk = since.filter((entry) => mine.has(entry.connection.id))
    return inOrder(ofWalk, clients)
  })
  const rows = computed(() => {
    const registration = log.value.findLast(isRegistration)
    const first = log.value.find((entry) => entry.connection.id === connection.value)
    // Once the server has registered again, steps 3 to 8 are still to be taken: those of before are of the log alone.
    const isOver = registration && first && first.at < registration.at && next.value <= STEPS[3].step
    const mine = new Set([registration?.connection.id, isOver ? undefined : connection.value])
    const drawn = log.value.filter((entry) => mine.has(entry.connection.id))
    return diagramRows(HL1, drawn, next.value)
  })
  return { rows, log }
}

/** The record of a server that has begun to register. */
function isRegistration({ role, direction, kind, step }: Hl1Entry): boolean {
  return role === 'server' && direction === 'sent' && kind === 'message' && step === STEPS[1].step
}
