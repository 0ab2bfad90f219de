/** What somebody in the middle did to a run: the attack as it was told, what was done besides, and each frame that did not just pass. */
import { stepName } from '../adversary/fate-words'
import type { Move, Moves } from '../run/move'
import { markup, type Html } from './html'
import { firstRows } from './source'
import { asRoomAllows, type Room } from './words'

/** Tells of whoever was in the middle. */
export function* adversaryPart({ summary, attack, deeds, frames }: Moves, room: Room): Iterable<Html> {
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
  yield* asRoomAllows(rows, room, itemOf, { what: 'move', more: rest, isList: true })
}

function* itemOf(text: string): Iterable<Html> {
  yield markup`<li>${text}</li>\n`
}

function moveText({ step, from, to, became }: Move): string {
  return `${stepName(step)}, ${from} to ${to}. ${became}`
}
