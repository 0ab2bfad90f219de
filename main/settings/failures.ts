/** What the file system's errors mean for the settings, in words for people. */
import { dirname } from 'node:path'
import { LabError, passOwnFault, systemReason } from '#shared/errors'
import { FORBIDDEN, FULL, systemCode } from '../files/system-codes'

/** The error that keeping the settings in the file `path` ends with. Nothing has changed then: the old file is whole. */
export function settingsFailure(error: unknown, path: string): LabError {
  passOwnFault(error)
  const code = systemCode(error) ?? ''
  const folder = dirname(path)
  const after = 'The settings stay as they were.'
  const cause = { cause: error }
  if (FULL.has(code)) {
    const message = `There is no room left in ${folder}. ${after} Make room there and save again.`
    return new LabError('settings_disk_full', message, cause)
  }
  if (FORBIDDEN.has(code)) {
    const message = `This account may not write to ${folder}. ${after} Allow it there and save again.`
    return new LabError('settings_not_writable', message, cause)
  }
  const message = `The settings could not be kept in ${folder}: ${systemReason(error)}. ${after}`
  return new LabError('settings_not_kept', message, cause)
}
