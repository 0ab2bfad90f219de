/** What the window of an authority does with a certification request that is open: nobody else issues certificates. */
import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { RequestArtifact } from '#shared/inspect/artifact'

const issue = shallowRef<(request: RequestArtifact) => void>()

/** Asks for a certificate for a request; undefined where nobody issues any. */
export function useIssuing(): Readonly<Ref<((request: RequestArtifact) => void) | undefined>> {
  return issue
}

/** For the root of a window: says that it issues certificates, and how it is asked. */
export function provideIssuing(ask: (request: RequestArtifact) => void): void {
  issue.value = ask
  onScopeDispose(() => {
    if (issue.value === ask) issue.value = undefined
  })
}
