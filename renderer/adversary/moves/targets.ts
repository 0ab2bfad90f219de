/** Where a frame can be sent: along which connection, to whom. */
import type { AdversaryView, ConnectionView, FrameRow, Target } from '#shared/adversary/live'
import type { End } from '#shared/adversary/wire'
import { ENDS, receiverOf } from '../words'

export interface TargetChoice {
  /** Stays the same while the connection lives. */
  readonly id: string
  readonly title: string
  readonly target: Target
}

/** So many other connections are offered, the newest first. */
const MOST = 12

/**
 * The ways to send something, the likeliest first: for a frame its own connection and its own receiver. One that only an opener
 * takes goes along a connection that somebody has opened, if there is one; others may have a new one.
 */
export function targetsOf(
  { connections }: Pick<AdversaryView, 'connections'>,
  frame?: Pick<FrameRow, 'connection' | 'wire' | 'direction'>,
): readonly TargetChoice[] {
  const open = connections.filter(({ isOpen }) => isOpen).toReversed()
  const own = open.find(({ number }) => number === frame?.connection)
  const wires =
    frame?.wire === 'authority' ? (['authority', 'server'] as const) : (['server', 'authority'] as const)
  const others = open.filter((each) => each !== own).slice(0, MOST)
  const isForOpener = !own && frame && receiverOf(frame) === 'opener'
  const first = isForOpener ? others.filter(({ kind, wire }) => kind !== 'own' && wire === frame.wire) : []
  const other = (each: ConnectionView, to: End): TargetChoice => along(each, to, `Connection #${each.number}`)
  return [
    ...(own && frame
      ? endsOf(own, receiverOf(frame)).map((to) => along(own, to, 'The same connection'))
      : []),
    ...first.map((each) => other(each, 'opener')),
    ...wires.map((wire) => ({
      id: `new ${wire}`,
      title: `A new connection to the ${wire}`,
      target: { wire },
    })),
    ...others.flatMap((each) =>
      endsOf(each, 'acceptor')
        .filter((to) => to === 'acceptor' || !first.includes(each))
        .map((to) => other(each, to)),
    ),
  ]
}

/** The ends that are not the adversary itself, `first` before the other. */
function endsOf({ kind }: ConnectionView, first: End): readonly End[] {
  if (kind === 'own') return ['acceptor']
  if (kind === 'posed') return ['opener']
  return first === 'acceptor' ? ['acceptor', 'opener'] : ['opener', 'acceptor']
}

function along({ number, wire }: ConnectionView, to: End, name: string): TargetChoice {
  return {
    id: `${number} ${to}`,
    title: `${name}, to the ${ENDS[wire][to]}`,
    target: { connection: number, to },
  }
}
