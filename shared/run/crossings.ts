/**
 * Whether what came to one end of a connection was sent at the other before that, where a run has the records of both. Whoever stood between
 * may have changed, repeated or made frames: where somebody did, the run says so, or the connection did not lead straight to who accepted it.
 */
import { HEADER_BYTES } from '../hl1/frame'
import type { Role } from '../hl1/roles'
import type { Hl1Entry } from '../hl1/types'
import type { Connection } from '../record/connection'
import { SameBytes } from '../same-bytes'
import { roleAt } from './kept-adversary'
import { comesFirst } from './order'
import type { Run } from './run'
import { endOf, named } from './sequence'

/** An adversary that has seen more forgets the oldest: its frames are then not all that there were. */
const ADVERSARY_KEEPS = { frames: 400, bytes: 8 * 1024 * 1024 }

interface Placed {
  readonly entry: Hl1Entry
  readonly place: number
}

/** @param inside ends whose oldest records had to go: what came of those can't be told */
export function crossingsOf(run: Run, inside: ReadonlySet<string>): readonly string[] {
  const connections = new Map<string, Placed[]>()
  for (const [place, entry] of run.records.entries()) {
    const { id } = entry.connection
    const known = connections.get(id)
    if (known) known.push({ entry, place })
    else connections.set(id, [{ entry, place }])
  }
  const wires = new Wires(run)
  const neighbours = new Neighbours(run)
  return [...connections.values()].flatMap((placed) => {
    const roles = new Set(placed.map(({ entry }) => entry.role))
    return roles.size === 2 ? crossingsOn(placed, { wires, neighbours, inside }) : []
  })
}

interface Around {
  readonly wires: Wires
  readonly neighbours: Neighbours
  readonly inside: ReadonlySet<string>
}

function crossingsOn(placed: readonly Placed[], around: Around): readonly string[] {
  const { wires, neighbours, inside } = around
  const sent = new Map<Role, Sent>()
  const last = new Map<Role, number>()
  for (const { entry, place } of placed) {
    last.set(entry.role, place)
    if (!sent.has(entry.role)) sent.set(entry.role, new Sent(wires.same))
    if (entry.direction === 'sent') sent.get(entry.role)?.expect(entry)
  }
  const faults: string[] = []
  for (const { entry, place } of placed) {
    const { role, direction } = entry
    if (direction === 'sent') {
      sent.get(role)?.add(entry)
      continue
    }
    const [sender, others] = [...sent].find(([whose]) => whose !== role) ?? []
    if (!sender || !others || inside.has(endOf({ ...entry, role: sender }))) continue
    if (others.take(entry)) continue
    const later = others.expected(entry)
    if (later) {
      if (neighbours.isMerged(entry, place, sender)) others.takeAhead(entry)
      else
        faults.push(
          `${named(entry, true)} comes to the ${role} before the ${sender} has sent it (${later.id}).`,
        )
      continue
    }
    // The client’s window is asked for its records a moment before the others are put beside them.
    const isAfterAsked = sender === 'client' && place > (last.get(sender) ?? 0) && !wires.isAttack
    if (isAfterAsked || wires.mayBeOthers(entry, () => others.takeAny())) continue
    faults.push(`${named(entry, true)} has come to the ${role}, and the ${sender} has never sent it.`)
  }
  return faults
}

/** What an end has sent up to a place of the run, and how much of it has come to the other end. */
class Sent {
  /** By the numbers of their bytes: how often, and how much of that has come. */
  readonly #frames = new Map<number, { sent: number; came: number }>()
  readonly #expected = new Map<number, Hl1Entry>()
  #open = 0

  constructor(private readonly same: SameBytes) {}

  /** It will be sent at its place. */
  expect(entry: Hl1Entry): void {
    const number = this.same.numberOf(entry.frame)
    if (!this.#expected.has(number)) this.#expected.set(number, entry)
  }

  add({ frame }: Hl1Entry): void {
    const found = this.#of(frame)
    if (found.came <= found.sent) this.#open++
    found.sent++
  }

  /** A frame has come; false where none like it was sent before. Of one that is sent again by others more may come. */
  take({ frame }: Hl1Entry): boolean {
    const found = this.#of(frame)
    if (found.sent === 0) return false
    if (found.came < found.sent) this.#open--
    found.came++
    return true
  }

  /** A frame has come of which the record stands behind. */
  takeAhead({ frame }: Hl1Entry): void {
    this.#of(frame).came++
  }

  /** The record of a frame that is sent at all. */
  expected({ frame }: Hl1Entry): Hl1Entry | undefined {
    return this.#expected.get(this.same.numberOf(frame))
  }

  /** Another frame has come in the place of one that was sent; false where all have come. */
  takeAny(): boolean {
    if (this.#open <= 0) return false
    this.#open--
    return true
  }

  #of(frame: Uint8Array): { sent: number; came: number } {
    const number = this.same.numberOf(frame)
    const found = this.#frames.get(number) ?? { sent: 0, came: 0 }
    this.#frames.set(number, found)
    return found
  }
}

/** What a run says of who stood between the ends of its connections. */
class Wires {
  readonly same = new SameBytes()
  readonly isAttack: boolean
  /** Frames that the adversary has let go on, made or repeated, by who got them; of each also its header alone. */
  readonly #toRoles = new Set<string>()
  /** Connections of which an adversary has every frame that crossed between two times; undefined where it may have forgotten some. */
  readonly #known:
    { readonly lines: ReadonlySet<string>; readonly since: number; readonly until: number } | undefined

  constructor(private readonly run: Run) {
    const { attack, adversary } = run
    this.isAttack = attack !== undefined
    for (const { to, frame } of attack?.frames ?? []) if (to !== 'adversary') this.#add(to, frame)
    for (const { line, from, came, instead } of adversary?.frames ?? []) {
      const wire = adversary?.lines[line]?.wire
      if (wire) this.#add(roleAt(wire, from === 'opener' ? 'acceptor' : 'opener'), instead ?? came)
    }
    const bytes = adversary?.frames.reduce((sum, { came }) => sum + came.length, 0) ?? 0
    const isAll =
      adversary && adversary.frames.length < ADVERSARY_KEEPS.frames && bytes < ADVERSARY_KEEPS.bytes
    if (isAll)
      this.#known = {
        lines: new Set(adversary.lines.flatMap(({ connection }) => connection ?? [])),
        since: adversary.frames[0]?.at ?? Infinity,
        // It is asked before roles are: what crosses meanwhile it does not have.
        until: adversary.frames.at(-1)?.at ?? -Infinity,
      }
  }

  /**
   * Whether a frame that its sender has not sent so may be somebody else’s.
   * @param inPlace takes the place of one that was sent, and has not come; false where there is none
   */
  mayBeOthers(entry: Hl1Entry, inPlace: () => boolean): boolean {
    const { connection, outcome, at, role, frame } = entry
    if (this.#toRoles.has(this.#keyOf(role, frame))) return true
    // Straight from end to end only the end of a frame may be lost.
    if (this.#isStraight(connection)) return !outcome.ok && inPlace()
    if (inPlace()) return true
    if (this.isAttack) return false
    if (!this.#known?.lines.has(connection.id)) return true
    return at < this.#known.since || at > this.#known.until
  }

  #isStraight({ acceptor, to }: Connection): boolean {
    const address = acceptor === 'authority' ? this.run.authority.address : this.run.server.address
    return address?.port === to.port && address.address === to.address
  }

  #add(role: Role, frame: Uint8Array): void {
    this.#toRoles.add(this.#keyOf(role, frame))
    this.#toRoles.add(this.#keyOf(role, frame.subarray(0, HEADER_BYTES)))
  }

  #keyOf(role: Role, frame: Uint8Array): string {
    return `${role} ${this.same.numberOf(frame)}`
  }
}

/**
 * The app puts the client’s records beside the others by the wall clock (`order.ts`): where that was set, or both read it a little apart, what was
 * sent may stand behind what came of it.
 */
class Neighbours {
  /** By places: the next record of the client from there on, and the next of the others. */
  readonly #next: readonly { readonly client: Hl1Entry | undefined; readonly other: Hl1Entry | undefined }[]

  constructor(private readonly run: Run) {
    const next: { client: Hl1Entry | undefined; other: Hl1Entry | undefined }[] = []
    let [client, other]: (Hl1Entry | undefined)[] = []
    for (const entry of run.records.toReversed()) {
      next.push({ client, other })
      if (entry.role === 'client') client = entry
      else other = entry
    }
    this.#next = next.reverse()
  }

  /** Whether a record stands where it does by its time, before the one that its frame was sent with. */
  isMerged(entry: Hl1Entry, place: number, sender: Role): boolean {
    if (this.run.attack || entry.connection.opener !== 'client') return false
    const { client, other } = this.#next[place] ?? {}
    if (sender === 'client') return client !== undefined && comesFirst(entry, client)
    return other !== undefined && !comesFirst(other, entry)
  }
}
