/** What the app keeps of exports between starts: the folder chosen last, and the names given last. */
import { findExportFile, type ExportFileId } from '#shared/export/items'
import { nameProblem } from '#shared/export/names'
import { readJson, replaceFile } from '../files/json-file'
import { setAside } from '../files/own-file'

/** Names by file, of those that were exported. */
export type GivenNames = Readonly<Partial<Record<ExportFileId, string>>>

export interface ExportMemory {
  readonly folder: string | undefined
  readonly names: GivenNames
}

/**
 * What the file says, as far as it makes sense: a person, or another version, may have written it. What is damaged is set aside,
 * which the notice says.
 */
export function readMemory(path: string): ExportMemory & { readonly notice: string | undefined } {
  const file = readJson(path)
  const notice =
    file && 'wrong' in file
      ? `The last export is not remembered: ${path} could not be read. ${file.wrong} ${setAside(path)}`
      : undefined
  const { folder, names } = asRecord(file && 'value' in file ? file.value : undefined)
  const given = Object.entries(asRecord(names)).filter(
    ([id, name]) => findExportFile(id) && typeof name === 'string' && nameProblem(name) === undefined,
  )
  return {
    folder: typeof folder === 'string' ? folder : undefined,
    names: Object.fromEntries(given) as GivenNames,
    notice,
  }
}

export async function writeMemory(path: string, { folder, names }: ExportMemory): Promise<void> {
  await replaceFile(path, `${JSON.stringify({ folder, names })}\n`)
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
