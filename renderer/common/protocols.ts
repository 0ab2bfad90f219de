/**
 * The protocols that windows can show. Every record names its own; a view that shows a record provides that one to all that
 * it is made of, and what stands alone, the panel of keys for instance, speaks of the window's.
 */
import { computed, inject, provide, shallowRef, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { HL1 } from '#shared/hl1/protocol'
import type { Protocol } from '#shared/record/protocol'

/** The protocol that is spoken here. */
const OWN: Protocol = HL1

const known = new Map<string, Protocol>([[OWN.id, OWN]])
const NEAREST: InjectionKey<ComputedRef<Protocol>> = Symbol('protocol')
const own = shallowRef(OWN)

/** Lets windows show another protocol's records. */
export function registerProtocol(protocol: Protocol): void {
  known.set(protocol.id, protocol)
}

/** The protocol of a record; the window's own for one that nobody has registered. */
export function protocolOf(record: { readonly protocol: string } | undefined): Protocol {
  return known.get(record?.protocol ?? OWN.id) ?? OWN
}

/** True for a record of the protocol that is spoken here. */
export function isOwn(record: { readonly protocol: string }): boolean {
  return record.protocol === OWN.id
}

/** The protocol that is spoken of where a component stands. */
export function useProtocol(): Readonly<Ref<Protocol>> {
  return inject(NEAREST, undefined) ?? own
}

/** For a component that shows a record: what it is made of speaks of that record's protocol. */
export function provideProtocolOf(
  record: () => { readonly protocol: string } | undefined,
): ComputedRef<Protocol> {
  const protocol = computed(() => protocolOf(record()))
  provide(NEAREST, protocol)
  return protocol
}
