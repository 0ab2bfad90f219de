/** Tells what an export would write, before anything is written. */
import { join, resolve } from 'node:path'
import {
  EXPORT_ITEM_IDS,
  EXPORT_ITEMS,
  type ExportItemId,
  type ExportPlan,
  type PlannedFile,
  type UnavailableExport,
} from '#shared/export'
import { contentOf, sizeOf, type ExportSources } from './contents'
import { exportFailure } from './failures'
import { checkFolder, lookUp } from './folder'

export interface PlanOptions {
  readonly sources: ExportSources
  /** Undefined while none is chosen: nothing exists there then, and paths are names. */
  readonly folder?: string | undefined
  /** All items unless given. */
  readonly items?: readonly ExportItemId[]
  /** True when private keys get a passphrase, which makes their files longer. */
  readonly locked?: boolean
  /** As in `ExportOptions`. */
  readonly createFolder?: boolean
}

/**
 * For every item: the file it would become, or why it can't be exported yet.
 * @throws LabError `export_folder_missing`, `export_folder_not_writable`, `export_failed`
 */
export async function planExport(options: PlanOptions): Promise<ExportPlan> {
  const { sources, items = EXPORT_ITEM_IDS, locked = false } = options
  const folder = options.folder === undefined ? undefined : resolve(options.folder)
  const isThere = folder !== undefined && (await checkFolder(folder, options.createFolder === true))
  const files: PlannedFile[] = []
  const unavailable: UnavailableExport[] = []
  for (const item of EXPORT_ITEMS.filter(({ id }) => items.includes(id))) {
    const { id, name } = item
    const content = await contentOf(id, sources)
    if (content.kind === 'missing') {
      unavailable.push({ id, reason: content.reason })
      continue
    }
    const path = folder === undefined ? name : join(folder, name)
    const exists = isThere && (await isTaken(path, folder))
    files.push({ id, name, path, exists, private: item.private, bytes: sizeOf(content, locked) })
  }
  return { folder, files, unavailable }
}

async function isTaken(path: string, folder: string): Promise<boolean> {
  try {
    return (await lookUp(path)) !== 'nothing'
  } catch (error) {
    throw exportFailure(error, folder)
  }
}
