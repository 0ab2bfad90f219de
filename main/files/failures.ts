/** What the file system's errors mean for files that a person asked for, in words for people. */
import { basename } from 'node:path'
import { LabError, passOwnFault, systemReason } from '#shared/errors'
import { FORBIDDEN, FULL, GONE, systemCode } from './system-codes'

const TAKEN = new Set(['EEXIST', 'EISDIR', 'ENOTEMPTY'])

/**
 * The error that an export ends with; those it has thrown on purpose stay what they are, and a fault of the program's own is
 * thrown as it is.
 * @param replaced names of the files that were replaced before it failed
 */
export function exportFailure(error: unknown, folder: string, replaced: readonly string[] = []): LabError {
  passOwnFault(error)
  if (error instanceof LabError) return error
  const code = systemCode(error) ?? ''
  const cause = { cause: error }
  const after =
    replaced.length === 0
      ? 'No file was changed.'
      : `These were replaced before that: ${replaced.join(', ')}; all others are as they were.`
  if (FULL.has(code)) {
    const message = `There is no room left in ${folder}. ${after} Make room or choose another folder.`
    return new LabError('export_disk_full', message, cause)
  }
  if (FORBIDDEN.has(code)) return notWritable(folder, after, error)
  if (GONE.has(code)) return folderMissing(folder, error)
  if (TAKEN.has(code)) {
    const message = `${targetOf(error)} has appeared in ${folder} in the meantime. ${after} Export again to choose what to do.`
    return new LabError('export_exists', message, cause)
  }
  const message = `The export to ${folder} failed: ${systemReason(error)}. ${after} Try another folder.`
  return new LabError('export_failed', message, cause)
}

export function folderMissing(folder: string, cause?: unknown): LabError {
  const message = `There is no folder ${folder}. Choose one that exists.`
  return new LabError('export_folder_missing', message, { cause })
}

function notWritable(folder: string, after: string, cause?: unknown): LabError {
  const message = `This account may not write to ${folder}. ${after} Choose a folder of your own.`
  return new LabError('export_folder_not_writable', message, { cause })
}

/** The name that link(2) or rename(2) was to give. */
function targetOf(error: unknown): string {
  const path: unknown =
    error instanceof Error && ('dest' in error ? error.dest : 'path' in error && error.path)
  return typeof path === 'string' ? basename(path) : 'A file of the same name'
}
