/** Which keys and certificates an export has written since they were made. Nothing of them is held here. */
import type { ExportFile } from '#shared/export/items'
import { isPkcs12 } from '#shared/export/formats'
import type { ExportSources } from './contents'

export class Kept {
  readonly #written = new WeakSet<object>()

  /** A file of the lab was written, made of these sources. */
  add(
    { item, format }: Pick<ExportFile, 'item' | 'format'>,
    { authority, server, trustAnchor }: ExportSources,
  ): void {
    // PKCS#12 has the certificates in it.
    const withCertificates = isPkcs12(format)
    const of: Partial<Record<typeof item.id, readonly (object | undefined)[]>> = {
      'ca-private-key': [
        authority?.keyPair.privateKey,
        withCertificates ? authority?.certificate : undefined,
      ],
      'server-private-key': [server?.privateKey, withCertificates ? server?.certificate : undefined],
      'ca-certificate': [authority?.certificate ?? trustAnchor],
      'server-certificate': [server?.certificate],
      'server-chain': [server?.certificate, authority?.certificate ?? trustAnchor],
    }
    for (const thing of of[item.id] ?? []) if (thing) this.#written.add(thing)
  }

  has(thing: object): boolean {
    return this.#written.has(thing)
  }
}
