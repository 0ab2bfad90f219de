/** One message of a report: its sentence, members, keys and where they came from, checks with reasons, bytes. */
import { CHECKS } from '../hl1/check-table'
import { HL1 } from '../hl1/protocol'
import type { Hl1Entry } from '../hl1/types'
import { resultWord, type Check } from '../record/checks'
import { roleInfo, sheetOf } from '../record/protocol'
import type { MemberValue } from '../record/member'
import type { RecordedMember } from '../record/record'
import { sameValue } from '../run/members'
import type { CheckAgain, RecordAgain } from '../run/remake'
import { count } from '../words'
import { bytesFold } from './bytes'
import { markup, type Html, type Part } from './html'
import { isRefused, type ReportConnection, type ReportMessage } from './messages'
import type { ReportSource, ReportWishes } from './source'
import { endpointText, facts, table, timeText, valueText } from './words'

/** The heading of a connection. */
export function connectionHead({ number, connection, opener, acceptor, messages }: ReportConnection): Html {
  const { suite } = connection
  const first = messages[0]?.entry
  return markup`<h3 id="c${number}">Connection ${number}: ${opener} to ${acceptor}</h3>
    ${facts([
      ['From', `${opener}, ${endpointText(connection.from)}`],
      ['To', `${acceptor}, ${endpointText(connection.to)}`],
      [
        'Suite',
        suite === undefined
          ? 'never agreed'
          : (Object.values(HL1.suites).find(({ name }) => name === suite)?.title ?? suite),
      ],
      ['First record', first && timeText(first.at)],
    ])}`
}

/** A message, in pieces. */
export function* messagePart(
  message: ReportMessage,
  source: ReportSource,
  wishes: ReportWishes,
): Iterable<Html> {
  const { number, title, from, to, entry, sent, received } = message
  const sheet = entry.kind === 'message' ? sheetOf(HL1, entry.suite, entry.step) : undefined
  yield markup`<h4 id="m${number}">${number}. ${title}</h4>
    <p>
      <strong>${from} to ${to}.</strong>
      ${sheet?.story ?? (entry.kind === 'alert' ? 'An alert says why a connection ends.' : '')}
    </p>
    ${happened(message)}${sheet && markup`<p class="formula"><code>${sheet.formula}</code></p> `}${facts([
      ['Sent', sent && `${timeText(sent.at)}, made in ${milliseconds(sent.took)}`],
      ['Arrived', received && `${timeText(received.at)}, checked in ${milliseconds(received.took)}`],
    ])}`
  yield markup`${layersTable(message)}${membersTable(message)}`
  if (received) yield* checksPart(received, source.opened?.again.records.get(received.id))
  yield bytesFold(message, wishes)
}

/** What came of it, in sentences. */
function happened({ sent, received, entry, isChanged, repeats, from, to }: ReportMessage): Html {
  const { outcome } = entry
  const said: Part[] = []
  if (entry.kind === 'alert')
    said.push(outcome.ok ? '' : markup`It says <code>${outcome.code}</code>: ${outcome.message}`)
  else if (received && !received.outcome.ok)
    said.push(
      markup`Refused by the ${to} with <code>${received.outcome.code}</code>: ${received.outcome.message}`,
    )
  else if (received) said.push(`The ${to} accepted it.`)
  else if (sent && !sent.outcome.ok)
    said.push(
      markup`The ${from} could not send it, <code>${sent.outcome.code}</code>: ${sent.outcome.message}`,
    )
  else said.push(`Nothing has recorded that it arrived.`)
  if (!sent && entry.direction === 'received') said.push(' Nothing has recorded that it was sent.')
  if (isChanged) said.push(markup` <strong>It arrived otherwise than it was sent.</strong>`)
  if (repeats !== undefined)
    said.push(markup` It is the frame of <a href="#m${repeats}">message ${repeats}</a> once more.`)
  const kind = isRefused({ received }) ? 'refused' : 'outcome'
  return markup`<p class="${kind}">${said}</p> `
}

function milliseconds(took: number): string {
  return `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`
}

/** The keys of its layers, outermost first, and where each end has them from. */
function layersTable({ sent, received, entry }: ReportMessage): Html | undefined {
  if (entry.kind === 'alert') return markup`<p>In clear: no key protects an alert.</p> `
  if (entry.layers.length === 0) return markup`<p>In clear: no key protects it.</p> `
  const originOf = (record: Hl1Entry | undefined, key: string): string =>
    record?.layers.find((layer) => layer.key === key)?.origin || 'not recorded'
  return table(
    'Keys, the outermost first',
    ['Closed with', 'Opened with', 'How', 'Where the sender has it from', 'Where the receiver has it from'],
    entry.layers.map(({ key, opensWith, algorithm }) => [
      markup`<code>${key}</code>`,
      markup`<code>${opensWith}</code>`,
      algorithm,
      originOf(sent, key),
      originOf(received, key),
    ]),
    'short',
  )
}

function membersTable({ sent, received }: ReportMessage): Html | undefined {
  const all = new Map<string, RecordedMember>()
  for (const member of [...(received?.members ?? []), ...(sent?.members ?? [])])
    if (!all.has(member.name)) all.set(member.name, member)
  if (all.size === 0) return undefined
  const find = (record: Hl1Entry | undefined, name: string): RecordedMember | undefined =>
    record?.members.find((member) => member.name === name)
  return table(
    'Members',
    ['Member', 'Value', 'What it is'],
    [...all.values()].map((member) => [
      markup`<code>${member.name}</code> <span class="about">${member.symbol}</span>`,
      memberValue(find(sent, member.name), find(received, member.name)),
      member.meaning,
    ]),
    'members',
  )
}

/** Its value at both ends: once where they agree. */
function memberValue(sent: RecordedMember | undefined, received: RecordedMember | undefined): Part {
  const [theirs, ours] = [sent?.value, received?.value]
  const kind = (received ?? sent)?.kind ?? 'text'
  const show = (value: MemberValue): Html => valueText(kind, value)
  if (theirs !== undefined && ours !== undefined && !sameValue(theirs, ours))
    return markup`As sent: ${show(theirs)}<br />As it arrived: ${show(ours)}`
  const value = ours ?? theirs
  if (value !== undefined) return show(value)
  const member = received ?? sent
  if (!member?.secret) return 'not read'
  return member.forgotten ? 'a secret; forgotten by who had it' : 'a secret; not in this report'
}

function* checksPart({ role, checks, kind }: Hl1Entry, again: RecordAgain | undefined): Iterable<Html> {
  if (kind === 'alert') return
  if (checks.length === 0) yield markup`<p class="note">No check is recorded.</p> `
  else
    yield table(
      `Checks of the ${roleInfo(HL1, role).title}: ${checkCounts(checks)}`,
      ['Result', 'Check', 'Why'],
      checks.map((check) => [resultCell(check), CHECKS[check.id].title, whyOf(check, again)]),
      'checks',
    )
  const said = [...(again?.differences ?? []), ...(again?.missing ?? [])]
  if (said.length > 0) yield markup`<p>Looked at again: ${said.join(' ')}</p> `
}

function checkCounts(checks: readonly Check[]): string {
  const found = new Map<string, number>()
  for (const { result } of checks) found.set(resultWord(result), (found.get(resultWord(result)) ?? 0) + 1)
  return [...found].map(([word, number]) => `${number} ${word}`).join(', ')
}

function resultCell({ result }: Check): Html {
  return markup`<span class="${result}">${resultWord(result)}</span>`
}

function whyOf(check: Check, again: RecordAgain | undefined): Html {
  const { id, reason, found, expected } = check
  return markup`${reason}${found === undefined ? undefined : markup`<br />Found: <code>${found}</code>`}${
    expected === undefined ? undefined : markup`<br />Expected: <code>${expected}</code>`
  }${againText(again?.checks.find((each) => each.id === id))}`
}

function againText(again: CheckAgain | undefined): Html | undefined {
  if (!again || again.is === 'same') return undefined
  if (again.is === 'not_made')
    return markup`<br /><span class="about">Not made again, for want of ${again.want}.</span>`
  return markup`<br /><strong>Made again, it comes out otherwise: ${again.now}</strong>`
}

/** How many messages there are of those that are not told of. */
export function messagesLeftOut(number: number): Html {
  return markup`<p class="note">
    ${count(number, 'message')} more ${number === 1 ? 'is' : 'are'} left out here: the report would grow too
    long. The table of messages has ${number === 1 ? 'it' : 'them'}.
  </p> `
}
