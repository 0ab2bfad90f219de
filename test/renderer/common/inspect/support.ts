/** The inspector's worker without a thread of its own, and artifacts to look at. */
import { vi } from 'vitest'
import { fromHex, type Bytes } from '#shared/bytes'
import type { CertificateArtifact } from '#shared/inspect/artifact'
import { readStructure } from '#shared/crypto/asn1/structure'
import { describeValue } from '#shared/crypto/asn1/values'
import { pack, type PackedStructure } from '../../../../renderer/common/inspect/structure/packed'
import { answerTo } from '../../../../renderer/common/inspect/worker/answer'
import type { InspectRequest } from '../../../../renderer/common/inspect/worker/calls'
import { hear, type InspectReply } from '../../../../renderer/common/inspect/worker/talk'
import { authorityCredentials, serverCredentials } from '../../../support/credentials'

/** Puts a `Worker` in place that answers in the same thread; what crosses is cloned, as between threads. */
export function standInForWorker(): void {
  class StandIn extends EventTarget {
    postMessage(said: InspectRequest | InspectReply): void {
      const data = structuredClone(said)
      if (!('name' in data)) return hear(data)
      const post = (message: unknown): void =>
        void this.dispatchEvent(new MessageEvent('message', { data: structuredClone(message) }))
      void answerTo(data, post).then(post)
    }
    terminate(): void {}
  }
  vi.stubGlobal('Worker', StandIn)
}

/** A structure as the worker packs it. */
export function packed(bytes: Bytes, type?: string): PackedStructure {
  const structure = readStructure(bytes, type)
  return pack(1, structure, (node) => describeValue(structure, node).text)
}

/** Bytes of hex with spaces. */
export function hex(text: string): Bytes {
  return fromHex(text.replaceAll(' ', ''))!
}

/** Certificates of an authority and of a server that it vouches for. */
export async function certificates(): Promise<Readonly<Record<'authority' | 'server', CertificateArtifact>>> {
  const authority = await authorityCredentials(Date.now())
  const server = await serverCredentials(authority, Date.now())
  const artifact = (id: string, title: string, der: Bytes): CertificateArtifact => ({
    kind: 'certificate',
    id,
    title,
    source: 'made for a test',
    der,
  })
  return {
    authority: artifact('ca', 'CN=ID-CA', authority.certificate.der),
    server: artifact('server', 'CN=ID-Server', server.certificate.der),
  }
}
