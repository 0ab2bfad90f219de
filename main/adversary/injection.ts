/** Frames that the adversary sends itself: seen ones once more, and steps that it makes. */
import type { Bytes } from '#shared/bytes'
import type { ForgeForm, Target } from '#shared/adversary/live'
import { forgeForm, makeFrame } from '#shared/adversary/moves'
import { otherEnd, type End } from '#shared/adversary/wire'
import { LabError } from '#shared/errors'
import type { KeySymbol } from '#shared/hl1/keys'
import type { StepNumber } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { MemberSpec, MemberValue } from '#shared/record/member'
import type { Insight } from './insight'
import type { Line } from './line'
import type { Lines } from './lines'
import type { OwnEnds } from './own-ends'
import type { Passage } from './passage'
import type { SeenFrame } from './seen-frame'

export interface InjectionOptions {
  readonly lines: Lines
  readonly ends: OwnEnds
  readonly insight: Insight
  readonly passage: Passage
}

/** A frame that was sent, and the connection that it was sent on. */
export interface Injected {
  readonly line: Line
  readonly frame: SeenFrame
}

export class Injection {
  constructor(private readonly options: InjectionOptions) {}

  /**
   * Sends bytes, in the place of the other end, on a connection that is there or a new one; `of`: the frame that they are of.
   * @throws LabError `unknown_connection`, and as {@link OwnEnds.open}
   */
  async send(bytes: Bytes, on: Target, of?: SeenFrame): Promise<Injected> {
    const { lines, ends, passage } = this.options
    const line = 'wire' in on ? await ends.open(on.wire) : lines.open(on.connection)
    const to = reachedEnd(on)
    if (!line.options.ends.includes(to))
      throw new LabError('unknown_connection', 'At that end of the connection is the adversary itself.')
    const frame = passage.sendOwn(line, otherEnd(to), bytes, of)
    await line.options.send(to, bytes)
    return { line, frame }
  }

  /** What it takes to make a step; what fits a member now is proposed, by a connection where one is named. */
  form(suite: SuiteName, step: StepNumber, connection?: number): ForgeForm {
    const { lines, insight } = this.options
    const line = lines.get(connection)
    return forgeForm(suite, step, insight.hands(line), (spec) => insight.suggest(spec, line))
  }

  /** Makes a step and sends it. @throws LabError `no_key`, `cannot_change`, and as {@link send} */
  async forge(
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ): Promise<Injected> {
    const { lines, insight } = this.options
    // Keys that have just come by are known once they were read.
    await insight.settled
    const there = 'wire' in on ? undefined : lines.open(on.connection)
    const hands = insight.hands(there, reachedEnd(on))
    // A frame brings keys that it is closed with itself.
    const own = carriedIn(suite, step, values)
    const bytes = await makeFrame(suite, step, values, { ...hands, keys: new Map([...hands.keys, ...own]) })
    const injected = await this.send(bytes, on)
    const { line } = injected
    for (const [name, key] of own) line.given.set(name, { key, from: 'own' })
    insight.readAgain(line)
    return injected
  }
}

/** The end that gets what is sent there. */
export function reachedEnd(on: Target): End {
  return 'wire' in on ? 'acceptor' : on.to
}

/** Symmetric keys among the values of a step. */
function carriedIn(
  suite: SuiteName,
  step: StepNumber,
  values: Readonly<Record<string, MemberValue>>,
): readonly (readonly [KeySymbol, Bytes])[] {
  return SUITES[suite].sheets[step].members.flatMap(({ name, nature }: MemberSpec<KeySymbol>) => {
    const value = values[name]
    return nature.is === 'key' && value instanceof Uint8Array ? [[nature.key, value] as const] : []
  })
}
