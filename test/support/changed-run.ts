/** Run files that somebody has changed so that they look whole: whether that is found out. */
import { createHash } from 'node:crypto'
import { readRun, type ReadRun } from '#main/recording/read-run'
import { toHex, toUtf8, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { RunContent } from '#shared/run/format'
import { UNCOVERED } from '#shared/run/uncovered'

/**
 * Changes so many characters of a file, one at a time and spread over all of it, each with a digest that fits.
 * @returns what was not found out, and is not listed as what no check covers
 */
export async function missedChanges(bytes: Bytes, tries: number): Promise<readonly string[]> {
  const missed: string[] = []
  const unmade = unmadeOf(await readRun(bytes))
  for (let count = 0; count < tries; count++) {
    const at = Math.floor(((count + 0.5) / tries) * bytes.length)
    const changed = alike(bytes, at)
    if (!changed) continue
    const read: unknown = await readRun(changed).catch((error: unknown) => error)
    if (read instanceof LabError) continue
    if (suspects(read as ReadRun).length > 0) continue
    // A character for each byte, so that places are the same.
    const path = placeOf(Buffer.from(bytes).toString('latin1'), at, unmade)
    if (!isUncovered(path)) missed.push(`${path.at}: ${path.around}`)
  }
  return missed
}

/** All that is said to be otherwise in a run that was opened, a sentence each. */
export function suspects({ again, run }: Pick<ReadRun, 'again' | 'run'>): readonly string[] {
  return [
    ...again.differences,
    ...run.records.flatMap(({ id, step, role }) => {
      const found = again.records.get(id)
      const checks = found?.checks.flatMap((check) =>
        check.is === 'differs' ? [`${check.id}: ${check.now}`] : [],
      )
      return [...(found?.differences ?? ['nothing']), ...(checks ?? [])].map(
        (text) => `${role} ${step}: ${text}`,
      )
    }),
  ]
}

/** The file with one character in the place of another of its kind, and a digest that fits; undefined where that is no change. */
function alike(bytes: Bytes, at: number): Bytes | undefined {
  const was = String.fromCharCode(bytes[at] ?? 0)
  const to = /[0-8]/.test(was)
    ? String(Number(was) + 1)
    : was === '9'
      ? '8'
      : was === 'b'
        ? 'c'
        : /[a-zA-Z]/.test(was)
          ? 'b'
          : undefined
  if (to === undefined) return undefined
  const changed = bytes.slice()
  changed[at] = to.charCodeAt(0)
  const end = changed.length - 81
  if (at >= end) return undefined
  const digest = toHex(createHash('sha256').update(changed.subarray(0, end)).digest())
  changed.set(toUtf8(digest), end + 13)
  return changed
}

/** What stands at a place of a file: the part of the file, the last member before it there, and what is around. */
function placeOf(
  text: string,
  at: number,
  unmade: ReadonlySet<number>,
): { readonly at: string; readonly around: string } {
  const before = text.slice(0, at)
  const [, section = ''] = [...before.matchAll(/^"(\w+)": /gm)].at(-1) ?? []
  const line = text.slice(before.lastIndexOf('\n') + 1, text.indexOf('\n', at))
  const column = at - before.lastIndexOf('\n') - 1
  const names = [...line.slice(0, column + 1).matchAll(/"(\w+)":/g)]
  const around = `${line.slice(Math.max(0, column - 40), column)}«${line[column]}»${line.slice(column + 1, column + 20)}`
  const member =
    stateOf(section, text, { line, before: line.slice(0, column) }, unmade) ?? names.at(-1)?.[1] ?? ''
  return { at: `${section}.${member}`, around }
}

function isUncovered({ at }: ReturnType<typeof placeOf>): boolean {
  return UNCOVERED.some(({ members }) =>
    members.some((member) => at === member || at.startsWith(`${member}.`)),
  )
}

/** Records, by their places, that the run itself says could not be opened or checked again in all. */
function unmadeOf({ run, again }: ReadRun): ReadonlySet<number> {
  const isUnmade = ({ id }: (typeof run.records)[number]): boolean => {
    const found = again.records.get(id)
    const isOpen = found?.checks.every(({ is }) => is !== 'not_made') && found.missing.length === 0
    return !isOpen
  }
  return new Set(run.records.flatMap((record, place) => (isUnmade(record) ? place : [])))
}

/** Words of what the run says was not made again; a frame, by its line in the file, that nobody could open then, or can now. */
function stateOf(
  section: string,
  text: string,
  { line, before }: { readonly line: string; readonly before: string },
  unmade: ReadonlySet<number>,
): string | undefined {
  if (section !== 'frames' && section !== 'records') return undefined
  const { frames, records } = JSON.parse(text) as Pick<RunContent, 'frames' | 'records'>
  if (section === 'records') {
    const id = /"id":"([^"]*)"/.exec(line)?.[1]
    // Why a ciphertext does not open, each program says in its own words.
    if (/\{"id":"decryption","result":"failed"[^}]*"reason":"[^"]*$/.test(before)) return 'unopened'
    const isWords = /"(?:reason|found|expected|message)":"[^"]*$/
    return unmade.has(records.findIndex((record) => record.id === id)) && isWords.test(before)
      ? 'unmade'
      : undefined
  }
  const place = frames.indexOf(line.replaceAll(/[",]/g, ''))
  const those = records.flatMap((record, index) => (record.frame === place ? [{ ...record, index }] : []))
  const isRefused = ({ checks }: (typeof those)[number]): boolean =>
    checks.some(({ id, result }) => id === 'decryption' && result === 'failed')
  if (those.every(isRefused)) return 'refused'
  return those.every((record) => isRefused(record) || unmade.has(record.index)) ? 'closed' : undefined
}
