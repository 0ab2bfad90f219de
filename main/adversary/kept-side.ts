/** What is kept of an adversary in a run file: its lines and frames as they are at a moment, what it did, and keys that it has of others. */
import type { LeakId } from '#shared/adversary/live'
import type { Role } from '#shared/hl1/roles'
import type { KeptDeed, KeptFrame, KeptLine } from '#shared/run/kept-adversary'
import type { AdversarySide, ConnectionKeys } from '#shared/run/run'
import type { Leaked, Line } from './line'
import type { SeenFrame } from './seen-frame'

/** Whose memory a symmetric key is lost from. */
const OWNERS: Readonly<Partial<Record<LeakId, Role>>> = {
  K_tmp1: 'authority',
  K_tmp2: 'server',
  K_sess: 'server',
}

export interface SideSources {
  readonly lines: readonly Line[]
  readonly frames: readonly SeenFrame[]
  readonly deeds: readonly KeptDeed[]
  readonly leaked: readonly (Leaked & { readonly id: LeakId })[]
  /** The private key of its own that it poses with. */
  readonly own: string | undefined
}

/** An adversary as it is now; which connections of the run its lines are is found once these are known. */
export function keepSide({ lines, frames, deeds, leaked, own }: SideSources): AdversarySide {
  const used = [...new Set([...lines, ...frames.map(({ line }) => line)])]
  const placeOfLine = new Map(used.map((line, place) => [line, place]))
  const placeOfFrame = new Map(frames.map(({ id }, place) => [id, place]))
  const kept = frames.map((frame): KeptFrame => {
    const { at, line, from, isOwn, of, came, changed, fate, heldFor } = frame
    const again = of === undefined ? undefined : placeOfFrame.get(of)
    return {
      at,
      line: placeOfLine.get(line) ?? 0,
      from,
      isOwn,
      ...(again === undefined ? {} : { of: again }),
      ...(heldFor === undefined ? {} : { held: heldFor }),
      came,
      ...(changed ? { instead: changed } : {}),
      fate: fate.is,
    }
  })
  return {
    adversary: (connections) => ({
      lines: used.map((line): KeptLine => {
        const { wire, kind, opener } = line.options
        const id = connections.find((connection) => line.isOf(connection))?.id
        return { wire, kind, opener, ...(id === undefined ? {} : { connection: id }) }
      }),
      frames: kept,
      deeds: deeds
        .map((deed) =>
          deed.does === 'cut'
            ? { ...deed, line: used.findIndex(({ number }) => number === deed.line) }
            : deed,
        )
        .filter((deed) => deed.does !== 'cut' || deed.line >= 0),
    }),
    keys: leaked.flatMap(({ id, key, connection }): readonly ConnectionKeys[] => {
      const role = OWNERS[id]
      if (!connection || !role || !(key instanceof Uint8Array)) return []
      return [{ connection: connection.id, role, keys: { [id]: key } }]
    }),
    privateKeys: [
      ...leaked.flatMap(({ key }) => (key instanceof Uint8Array ? [] : [key.pem])),
      ...(own === undefined ? [] : [own]),
    ],
  }
}
