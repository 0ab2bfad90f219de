/** What a suite says of each of its steps: the shape that every step definition fills in. */
import type { Bytes } from '../bytes'
import type { CheckId, CheckList } from './checks'
import type { Environment } from './environment'
import type { StepExplanation } from './explanation'
import type { ByteRange } from './frame'
import type { MemberRange, MemberSpec, MemberValue, MemberValues } from './members'
import type { Layer } from '../record/record'
import type { Role } from './roles'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from './state'
import type { StepNumber } from './steps'

/** Nothing is needed from outside to build the step. */
export type NoInput = Readonly<Record<string, never>>

/** Who builds each step from which state and input, and who accepts it in which. */
export interface StepTypes {
  1: { builder: RegistrationState; acceptor: AuthorityState; input: NoInput }
  2: { builder: AuthorityState; acceptor: RegistrationState; input: NoInput }
  3: { builder: ClientState; acceptor: ServerState; input: NoInput }
  4: { builder: ServerState; acceptor: ClientState; input: NoInput }
  /** `address` and `port`: the client's own end of the connection. */
  5: {
    builder: ClientState
    acceptor: ServerState
    input: { readonly address: string; readonly port: number }
  }
  /** `lifetime` in seconds. */
  6: { builder: ServerState; acceptor: ClientState; input: { readonly lifetime: number } }
  7: { builder: ClientState; acceptor: ServerState; input: { readonly request: string } }
  8: { builder: ServerState; acceptor: ClientState; input: { readonly data: string } }
}

/** Where plaintext and body meet: names the body's bytes, offsets counted from the body's start. */
export interface BodyLayout {
  readonly ranges: readonly ByteRange[]
  /** The bytes of the body that a part of the plaintext was turned into. */
  readonly project: (part: number, range: MemberRange) => { readonly start: number; readonly end: number }
}

/** A body closed: its bytes and their layout. */
export interface ClosedBody extends BodyLayout {
  readonly body: Bytes
}

/** A body opened: its plaintext parts (most steps have one) and its layout. */
export interface OpenedBody<S> extends BodyLayout {
  readonly parts: readonly Bytes[]
  /** Values of members that stand outside of the JSON objects. */
  readonly outside?: Readonly<Record<string, MemberValue>>
  /** The state with what opening has taught, a shared secret for instance; absent where that is nothing. */
  readonly state?: S
}

/** A layer as a suite defines it; `origins` where this suite's roles have the key from elsewhere than its entry says. */
export interface LayerDefinition extends Omit<Layer, 'origin'> {
  readonly origins?: Readonly<Partial<Record<Role, string>>>
}

/** The frame around a body, for suites whose protection covers it. */
export interface FrameContext {
  readonly header: (bodyLength: number) => Bytes
}

/** One step of one suite, for a builder's state B, an acceptor's state A and the builder's input I. */
export interface Step<B, A, I> extends StepExplanation {
  /** The message as a formula in the protocol's symbols. */
  readonly formula: string
  readonly members: readonly MemberSpec[]
  /** The checks between members and freshness, in the order in which they are made. */
  readonly checks: readonly CheckId[]
  readonly layers: readonly LayerDefinition[]
  /** The very last: remembers the message where the receiver has to know it again, or throws the alert. */
  readonly remember?: (state: A, checks: CheckList, environment: Environment) => void
  /** Chooses the members' values; the state it returns is the one that `seal` gets. */
  readonly compose: (
    state: B,
    input: I,
    environment: Environment,
  ) => Promise<{ readonly values: Readonly<Record<string, MemberValue>>; readonly state: B }>
  readonly seal: (
    state: B,
    parts: readonly Bytes[],
    frame: FrameContext,
    environment: Environment,
  ) => Promise<ClosedBody>
  /** What the builder knows once the message is made, where it is more than `compose` has returned. */
  readonly sent?: (state: B) => B
  /** What either side keeps once the frame is part of the transcript: keys that have done their work are forgotten. */
  readonly settle?: <S extends A | B>(state: S, environment: Environment) => Promise<S>
  /** Asked before anything is opened. */
  readonly admit?: (state: A, checks: CheckList, environment: Environment) => void
  /** Throws anything when the body can't be opened; the alert is `decrypt_failed` whatever it was. */
  readonly open: (
    state: A,
    body: Bytes,
    frame: FrameContext,
    environment: Environment,
  ) => Promise<OpenedBody<A>>
  /** Makes the step's own checks and returns what the acceptor knows afterwards. */
  readonly verify: (
    state: A,
    values: Readonly<Record<string, MemberValue>>,
    checks: CheckList,
    environment: Environment,
  ) => Promise<A>
}

/** The eight steps of a suite. */
export type SuiteSteps = {
  readonly [N in StepNumber]: Step<StepTypes[N]['builder'], StepTypes[N]['acceptor'], StepTypes[N]['input']>
}

/** A step as written in a suite, with its members' values typed by their names. */
type StepDefinition<N extends StepNumber, S extends readonly MemberSpec[]> = Omit<
  SuiteSteps[N],
  'members' | 'compose' | 'verify'
> & {
  readonly members: S
  readonly compose: (
    state: StepTypes[N]['builder'],
    input: StepTypes[N]['input'],
    environment: Environment,
  ) => Promise<{ readonly values: MemberValues<S>; readonly state: StepTypes[N]['builder'] }>
  readonly verify: (
    state: StepTypes[N]['acceptor'],
    values: MemberValues<S>,
    checks: CheckList,
    environment: Environment,
  ) => Promise<StepTypes[N]['acceptor']>
}

/**
 * Defines step N of a suite. The members' names and kinds type what `compose` returns and `verify` gets; that they
 * hold at run time is what reading the members has checked.
 */
export function defineStep<N extends StepNumber, const S extends readonly MemberSpec[]>(
  _step: N,
  definition: StepDefinition<N, S>,
): SuiteSteps[N] {
  return definition as unknown as SuiteSteps[N]
}
