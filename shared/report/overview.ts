/** The beginning of a report: what it is of, who took part, when, by which settings; and its messages at a glance. */
import { ROLE_NAMES } from '../hl1/roles'
import { SUITES } from '../hl1/suites'
import type { RunAgain } from '../run/remake'
import type { Run } from '../run/run'
import { NAME_POLICY_TITLES, type Settings } from '../settings'
import { count, listed } from '../words'
import { markup, type Html, type Part } from './html'
import { outcomeWord, type ReportRecords } from './messages'
import type { Opened, ReportSource, ReportWishes } from './source'
import { endpointText, facts, messageLink, more, table, tablePieces, timeText } from './words'

/** Who, when, and what the report holds. */
export function* summaryPart(
  source: ReportSource,
  { secrets, bytes }: ReportWishes,
  { connections, leftOut }: ReportRecords,
): Iterable<Html> {
  const { run, application, madeAt, opened } = source
  const { records } = run
  const isCapture = opened?.source === 'capture'
  const first = records[0]
  const last = records.at(-1)
  const suites = Object.values(SUITES).filter(({ name }) => records.some(({ suite }) => suite === name))
  const messages = connections.reduce((sum, { messages: own }) => sum + own.length, 0)
  yield facts([
    ['Made by', `${application}, ${timeText(madeAt)}`],
    ['Of', ofWhat(source)],
    ['From', first && timeText(first.at)],
    ['To', last && timeText(last.at + last.took)],
    ['Suites', listed(suites.map(({ title }) => title)) || 'none'],
    [
      'Recorded',
      `${count(records.length, 'record')}, ${count(messages, 'message')}, ${count(connections.length, 'connection')}`,
    ],
    [
      'Secrets',
      secrets
        ? 'are in this report, as far as they were still there. Keep it as you would keep the keys.'
        : 'are not in this report.',
    ],
    ['Bytes', bytes ? 'stand whole in the appendix.' : 'stand with each message, as far as it begins.'],
  ])
  if (leftOut > 0)
    yield markup`<p class="note">The run has ${count(leftOut, 'record')} more: a report takes the oldest.</p> `
  for (const { title, about } of suites) yield markup`<p><strong>${title}.</strong> ${about}</p> `
  yield markup`<h3>Who took part</h3> `
  yield table(
    'The three roles',
    ['Role', 'Identity', 'Listens on'],
    (['authority', 'server', 'client'] as const).map((role) => [
      ROLE_NAMES[role].title,
      ...partOf(role, run, isCapture),
    ]),
  )
  if (opened) yield* openedPart(opened)
}

function ofWhat({ run, opened }: ReportSource): string {
  if (opened?.source === 'capture') return `the capture ${opened.name}: what crossed the wire, at both ends`
  if (opened) return `the run ${opened.name}, saved ${timeText(run.savedAt)} by version ${run.app}`
  return `the lab as it was, ${timeText(run.savedAt)}`
}

function partOf(role: 'authority' | 'server' | 'client', run: Run, isCapture: boolean): readonly Part[] {
  if (role !== 'client') {
    const { identity, address } = run[role]
    return [
      identity === '' || isCapture ? 'not recorded' : identity,
      address ? endpointText(address) : 'did not listen any more',
    ]
  }
  const said = new Set(
    run.records.flatMap(({ members }) =>
      members.flatMap(({ name, value }) => (name === 'id_c' && value !== undefined ? [String(value)] : [])),
    ),
  )
  return [[...said].slice(0, 8).join(', ') || 'not recorded', 'nothing: it connects']
}

function* openedPart({ source, isIntact, again }: Opened): Iterable<Html> {
  if (source === 'capture') {
    yield markup`<p>Nobody has recorded a check: a capture has frames alone.</p> `
    return
  }
  const { same, differ, notMade } = countAgain(again)
  yield markup`<h3>Checked again</h3>
    <p>
      ${isIntact ? 'The file is as it was written.' : markup`<strong>The file was changed since it was saved.</strong>`}
      When it was opened, ${count(same, 'check')} came out as recorded, ${count(differ, 'check')} otherwise;
      ${count(notMade, 'check')} could not be made again, for want of keys or of what came before.
    </p> `
  if (again.differences.length > 0)
    yield markup`<ul>
      ${again.differences.slice(0, 100).map((text) => markup`<li>${text}</li> `)}
    </ul> `
}

function countAgain({ records }: RunAgain): {
  readonly same: number
  readonly differ: number
  readonly notMade: number
} {
  const found = { same: 0, differs: 0, not_made: 0 }
  for (const { checks } of records.values()) for (const { is } of checks) found[is]++
  return { same: found.same, differ: found.differs, notMade: found.not_made }
}

/** What of the settings is part of a run, with its unit; looks are not. */
const SETTING_ROWS: readonly { readonly title: string; readonly value: (settings: Settings) => string }[] = [
  { title: 'Suite of the next walk', value: ({ suite }) => SUITES[suite].title },
  { title: 'Session lifetime', value: ({ lifetime }) => count(lifetime, 'second') },
  { title: 'Message age limit', value: ({ maxAge }) => count(maxAge, 'second') },
  { title: 'Who may register a name', value: ({ names }) => NAME_POLICY_TITLES[names] },
  {
    title: 'A client whose address differs from the one in step 5',
    value: ({ enforceAddress }) => (enforceAddress ? 'is refused' : 'is noted'),
  },
  {
    title: 'Bootstrap key, which every copy of the program knows',
    value: ({ bootstrapKey }) => bootstrapKey,
  },
  { title: 'RSA key size', value: ({ rsaBits }) => `${rsaBits} bits` },
  { title: 'Validity of certificates', value: ({ validityDays }) => count(validityDays, 'day') },
  {
    title: 'Authority’s port',
    value: ({ authorityPort }) => (authorityPort === 0 ? 'any free one' : String(authorityPort)),
  },
  {
    title: 'Server’s port',
    value: ({ serverPort }) => (serverPort === 0 ? 'any free one' : String(serverPort)),
  },
  { title: 'Name of the authority', value: ({ authorityIdentity }) => authorityIdentity },
  { title: 'Name of the server', value: ({ serverIdentity }) => serverIdentity },
  { title: 'Name of the client', value: ({ clientIdentity }) => clientIdentity },
  { title: 'Idle limit', value: ({ idleLimit }) => count(idleLimit, 'second') },
  { title: 'Connections at once', value: ({ maxConnections }) => String(maxConnections) },
]

/** The settings at the end of the run, and what was set otherwise before. */
export function* settingsPart({ settings }: Run): Iterable<Html> {
  const last = settings.at(-1)
  if (!last) return
  yield table(
    'Settings at the end of the run',
    ['Setting', 'Value'],
    SETTING_ROWS.map(({ title, value }) => [title, value(last.value)]),
    'listed',
  )
  const changes = settings.slice(1).flatMap(({ from, value: now }, index) => {
    const before = settings[index]?.value
    return SETTING_ROWS.filter(({ value }) => before !== undefined && value(before) !== value(now)).map(
      ({ title, value }) => [timeText(from), title, before ? value(before) : '', value(now)],
    )
  })
  const shown = changes.slice(0, 100)
  if (shown.length === 0) return
  yield table('Changed during the run', ['When', 'Setting', 'Before', 'After'], shown)
  yield markup`${more(changes.length - shown.length, 'change')}`
}

/** Every message in a line, by its connection. */
export function* glancePart({ connections }: ReportRecords): Iterable<Html> {
  for (const { number, messages, opener, acceptor } of connections)
    yield* tablePieces(
      `Connection ${number}: ${opener} to ${acceptor}`,
      ['Message', 'From', 'To', 'Bytes', 'Outcome'],
      messages.map((message) => [
        messageLink(message),
        message.from,
        message.to,
        message.entry.frame.length.toLocaleString('en-GB'),
        [
          outcomeWord(message),
          message.isChanged ? ', changed on the way' : '',
          message.repeats === undefined ? '' : `, as message ${message.repeats} again`,
        ].join(''),
      ]),
      'listed',
    )
}
