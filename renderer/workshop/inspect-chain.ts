/** A chain of the workshop in the inspector: judged with its own trust anchor and lists, for the host that it is asked for. */
import type { CertificateArtifact, OtherArtifact } from '#shared/inspect/artifact'
import type { ChainView } from '#shared/workshop/view'
import { REVOCATION_LIST } from '../common/inspect/artifacts'
import { setLabTrust } from '../common/inspect/context'
import { openInspector } from '../common/inspect/inspector'

/** Opens the inspector on the server's certificate, with all others beside it. */
export function inspectChain({ certificates, lists, host }: ChainView): void {
  const made = certificates.map(({ id, der, isAnchor }): CertificateArtifact & { isAnchor: boolean } => ({
    ...{ kind: 'certificate', id: `chain/${id}`, title: id, der, isAnchor },
    source: isAnchor ? 'trust anchor of the chain' : 'of the chain',
  }))
  const listed = lists.map((der, index): OtherArtifact => ({
    ...{ kind: 'other', id: `chain/list-${index + 1}`, title: `Revocation list ${index + 1}` },
    ...{ source: 'of the chain', der, what: REVOCATION_LIST },
  }))
  const anchors = made.filter(({ isAnchor }) => isAnchor)
  setLabTrust({ anchors, anchorsAre: 'the chain’s trust anchor', host, serverKey: undefined })
  openInspector([...made, ...listed])
}
