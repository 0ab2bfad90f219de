/** What the window of an authority does with a certification request that is open: nobody else issues certificates. */
import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue'
import type { RequestArtifact } from '#shared/inspect/artifact'

type Ask = (request: RequestArtifact) => void

const issuer = shallowRef<{ readonly ask: Ask; readonly isThere: () => boolean }>()

/** Asks for a certificate for a request; undefined where, or while, nobody issues any. */
export function useIssuing(): ComputedRef<Ask | undefined> {
  return computed(() => (issuer.value?.isThere() ? issuer.value.ask : undefined))
}

/** For the root of a window: says that it issues certificates, how it is asked, and whether it does just now. */
export function provideIssuing(ask: Ask, isThere: () => boolean): void {
  const own = { ask, isThere }
  issuer.value = own
  onScopeDispose(() => {
    if (issuer.value === own) issuer.value = undefined
  })
}
