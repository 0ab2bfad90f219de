/** What the authority has issued since it started, as artifacts; each is made once. */
import { shallowRef, type Ref } from 'vue'
import type { CertificateArtifact } from '#shared/inspect/artifact'
import type { IssuedView } from '#shared/lab'
import { dateTime } from '../format'
import { certificateArtifact } from './artifacts'

const issued = shallowRef<readonly CertificateArtifact[]>([])

/** Every certificate that the authority has issued, oldest first. */
export function useIssued(): Readonly<Ref<readonly CertificateArtifact[]>> {
  return issued
}

/** Says what it has issued. */
export function setIssued(views: readonly IssuedView[]): void {
  const known = new Map(issued.value.map((artifact) => [artifact.id, artifact]))
  const now = views.map(
    ({ id, at, certificate }) =>
      known.get(`issued/${id}`) ??
      certificateArtifact(`issued/${id}`, certificate, `issued ${dateTime(at).slice(11)}`),
  )
  if (now.length !== issued.value.length || now.some((artifact) => known.get(artifact.id) !== artifact)) {
    issued.value = now
  }
}
