/** The licences of the packages that the app is built with, in the file that the build writes. */
import { readFile } from 'node:fs/promises'
import { LabError } from '#shared/errors'

/** @throws LabError `no_licences` where there is no such file: the app was not built, or a part of it was taken away */
export async function readLicences(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const message = `The licences can’t be shown: they belong in ${path}, which the build writes.`
    throw new LabError('no_licences', message, { cause })
  }
}
