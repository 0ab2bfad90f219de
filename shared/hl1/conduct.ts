/** What each side does at a step, as code: the conduct that goes with the step's sheet. */
import type { Bytes } from '../bytes'
import type { MemberSpec, MemberValue, MemberValues } from '../record/member'
import type { CheckList } from './checks'
import type { Environment } from './environment'
import type { KeySymbol } from './keys'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from './state'
import type { StepNumber } from './steps'
import type { Hl1Sheet } from './types'

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

/** A body opened: its plaintext parts, one for each JSON object of the sheet. */
export interface OpenedBody<S> {
  readonly parts: readonly Bytes[]
  /** Values of members that stand outside of the JSON objects. */
  readonly outside?: Readonly<Record<string, MemberValue>>
  /** The state with what opening has taught, a shared secret for instance; absent where that is nothing. */
  readonly state?: S
}

/** The frame around a body, for suites whose protection covers it. */
export interface FrameContext {
  readonly header: (bodyLength: number) => Bytes
}

/** One step of one suite, for a builder's state B, an acceptor's state A and the builder's input I. */
export interface Conduct<B, A, I> {
  /**
   * The very last: what a good message does beyond its connection. The receiver remembers it where it has to know it again, or
   * gives a name away, which may wait for a person. Throws the alert.
   */
  readonly remember?: (state: A, checks: CheckList, environment: Environment) => void | Promise<void>
  /** Chooses the members' values; the state it returns is the one that `seal` gets. */
  readonly compose: (
    state: B,
    input: I,
    environment: Environment,
  ) => Promise<{ readonly values: Readonly<Record<string, MemberValue>>; readonly state: B }>
  /** Closes the plaintexts, one for each JSON object of the sheet, into a body that lies as the sheet's term says. */
  readonly seal: (
    state: B,
    parts: readonly Bytes[],
    frame: FrameContext,
    environment: Environment,
  ) => Promise<Bytes>
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
export type SuiteConduct = {
  readonly [N in StepNumber]: Conduct<
    StepTypes[N]['builder'],
    StepTypes[N]['acceptor'],
    StepTypes[N]['input']
  >
}

/** A conduct as written in a suite, with its members' values typed by their names. */
type ConductDefinition<N extends StepNumber, M extends MemberSpec> = Omit<
  SuiteConduct[N],
  'compose' | 'verify'
> & {
  readonly compose: (
    state: StepTypes[N]['builder'],
    input: StepTypes[N]['input'],
    environment: Environment,
  ) => Promise<{ readonly values: MemberValues<M>; readonly state: StepTypes[N]['builder'] }>
  readonly verify: (
    state: StepTypes[N]['acceptor'],
    values: MemberValues<M>,
    checks: CheckList,
    environment: Environment,
  ) => Promise<StepTypes[N]['acceptor']>
}

/**
 * Defines what is done at step N of a suite. The members of its sheet type what `compose` returns and `verify` gets; that
 * they hold at run time is what reading the members has checked.
 */
export function defineConduct<N extends StepNumber, M extends MemberSpec<KeySymbol>>(
  _step: N,
  _sheet: Hl1Sheet<M>,
  definition: ConductDefinition<N, M>,
): SuiteConduct[N] {
  return definition as unknown as SuiteConduct[N]
}
