/** What an adversary on the lab's own wires did, in words: each frame beside what roles have recorded of it, and what it did besides. */
import { fateWords } from '../adversary/fate-words'
import { LEAKS, POSES, type Fate } from '../adversary/live'
import { changeText } from '../adversary/moves'
import type { Party } from '../adversary/stage'
import { stepOf } from '../adversary/wire'
import { CHECKS } from '../hl1/check-table'
import { HEADER_BYTES } from '../hl1/frame'
import { count, listed } from '../words'
import { framesAgain, type FrameAgain } from './adversary-again'
import { isItself, roleAt, type KeptAdversary, type KeptDeed } from './kept-adversary'
import type { Move, Moves } from './move'
import type { Run } from './run'

/** Moves of the adversary of a run. */
export function movesOfAdversary(run: Run, adversary: KeptAdversary): Moves {
  const places = new Map(run.records.map(({ id }, place) => [id, place + 1]))
  const placeOf = (entry: FrameAgain['sent']): number => (entry && places.get(entry.id)) ?? 0
  let last = 1
  const frames = framesAgain(run).map((found): Move => {
    const { sent, got } = found
    last = Math.max(last, placeOf(sent) || placeOf(got))
    return { ...moveOf(found, adversary), moment: last }
  })
  return { summary: summaryOf(frames, adversary), frames, deeds: adversary.deeds.map(deedOf) }
}

function moveOf({ frame, line, got }: FrameAgain, { frames }: KeptAdversary): Omit<Move, 'moment'> {
  const { from, isOwn, came, instead, of, held, fate } = frame
  const to = from === 'opener' ? 'acceptor' : 'opener'
  const sender: Party = isOwn || isItself(line, from) ? 'adversary' : roleAt(line.wire, from)
  const receiver: Party = isItself(line, to) ? 'adversary' : roleAt(line.wire, to)
  const again = of === undefined ? undefined : frames[of]
  const done = [
    ...(isOwn ? [again ? `Sent again: it is number ${(of ?? 0) + 1}.` : 'Made by the adversary.'] : []),
    ...(held === undefined ? [] : [`Held for ${(held / 1000).toFixed(1)} s.`]),
    ...(instead ? [changeText(came, instead)] : []),
    fateText(frame, roleAt(line.wire, to), got),
  ]
  return {
    from: sender,
    to: receiver,
    step: came.length < HEADER_BYTES ? 0 : stepOf(came),
    is: kindOf(sender, receiver, frame),
    became: done.join(' '),
    frame: came,
    instead: fate === 'dropped' ? undefined : instead,
  }
}

function kindOf(sender: Party, receiver: Party, { instead, fate }: FrameAgain['frame']): Move['is'] {
  if (sender === 'adversary') return 'own'
  if (receiver === 'adversary' || fate === 'dropped' || fate === 'held') return 'kept'
  return instead ? 'changed' : 'passed'
}

/** What became of a frame: as its receiver has recorded it, where that is known. */
function fateText(
  { fate, isOwn, instead, came }: FrameAgain['frame'],
  by: ReturnType<typeof roleAt>,
  got: FrameAgain['got'],
): string {
  const wasRefused = got ? !got.outcome.ok && got.kind === 'message' : fate === 'refused'
  const wasAccepted = got ? !wasRefused : fate === 'accepted'
  if (wasAccepted) return fateWords({ is: 'accepted', by, unnoticed: isOwn || instead !== undefined }).long
  if (!wasRefused) return fateWords({ is: fate } as Exclude<Fate, { is: 'accepted' | 'refused' }>).long
  const id = got?.checks.find(({ result }) => result === 'failed')?.id
  const refusal = got?.outcome.ok === false ? got.outcome : undefined
  return fateWords({
    is: 'refused',
    by,
    step: got?.step ?? stepOf(instead ?? came),
    code: refusal?.code ?? '',
    message: refusal?.message ?? '',
    check: id && { id, title: CHECKS[id].title },
  }).long
}

function deedOf(deed: KeptDeed): { readonly at: number; readonly text: string } {
  return { at: deed.at, text: deedText(deed) }
}

function deedText(deed: KeptDeed): string {
  switch (deed.does) {
    case 'switch_on':
      return 'Switched on: connections cross its relays from now on.'
    case 'switch_off':
      return 'Switched off: connections that crossed its relays have ended.'
    case 'run_script':
      return 'Follows a script from now on.'
    case 'stop_script':
      return 'Follows no script any more.'
    case 'cut':
      return `Cut connection ${deed.line + 1}.`
    case 'leak':
      return `${deed.key} was leaked to it. ${LEAKS[deed.key].models}`
    case 'pose':
      return deed.as === 'none'
        ? `${POSES.none.title} any more.`
        : `${POSES[deed.as].title}${deed.name === undefined ? '' : `, registered as ${deed.name}`}.`
  }
}

function summaryOf(frames: readonly Move[], { deeds }: KeptAdversary): string {
  const kinds = [
    ['changed', 'changed'],
    ['kept', 'kept or dropped'],
    ['own', 'of its own'],
  ] as const
  const parts = kinds.flatMap(([is, words]) => {
    const found = frames.filter((frame) => frame.is === is).length
    return found === 0 ? [] : [`${found} ${words}`]
  })
  const leaks = [...new Set(deeds.flatMap((deed) => (deed.does === 'leak' ? [deed.key] : [])))]
  const done = parts.length > 0 ? `, ${listed(parts)}` : ', none of them touched'
  const lost = leaks.length > 0 ? ` Leaked to it: ${listed(leaks)}.` : ''
  return `An adversary was on the wire: ${count(frames.length, 'frame')}${done}.${lost}`
}
