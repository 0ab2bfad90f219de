/** Runs from which somebody has taken records, or put them elsewhere: whether that is found out, and what nobody can find. */
import { equalBytes } from '#shared/bytes'
import type { Hl1Entry } from '#shared/hl1/types'
import { auditRun } from '#shared/run/audit'
import { remakeRun } from '#shared/run/remake'
import type { Run } from '#shared/run/run'
import { endOf } from '#shared/run/sequence'
import { UNCOVERED } from '#shared/run/uncovered'
import { suspects } from './changed-run'

/** A change of the records of a run as a whole. */
export interface RecordsChange {
  readonly what: string
  readonly records: readonly Hl1Entry[]
  /** What of the list of what no check covers it is, if it is any of that: a member of it. */
  readonly listed: string | undefined
}

export interface Missed {
  readonly tried: number
  /** Not found out, and not on the list either. */
  readonly unlisted: readonly string[]
  /** Not found out, as the list says, each with its member there. */
  readonly listed: readonly string[]
}

/** Each record gone, doubled, or in the place of the next; each connection, role and end gone; all refusals gone. */
export function recordsChanges({ records }: Run): readonly RecordsChange[] {
  const without = (what: string, isGone: (entry: Hl1Entry) => boolean): RecordsChange => ({
    what,
    records: records.filter((entry) => !isGone(entry)),
    listed: listedLoss(records, isGone),
  })
  const ends = [...new Set(records.map(endOf))]
  const groups = [
    ...ends.map((end) => without(`without ${end}`, (entry) => endOf(entry) === end)),
    ...[...new Set(records.map(({ connection }) => connection.id))].map((id) =>
      without(`without ${id}`, ({ connection }) => connection.id === id),
    ),
    ...[...new Set(records.map(({ role }) => role))].map((whose) =>
      without(`without the ${whose}`, ({ role }) => role === whose),
    ),
    ...(records.some(({ outcome }) => !outcome.ok)
      ? [without('without refusals and alerts', ({ outcome }) => !outcome.ok)]
      : []),
  ]
  return [...groups, ...records.flatMap((entry, at) => changesAt(records, entry, at, without))]
}

function changesAt(
  records: readonly Hl1Entry[],
  entry: Hl1Entry,
  at: number,
  without: (what: string, isGone: (entry: Hl1Entry) => boolean) => RecordsChange,
): readonly RecordsChange[] {
  const next = records[at + 1]
  return [
    without(`without ${words(entry)}`, (each) => each === entry),
    { what: `${words(entry)} twice`, records: records.toSpliced(at + 1, 0, entry), listed: undefined },
    ...(next
      ? [
          {
            what: `${words(next)} before ${words(entry)}`,
            records: records.toSpliced(at, 2, next, entry),
            listed: listedSwap(entry, next),
          },
        ]
      : []),
  ]
}

/**
 * What of changed records nobody finds out, where whoever has changed them has also named all of them anew, in their order, and taken away keys of
 * ends of which nothing is left.
 */
export async function missedRecords(run: Run, changes: readonly RecordsChange[]): Promise<Missed> {
  const missed: RecordsChange[] = []
  for (const change of changes) if (!(await isFound(withRecords(run, change.records)))) missed.push(change)
  const isListed = ({ listed }: RecordsChange): boolean =>
    listed !== undefined && UNCOVERED.some(({ members }) => members.includes(listed))
  const unlisted = missed.filter((change) => !isListed(change)).map(({ what }) => what)
  const listed = missed.filter(isListed).map(({ listed: as, what }) => `${as}: ${what}`)
  return { tried: changes.length, unlisted, listed }
}

async function isFound(run: Run): Promise<boolean> {
  // What fits together only: making every check again takes longer.
  if ((await auditRun(run)).length > 0) return true
  return suspects({ run, again: await remakeRun(run) }).length > 0
}

/** The run with other records. */
export function withRecords(run: Run, changed: readonly Hl1Entry[]): Run {
  const records = changed.map((entry, place) => ({ ...entry, id: `${entry.role}-${place + 1}` }))
  const ends = new Set(records.map(endOf))
  const { secrets } = run
  const connections = secrets?.connections.filter(({ connection, role }) => ends.has(`${connection} ${role}`))
  return { ...run, records, secrets: secrets && { ...secrets, connections: connections ?? [] } }
}

/** All of an end, or what stands last at it: only alerts that have come may follow, as they come whatever was sent before them. */
function listedLoss(records: readonly Hl1Entry[], isGone: (entry: Hl1Entry) => boolean): string | undefined {
  const ends = new Map<string, Hl1Entry[]>()
  for (const entry of records) ends.set(endOf(entry), [...(ends.get(endOf(entry)) ?? []), entry])
  let is: string | undefined
  for (const own of ends.values()) {
    const from = own.findIndex(isGone)
    if (from < 0) continue
    const isAlertThatCame = ({ kind, direction }: Hl1Entry): boolean =>
      kind === 'alert' && direction === 'received'
    if (!own.slice(from).every((entry) => isGone(entry) || isAlertThatCame(entry))) return undefined
    is = from === 0 && is !== 'records.last' ? 'records.whole' : 'records.last'
  }
  return is
}

/** Records of two ends, of which neither waits for the other; or a frame that came otherwise than it was sent. */
function listedSwap(one: Hl1Entry, next: Hl1Entry): string | undefined {
  if (endOf(one) === endOf(next)) return undefined
  const isCrossing =
    one.connection.id === next.connection.id && one.direction === 'sent' && next.direction === 'received'
  return isCrossing && equalBytes(one.frame, next.frame) ? undefined : 'records.order'
}

function words({ id, role, direction, kind, step }: Hl1Entry): string {
  return `${role} ${direction} ${kind === 'alert' ? 'alert' : 'step'} ${step} (${id})`
}
