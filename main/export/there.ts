/** What stands in the chosen folder already, beside what is to be written: the same bytes, and keys of other pairs. */
import { join } from 'node:path'
import { equalBytes, type Bytes } from '#shared/bytes'
import { otherwise, orUndefined } from '#shared/errors'
import type { OddFile } from '#shared/export'
import { EXPORT_FILES, type ExportFile, type ExportFileId } from '#shared/export/items'
import { openFile } from '#shared/inspect/open'
import type { Artifact } from '#shared/inspect/artifact'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { publicKeyOf } from '#shared/inspect/x509/public-of-private'
import { readOwn } from '../files/own-file'
import type { ExportSources } from './contents'

/** No file of the lab's own is longer. */
const MAX_BYTES = 65_536

/** Whether a file in the folder has these very bytes. What can't be read as a file of this account has not. */
export function hasSameBytes(path: string, bytes: Bytes): boolean {
  const found = readOwn(path, MAX_BYTES)
  return found !== undefined && 'bytes' in found && equalBytes(found.bytes, bytes)
}

/**
 * The files under the export's names that hold a key, or are about one, which is not the lab's key of now: what is written
 * beside them does not fit them. Those that are locked can't be told, and are listed as such.
 * @param names the name of each file, where it is not the usual one
 */
export async function oddFiles(
  folder: string,
  sources: ExportSources,
  names: Readonly<Partial<Record<ExportFileId, string>>> = {},
): Promise<readonly OddFile[]> {
  const found: OddFile[] = []
  for (const file of EXPORT_FILES) {
    const { owner, id: item } = file.item
    const current = owner === 'export' ? undefined : keyOf(owner, sources)
    if (owner === 'export' || !current || item === 'fingerprints') continue
    const name = names[file.id] ?? file.name
    const there = readOwn(join(folder, name), MAX_BYTES)
    if (!there || !('bytes' in there)) continue
    const is = await whoseIs(there.bytes, file, current)
    if (is !== 'own') found.push({ id: file.id, name, owner, private: file.private, is })
  }
  return found
}

function keyOf(owner: 'authority' | 'server', sources: ExportSources): Bytes | undefined {
  if (owner === 'server') return sources.server?.publicKey.spki
  return (sources.authority?.certificate ?? sources.trustAnchor)?.publicKey.spki
}

/** The first key in a file is what it is about: a chain begins with its own certificate. */
async function whoseIs(bytes: Bytes, { name }: ExportFile, current: Bytes): Promise<'own' | OddFile['is']> {
  const opened = await openFile(bytes, name, null).catch(otherwise(undefined))
  if (!opened) return 'own'
  for (const artifact of opened.artifacts) {
    const key = await spkiOf(artifact)
    if (key) return equalBytes(key, current) ? 'own' : 'other'
  }
  return opened.artifacts.length > 0 && opened.artifacts.every(({ kind }) => kind === 'other')
    ? 'locked'
    : 'own'
}

async function spkiOf(artifact: Artifact): Promise<Bytes | undefined> {
  switch (artifact.kind) {
    case 'certificate':
      return orUndefined(() => readCertificate(artifact.der).publicKey.spki)
    case 'public-key':
      return artifact.spki
    case 'private-key':
      return publicKeyOf(artifact.pkcs8).catch(otherwise(undefined))
    default:
      return undefined
  }
}
