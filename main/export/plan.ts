/** Tells what an export would write, before anything is written. */
import { join, resolve } from 'node:path'
import { LabError } from '#shared/errors'
import type { ExportPlan, NameLook, PlannedFile, UnavailableExport } from '#shared/export'
import { EXPORT_FILES, EXPORT_ITEMS, type ExportFile, type ExportFileId } from '#shared/export/items'
import { numberedName, sameNameKey } from '#shared/export/names'
import {
  contentOf,
  holdsOf,
  identitiesOf,
  sizeOf,
  textOf,
  type ExportSources,
  type PresentContent,
} from './contents'
import { exportFailure } from '../files/failures'
import { checkFolder, lookUp } from '../files/folder'

export interface PlanOptions {
  readonly sources: ExportSources
  /** Undefined while none is chosen: nothing exists there then, and paths are names. */
  readonly folder?: string | undefined
  /** Names given before, where they are not the usual ones. */
  readonly names?: Readonly<Partial<Record<ExportFileId, string>>>
  /** As in `ExportOptions`. */
  readonly createFolder?: boolean
}

/** What is about the other files has no size of its own before they are chosen. */
const ABOUT_FILES = {
  readme: 'How to use the other files.',
  checksums: 'SHA-256 of each of the other files.',
}
/** Numbers that are tried to find a free name. */
const MAX_NUMBER = 99

/**
 * For every item and form: the file it would become, or why it can't be exported yet.
 * @throws LabError `export_folder_missing`, `export_folder_not_writable`, `export_failed`
 */
export async function planExport(options: PlanOptions): Promise<ExportPlan> {
  const { sources, names = {} } = options
  const folder = options.folder === undefined ? undefined : resolve(options.folder)
  const isThere = folder !== undefined && (await checkFolder(folder, options.createFolder === true))
  const files: PlannedFile[] = []
  const unavailable: UnavailableExport[] = []
  for (const { id } of EXPORT_ITEMS) {
    const content = id === 'readme' || id === 'checksums' ? undefined : await contentOf(id, sources)
    if (content?.kind === 'missing') {
      unavailable.push({ id, reason: content.reason })
      continue
    }
    for (const file of EXPORT_FILES.filter(({ item }) => item.id === id)) {
      const name = names[file.id] ?? file.name
      const path = folder === undefined ? name : join(folder, name)
      const exists = isThere && (await isTaken(path, folder))
      files.push({
        id: file.id,
        name,
        path,
        exists,
        private: file.private,
        ...(await describe(file, content)),
      })
    }
  }
  const all = Object.fromEntries(EXPORT_FILES.map(({ id, name }) => [id, names[id] ?? name]))
  const identities = identitiesOf(sources)
  return {
    folder,
    files,
    unavailable,
    names: all as Record<ExportFileId, string>,
    identities,
    isPublicOnly: sources.isPublicOnly === true,
  }
}

/**
 * Tells of each name whether something in the folder has it, and finds a free one like it.
 * @throws LabError `export_folder_missing`, `export_folder_not_writable`, `export_failed`
 */
export async function lookAtNames(folder: string, names: readonly string[]): Promise<readonly NameLook[]> {
  await checkFolder(folder, false)
  const taken = new Set(names.map(sameNameKey))
  const looks: NameLook[] = []
  for (const name of names) {
    const exists = await isTaken(join(folder, name), folder)
    const free = exists ? await freeName(folder, name, taken) : name
    taken.add(sameNameKey(free))
    looks.push({ name, exists, free })
  }
  return looks
}

async function describe(
  file: ExportFile,
  content: PresentContent | undefined,
): Promise<Pick<PlannedFile, 'bytes' | 'lockedBytes' | 'holds' | 'text'>> {
  if (!content) return { bytes: 0, holds: ABOUT_FILES[file.item.id === 'readme' ? 'readme' : 'checksums'] }
  const text = await textOf(content, file.format)
  return {
    bytes: await sizeOf(content, file.format, false),
    ...(file.lock === 'optional' ? { lockedBytes: await sizeOf(content, file.format, true) } : {}),
    holds: holdsOf(content, file),
    ...(text === undefined ? {} : { text }),
  }
}

async function freeName(folder: string, name: string, taken: ReadonlySet<string>): Promise<string> {
  for (let number = 2; number <= MAX_NUMBER; number++) {
    const other = numberedName(name, number)
    if (!taken.has(sameNameKey(other)) && !(await isTaken(join(folder, other), folder))) return other
  }
  throw new LabError('export_exists', `${folder} has too many files like ${name}: choose another folder.`)
}

async function isTaken(path: string, folder: string): Promise<boolean> {
  try {
    return (await lookUp(path)) !== 'nothing'
  } catch (error) {
    throw exportFailure(error, folder)
  }
}
