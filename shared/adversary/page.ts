/** docs/attacks.md, written from a run: what every attack came to, what each defence is worth, and the ladder. */
import { defenceTitle, withoutDefence, type DefenceId } from '../hl1/defences'
import { SUITE_NAMES, type SuiteName } from '../hl1/suites'
import type { Attack } from './attack'
import { ATTACKS } from './attacks'
import { LADDER, worthOf } from './matrix'
import { GOALS } from './oracles'
import type { Cell, Outcome } from './cell'

const INTRO = `# Attacks

What an adversary on the wire comes to, in each suite. Every line is a run over real sockets in a lab of its own,
as *Tools*, *Attacks…* makes them, judged by what happened, and never by whether an error came: a secret counts as found when the
adversary says a random word that only request or answer held; a message as forged when a party acted on what its peer never
said; and so on. The adversary knows the program, \`K_boot\` and every public key; what else it has stands beside it.

This page is written from such a run. From a clone of the project, \`npm run handshake -- --attacks\` makes them in a terminal.
`

/** The page. \`cells\`: those of the matrix; \`ladder\`: those of the ladder. */
export function attacksPage(cells: readonly Cell[], ladder: readonly Cell[]): string {
  return [
    INTRO,
    '## Outcomes',
    '',
    '| attack | wants | `classic` | `modern` |',
    '| --- | --- | --- | --- |',
    ...ATTACKS.map((attack) =>
      row(attack.title, attack.oracle.goal, ...SUITE_NAMES.map((suite) => fate(attack, suite, cells))),
    ),
    '',
    '*Falls without …*: with that one gone, the attack succeeds; where several stand behind one another, only with all of them gone.',
    '',
    ...SUITE_NAMES.flatMap((suite) => worthTable(suite)),
    ...ladderTable(ladder),
    '## How each goes',
    '',
    ...ATTACKS.flatMap(story),
  ].join('\n')
}

function fate(attack: Attack, suite: SuiteName, cells: readonly Cell[]): string {
  const own = cells.filter((cell) => cell.attack === attack.id && cell.suite === suite)
  const usual = own.find(({ without }) => without.length === 0)
  if (!usual) return ''
  if (usual.outcome.is !== 'stopped') return fateText(usual.outcome)
  const falls = own.filter(({ without, outcome }) => without.length > 0 && outcome.is === 'succeeded')
  const sets = falls.map(({ without }) => without.map((id) => `\`${id}\``).join(' and '))
  return `${fateText(usual.outcome)}${sets.length > 0 ? `; falls without ${sets.join(', or ')}` : ''}`
}

function fateText(outcome: Outcome): string {
  switch (outcome.is) {
    case 'succeeded':
      return '**succeeds**'
    case 'not_applicable':
      return 'means nothing'
    case 'stopped': {
      const { by, missing = '' } = outcome
      return by
        ? `stopped at step ${by.step}: ${by.check ? `\`${by.check}\`` : by.code}`
        : `fails: ${missing.replace(/\.$/, '')}`
    }
  }
}

function worthTable(suite: SuiteName): readonly string[] {
  return [
    `## What each defence of \`${suite}\` is worth`,
    '',
    '| defence | without it | succeeds without it alone | only together with |',
    '| --- | --- | --- | --- |',
    ...worthOf(suite).map(({ defence, alone, together }) =>
      row(
        `${defenceTitle(defence)} (\`${defence}\`)`,
        withoutDefence(defence),
        alone.map(({ title }) => title).join('; '),
        together.map(({ attack, others }) => `${list(others)}: ${attack.title}`).join('; '),
      ),
    ),
    '',
  ]
}

function ladderTable(ladder: readonly Cell[]): readonly string[] {
  const rung = (count: number): ReadonlySet<string> =>
    new Set(
      ladder
        .filter(
          ({ without, outcome }) => without.length === LADDER.length - count && outcome.is === 'succeeded',
        )
        .map(({ attack }) => attack),
    )
  return [
    '## The ladder from `classic` to `modern`',
    '',
    '`modern` without any of its repairs, then with one more at each rung; which attacks each rung ends.',
    '',
    '| with | attacks that succeed | ended here |',
    '| --- | --- | --- |',
    row('none of the repairs', String(rung(0).size), ''),
    ...LADDER.map((id, index) => {
      const [before, after] = [rung(index), rung(index + 1)]
      const ended = ATTACKS.filter((attack) => before.has(attack.id) && !after.has(attack.id))
      return row(`and ${defenceTitle(id)}`, String(after.size), ended.map(({ title }) => title).join('; '))
    }),
    '',
  ]
}

function story({ title, has, wants, story: steps, oracle, notIn = {} }: Attack): readonly string[] {
  const nothing = SUITE_NAMES.flatMap((suite) => {
    const why = notIn[suite]
    return why === undefined ? [] : [`It means nothing in \`${suite}\`. ${why}`]
  })
  return [
    `### ${title}`,
    '',
    `*Has:* ${has} *Wants:* ${wants} It succeeds when the adversary ${GOALS[oracle.goal]}.`,
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    '',
    ...nothing.flatMap((line) => [line, '']),
  ]
}

function list(ids: readonly DefenceId[]): string {
  return ids.map((id) => `\`${id}\``).join(', ')
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
