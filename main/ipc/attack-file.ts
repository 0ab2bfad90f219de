/** A run of an attack as a file to be saved. */
import type { AttackRun } from '#shared/adversary/run'
import { toUtf8 } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { SavedFile } from './export'

/** @throws LabError `bad_argument` for a run of an attack that is not known */
export async function attackFile(run: AttackRun): Promise<SavedFile> {
  const [{ attackById }, { runText }] = await Promise.all([
    import('#shared/adversary/attacks'),
    import('#shared/adversary/run-text'),
  ])
  const { attack: id, suite, without } = run.cell
  const attack = attackById(id)
  if (!attack) throw new LabError('bad_argument', 'There is no such attack.')
  const name = `${[id, suite, ...without].join('-').replaceAll('_', '-')}.txt`
  return { title: 'Save the run', name, kind: 'Text', bytes: toUtf8(runText(attack, run)) }
}
