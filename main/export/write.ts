/** Writes keys and certificates to files: everything is checked first, then prepared, then put in place. */
import { mkdir, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toHex, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import {
  EXPORT_ITEMS,
  parseExportRequest,
  type ExportItem,
  type ExportRequest,
  type ExportResult,
} from '#shared/export'
import { bytesOf, contentOf, type ExportSources, type PresentContent } from './contents'
import { exportFailure, folderMissing } from './failures'
import { checkFolder, checkNames } from './folder'
import { placeAll } from './place'
import { removeTemporary, sweepDebris, writeTemporary, type Temporary } from './temporary'

export interface ExportOptions {
  readonly folder: string
  readonly sources: ExportSources
  /** That many random bytes, for the encryption of private keys. */
  readonly random: (length: number) => Bytes
  /** True to make the folder (0755) when only its parent exists. */
  readonly createFolder?: boolean
}

/** An item with the bytes of its file. */
interface Prepared {
  readonly item: ExportItem
  readonly bytes: Bytes
}

/**
 * Writes the chosen items into a folder. Private files are 0600 from their first byte, public ones 0644 less the umask.
 * A file appears whole under its name or not at all, and what is there is replaced only with leave.
 * @throws LabError before the first byte: `export_nothing_chosen`, `export_bad_request`, `export_bad_passphrase`,
 *   `export_confirmation_missing`, `export_not_available`, `export_folder_missing`, `export_folder_not_writable`,
 *   `export_exists`; while writing: `export_disk_full`, `export_exists` (it appeared just now), `export_failed`
 */
export async function writeExport(request: ExportRequest, options: ExportOptions): Promise<ExportResult> {
  const { passphrase, overwrite = false, ...chosen } = parseExportRequest(request)
  const items = EXPORT_ITEMS.filter((item) => chosen.items.includes(item.id))
  if (items.some((item) => item.id === 'ca-private-key') && chosen.confirmAuthorityKey !== true) {
    throw new LabError(
      'export_confirmation_missing',
      'The authority’s private key is written only after its own confirmation: confirm it, or leave it out.',
    )
  }
  const contents = await presentContents(items, options.sources)
  if (options.folder === '') throw folderMissing('without a name')
  const folder = resolve(options.folder)
  const mayReplace = (item: ExportItem): boolean =>
    typeof overwrite === 'boolean' ? overwrite : overwrite.includes(item.id)

  try {
    const isThere = await checkFolder(folder, options.createFolder === true)
    if (isThere) {
      const allowed = new Set(items.filter(mayReplace).map((item) => item.name))
      await checkNames(
        folder,
        items.map((item) => item.name),
        (name) => allowed.has(name),
      )
    }
    const prepared = await Promise.all(
      contents.map(async ({ item, content }) => ({
        item,
        bytes: await bytesOf(content, passphrase, options.random),
      })),
    )
    if (isThere) await sweepDebris(folder)
    else await mkdir(folder, { mode: 0o755 })
    try {
      return { folder, files: await writeAll(folder, prepared, mayReplace) }
    } catch (error) {
      if (!isThere) await rmdir(folder).catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw exportFailure(error, folder)
  }
}

async function presentContents(
  items: readonly ExportItem[],
  sources: ExportSources,
): Promise<readonly { readonly item: ExportItem; readonly content: PresentContent }[]> {
  const present: { item: ExportItem; content: PresentContent }[] = []
  const missing: string[] = []
  for (const item of items) {
    const content = await contentOf(item.id, sources)
    if (content.kind === 'missing') missing.push(`${item.title}: ${content.reason}`)
    else present.push({ item, content })
  }
  if (missing.length > 0) throw new LabError('export_not_available', missing.join(' '))
  return present
}

async function writeAll(
  folder: string,
  prepared: readonly Prepared[],
  mayReplace: (item: ExportItem) => boolean,
): Promise<ExportResult['files']> {
  const temporaries: Temporary[] = []
  try {
    const placements = []
    for (const { item, bytes } of prepared) {
      const temporary = await writeTemporary(folder, bytes, item.private)
      temporaries.push(temporary)
      const target = join(folder, item.name)
      placements.push({ temporary, target, isPrivate: item.private, replace: mayReplace(item) })
    }
    const replaced = await placeAll(folder, placements)
    return await Promise.all(
      prepared.map(async ({ item, bytes }, index) => ({
        id: item.id,
        name: item.name,
        path: join(folder, item.name),
        bytes: bytes.length,
        sha256: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))),
        private: item.private,
        replaced: replaced[index] === true,
      })),
    )
  } finally {
    await Promise.all(temporaries.map(({ path }) => removeTemporary(path)))
  }
}
