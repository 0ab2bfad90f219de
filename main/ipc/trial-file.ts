/** A trial as a file to be saved: chart or table. */
import { toUtf8 } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { CallArgument } from '#shared/ipc/contract'
import { drawTrial } from '#shared/trial/chart'
import { toCsv } from '#shared/trial/csv'
import { EXPORT_WIDTH, toSvg } from '#shared/trial/svg'
import type { TrialResult } from '#shared/trial/result'
import type { SavedFile } from './export'

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const KINDS = { svg: 'SVG drawing', csv: 'CSV table', png: 'PNG picture' } as const

/** @throws LabError `bad_argument` for bytes that are no PNG picture */
export function trialFile(result: TrialResult, asked: CallArgument<'trial:save'>): SavedFile {
  const { lifetimes, suite, clock } = result.request
  const name = `lifetime-trial-${lifetimes.join('-')}-${suite}-${clock}.${asked.format}`
  return { title: 'Save the trial', name, kind: KINDS[asked.format], bytes: bytesOf(result, asked) }
}

function bytesOf(result: TrialResult, asked: CallArgument<'trial:save'>): SavedFile['bytes'] {
  switch (asked.format) {
    case 'svg':
      return toUtf8(toSvg(drawTrial(result, { width: EXPORT_WIDTH, titled: true })))
    case 'csv':
      return toUtf8(toCsv(result))
    case 'png':
      if (PNG_SIGNATURE.some((byte, index) => asked.bytes[index] !== byte))
        throw new LabError('bad_argument', 'These bytes are no PNG picture.')
      return asked.bytes
  }
}
