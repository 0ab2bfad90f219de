/** A run of an attack as a file to be saved. */
import type { CellRequest } from '#shared/adversary/cell'
import type { AttackRun } from '#shared/adversary/run'
import { toUtf8 } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { RUN_EXTENSION, RUN_KIND } from '#shared/run/file-type'
import type { Run } from '#shared/run/run'
import { writeRun } from '../recording/write-run'
import type { SavedFile } from './export'

/** @throws LabError `bad_argument` for a run of an attack that is not known */
export async function attackFile(run: AttackRun): Promise<SavedFile> {
  const [{ attackById }, { runText }] = await Promise.all([
    import('#shared/adversary/attacks'),
    import('#shared/adversary/run-text'),
  ])
  const attack = attackById(run.cell.attack)
  if (!attack) throw new LabError('bad_argument', 'There is no such attack.')
  return {
    title: 'Save the run as a text',
    name: `${nameOf(run.cell)}.txt`,
    kind: 'Text',
    bytes: toUtf8(runText(attack, run)),
  }
}

/**
 * The same as a file that opens as a recording. Its keys go along: they were made for this run, and no lab of a person has them.
 * @throws LabError as `writeRun`
 */
export async function attackRunFile(cell: CellRequest, run: Run): Promise<SavedFile> {
  return {
    title: 'Save the run',
    name: `${nameOf(cell)}${RUN_EXTENSION}`,
    kind: RUN_KIND,
    bytes: await writeRun(run, { secrets: 'in_clear' }),
  }
}

function nameOf({ attack, suite, without }: CellRequest): string {
  return [attack, suite, ...without].join('-').replaceAll('_', '-')
}
