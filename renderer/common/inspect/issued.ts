/** What the authority has issued since it started, as artifacts; each is made once. */
import { shallowRef, type Ref } from 'vue'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { CertificateArtifact } from '#shared/inspect/artifact'
import type { IssuedView, SignedView } from '#shared/lab'
import { dateTime } from '../format'
import { certificateArtifact } from './artifacts'
import { useInspector } from './inspector'

const issued = shallowRef<readonly CertificateArtifact[]>([])

/** Every certificate that the authority has issued, oldest first. */
export function useIssued(): Readonly<Ref<readonly CertificateArtifact[]>> {
  return issued
}

/** A certificate for a request from a file. */
export function signedArtifact({ id, title, pem, at }: SignedView): CertificateArtifact {
  const source = `issued ${dateTime(at).slice(11)}`
  return { kind: 'certificate', id: `issued/${id}`, title, source, der: decodePem('CERTIFICATE', pem) }
}

/** Shows a certificate that was just issued, in the inspector. */
export function showSigned(view: SignedView): void {
  useInspector().follow(signedArtifact(view), 'summary')
}

/** Says what it has issued. */
export function setIssued(views: readonly IssuedView[], signed: readonly SignedView[]): void {
  const known = new Map(issued.value.map((artifact) => [artifact.id, artifact]))
  const now = [
    ...views.map(
      ({ id, at, certificate }) =>
        known.get(`issued/${id}`) ??
        certificateArtifact(`issued/${id}`, certificate, `issued ${dateTime(at).slice(11)}`),
    ),
    ...signed.map((view) => known.get(`issued/${view.id}`) ?? signedArtifact(view)),
  ]
  if (now.length !== issued.value.length || now.some((artifact) => known.get(artifact.id) !== artifact)) {
    issued.value = now
  }
}
