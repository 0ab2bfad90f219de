/** What somebody in the middle did to a run: the attack as it was told, what was done besides, and each frame that did not just pass. */
import type { Move, Moves } from '../run/move'
import { movesOf } from '../run/moves'
import type { Run } from '../run/run'
import { markup, type Html } from './html'
import { firstRows } from './source'
import { more } from './words'

/** Nothing where nobody was in the middle. */
export function* adversaryPart(run: Run): Iterable<Html> {
  const moves = movesOf(run)
  if (moves) yield* told(moves)
}

function* told({ summary, attack, deeds, frames }: Moves): Iterable<Html> {
  yield markup`<h3>${attack?.title ?? 'Somebody was in the middle'}</h3>
<p>${summary}</p> `
  if (attack)
    yield markup`<p>${attack.wants}</p>
<p>It ${attack.outcome}.</p>
<ol>
${attack.story.map((text) => markup`<li>${text}</li>\n`)}</ol> `
  const { rows, more: rest } = firstRows([
    ...deeds.map(({ text }) => text),
    ...frames.filter(({ is }) => is !== 'passed').map(moveText),
  ])
  yield markup`<ul>
${rows.map((text) => markup`<li>${text}</li>\n`)}</ul>
${more(rest, 'move')} `
}

function moveText({ step, from, to, became }: Move): string {
  return `${step === 0 ? 'An alert' : `Step ${step}`}, ${from} to ${to}. ${became}`
}
