/**
 * The walk: which step comes next, what it takes, and taking it. Steps 1 and 2 happen between authority and server, in
 * main; steps 3 to 8 between this window and the server. Walking, every role stops before it builds a message.
 *
 * What is done here goes by what main answers; its news only tell what has happened besides.
 */
import { LabError, type Fault } from '#shared/errors'
import { PausableClock } from '#shared/hl1/pausable-clock'
import type { Session } from '#shared/hl1/state'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import type { LabView, WalkView } from '#shared/lab'
import { faultOf } from '../../common/call'
import { Action } from './action'
import { ClientSide, type ClientSurroundings } from './client-side'
import {
  ANOTHER_SESSION,
  ANOTHER_WALK,
  givenUp,
  isOvercome,
  KEY_KEPT,
  missingRoles,
  serverStopped,
  startedRoles,
  whatGoesOn,
  whatIsMissing,
  whoLeftRegistration,
  type Circumstances,
  type Missing,
} from './walk-parts'

/** What a walk needs from outside. */
export interface WalkSurroundings extends ClientSurroundings {
  /** The lab by the last news; {@link Walk.hear} is called when there are others. */
  readonly view: () => LabView | undefined
  /** The newest of main's records that this window has. */
  readonly newestRecord: () => string | undefined
  /** What the next request asks. */
  readonly request: () => string
  /** Anything that can be seen here is another now. */
  readonly onChange: () => void
}

export class Walk {
  /** The client's end: its state, records and exchanges. */
  readonly client: ClientSide
  /** What the session is measured with here; it stands while main's does. */
  readonly clock: PausableClock
  #fault: Fault | undefined
  #did: string | undefined
  #isAsked = false
  readonly #action = new Action()
  #marker: string | undefined
  /** Where the walk stands on main's side, by its newest word. */
  #main: WalkView | undefined
  #before: Circumstances

  constructor(private readonly around: WalkSurroundings) {
    this.clock = new PausableClock(around.clock)
    this.client = new ClientSide(
      { ...around, clock: this.clock },
      () => this.#look(),
      (error) => {
        this.#fault = faultOf(error)
      },
    )
    this.#before = this.#circumstances
    this.hear()
  }

  /** The step before which the walk stands. */
  get next(): StepNumber {
    const turn = this.client.state?.next
    if (turn && turn.act !== 'end') return turn.step
    return this.#nextWithoutConnection
  }

  get #nextWithoutConnection(): 1 | 2 | 3 {
    const registered = this.#main?.registered ?? 0
    return registered === 0 ? 1 : registered === 1 ? 2 : 3
  }

  /** What *Next step* comes to: the same, but for a session that has ended, after which another one begins. */
  get upNext(): StepNumber {
    const { next } = this
    return this.client.ended && next === 7 ? this.#nextWithoutConnection : next
  }

  get missing(): Missing | undefined {
    return whatIsMissing(this.upNext, this.around.view())
  }

  /** True while a step, or all of them, is under way. */
  get busy(): boolean {
    return this.#action.isUnderWay
  }

  /** What the last action did besides what was asked, or why nothing came of it: for people. */
  get did(): string | undefined {
    return this.#did
  }

  /** Main asks whether to start over, where something is lost by that. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  /** Why the last action stopped. */
  get fault(): Fault | undefined {
    return this.#fault
  }

  /** Main's last record from before this walk began. */
  get marker(): string | undefined {
    return this.#marker
  }

  get session(): Session | undefined {
    return this.client.state?.session
  }

  /** A request was answered in the session: all eight steps are done. */
  get done(): boolean {
    return this.client.records.some(
      ({ kind, step, outcome }) => kind === 'message' && step === 8 && outcome.ok,
    )
  }

  /** There is, or was, a session in this walk: *Renew* makes another. */
  get canRenew(): boolean {
    return this.client.hadSession && this.#serverRuns
  }

  /** Main has told how the lab is now, or which settings are in force. */
  hear(): void {
    const view = this.around.view()
    if (view) this.#learn(view.walk)
    else this.#look()
  }

  /** Shows another fault, or none. */
  setFault(fault: Fault | undefined): void {
    this.#fault = fault
    this.around.onChange()
  }

  /**
   * Takes the next step, and before that starts the roles that it lacks. Where the session has ended a request would be refused: the
   * next step is the first one of another session.
   */
  takeNextStep(): Promise<void> {
    return this.#act(async () => {
      if (this.upNext !== this.next) {
        this.client.leave()
        this.#did = this.next === 3 ? ANOTHER_SESSION : ANOTHER_WALK
      }
      await this.#startRoles(missingRoles(this.next, await this.#ask()))
      await this.#takeStep(this.next)
    })
  }

  /**
   * Gives up the action that is under way, with all that it has begun: a start, a registration, a handshake or a request. A
   * message that was sent can't be taken back, so its connection is closed.
   */
  cancel(): void {
    const { client } = this
    this.#action.giveUp(async () => {
      const lost = client.underWay ? (client.state?.session ? 'session' : 'handshake') : undefined
      if (lost) client.leave()
      this.#did = givenUp(lost)
      this.around.onChange()
      await this.around.call('lab:cancel').then(
        (walk) => this.#learn(walk),
        (error: unknown) => void (this.#fault = faultOf(error)),
      )
    })
  }

  /** Takes all steps that are left; where none is, as there was an answer and no other handshake has begun, all eight anew. */
  runAll(): Promise<void> {
    return this.#act(async () => {
      const { underWay, state, exchanges } = this.client
      const isInHandshake = underWay && !state?.session
      if (exchanges.length > 0 && !isInHandshake && !(await this.#reset())) return
      await this.#runToTheEnd()
    })
  }

  startOver(): Promise<void> {
    return this.#act(async () => {
      if (await this.#reset()) this.#did = whatGoesOn(this.around.view())
    })
  }

  /** Sends the request without stopping between steps 7 and 8; `force` even after the session's end. */
  sendRequest(force: boolean): Promise<void> {
    return this.#act(async () => {
      await this.#setStepping(false)
      await this.#over()
      this.client.ask(this.around.request(), force)
      await this.#over()
    })
  }

  /** Registers the server, steps 1 and 2, without stopping. */
  register(): Promise<void> {
    return this.#act(async () => {
      await this.#action.part(this.around.call('server:register'))
    })
  }

  /** Makes a new session, steps 3 to 6, with the certificate that the server has. */
  renewSession(): Promise<void> {
    return this.#act(async () => {
      const view = await this.#ask()
      const { registration, outdated } = view.server
      if (registration === 'none' || registration === 'outdated') {
        const reason = outdated ?? 'It has no certificate.'
        throw new LabError('registration_outdated', `The server has to register first. ${reason}`)
      }
      this.client.leave()
      await this.#finishRegistration(view)
      await this.#setStepping(false)
      await this.#action.part(this.client.connect())
      await this.#over()
    })
  }

  /** Stops the session's clock at both ends, or lets it go on. */
  async pauseClock(paused: boolean): Promise<void> {
    try {
      this.#learn(await this.around.call('walk:pause', { paused }))
    } catch (error) {
      this.setFault(faultOf(error))
    }
  }

  /** The window's part is gone. */
  close(): void {
    this.client.close()
  }

  /** One action at a time; what goes wrong in it is shown. What the client's end has told of it says more than the rest. */
  async #act(work: () => Promise<void>): Promise<void> {
    if (this.busy) return
    this.#fault = undefined
    this.#did = undefined
    const acting = this.#action.run(work, (error) => (this.#fault ??= faultOf(error)))
    this.around.onChange()
    await acting
    this.#look()
  }

  #over(): Promise<void> {
    return this.#action.part(this.client.over)
  }

  async #startRoles(roles: readonly Missing['role'][]): Promise<void> {
    for (const role of roles) await this.#action.part(this.around.call(`${role}:start`, {}))
    if (roles.length === 0) return
    this.#did = startedRoles(roles)
    await this.#ask()
  }

  async #takeStep(step: StepNumber): Promise<void> {
    await this.#setStepping(true)
    const { phase, from, then } = STEPS[step]
    const { call } = this.around
    if (phase === 'registration') {
      const waits = this.#main?.waiting.includes(step) === true
      const taken = waits ? call('walk:release', { step }) : call('walk:register')
      this.#learn(await this.#action.part(taken))
      if (step === 1 && this.next === 1) this.#did = KEY_KEPT
      return
    }
    if (!this.client.state) await this.#action.part(this.client.connect())
    const connection = this.client.connection ?? ''
    if (phase === 'session' && from === 'client') this.client.ask(this.around.request(), false)
    if (from === 'server') await this.#unlessOver(call('walk:release', { step, connection }))
    else if (!(await this.#action.part(this.client.release(step)))) return
    // The step is done when its receiver stands before the next one, or has nothing more to build.
    if (then === undefined) await this.#over()
    else if (STEPS[then].from === 'client') await this.#action.part(this.client.standsBefore(then))
    else await this.#unlessOver(call('walk:reached', { step: then, connection }))
  }

  async #runToTheEnd(): Promise<void> {
    const { call } = this.around
    let isAsked = this.client.awaitsAnswer
    await this.#finishRegistration(await this.#ask())
    await this.#setStepping(false)
    const { authority, server, walk } = await this.#ask()
    const isRegistered = walk.registered === 2 && server.status === 'running'
    const lacking: Missing['role'][] = []
    if (!isRegistered && authority.status !== 'running') lacking.push('authority')
    if (server.status !== 'running') lacking.push('server')
    await this.#startRoles(lacking)
    if (!isRegistered) {
      await this.#action.part(call('server:register'))
      if ((await this.#ask()).walk.registered !== 2) {
        this.#did = KEY_KEPT
        return
      }
    }
    if (!this.client.state) {
      await this.#action.part(this.client.connect())
      isAsked = false
    }
    await this.#over()
    if (!this.client.state || this.#fault || isAsked) return
    this.client.ask(this.around.request(), false)
    await this.#over()
  }

  /**
   * A registration that stands before step 2 goes on, and is waited for. Asked for while it stands there: once it has ended the same
   * call would be another one.
   */
  async #finishRegistration({ server }: LabView): Promise<void> {
    if (server.registration === 'under_way') await this.#action.part(this.around.call('server:register'))
  }

  /** Begins anew, unless the person, whom main asks where something is lost by that, has changed their mind. */
  async #reset(): Promise<boolean> {
    if (!(await this.#mayReset())) return false
    this.client.leave()
    this.client.setStepping(false)
    // Main cancels a registration before it lets anyone go on: nothing more is built for the walk that ends here.
    this.#learn(await this.around.call('walk:reset'))
    this.client.forget()
    this.#marker = this.around.newestRecord()
    return true
  }

  async #mayReset(): Promise<boolean> {
    this.#isAsked = true
    this.around.onChange()
    try {
      return await this.#action.part(this.around.call('walk:may-reset'))
    } finally {
      this.#isAsked = false
      this.around.onChange()
    }
  }

  /** How the lab is now: the last news may be older than what was just done. */
  async #ask(): Promise<LabView> {
    const view = await this.#action.part(this.around.call('lab:view'))
    this.#learn(view.walk)
    return view
  }

  async #setStepping(stepping: boolean): Promise<void> {
    await this.#action.part(this.around.call('walk:pace', { stepping }))
    this.client.setStepping(stepping)
  }

  /** Waits for what main answers, unless the client's part has ended before: then its end says why. */
  async #unlessOver(answer: Promise<WalkView>): Promise<void> {
    await this.#action.part(Promise.race([answer.then((walk) => this.#learn(walk)), this.client.over]))
  }

  #learn(walk: WalkView): void {
    if (walk.version >= (this.#main?.version ?? 0)) this.#main = walk
    if (this.#main?.paused) this.clock.pause()
    else this.clock.resume()
    this.#look()
  }

  get #serverRuns(): boolean {
    return this.around.view()?.server.status === 'running'
  }

  get #circumstances(): Circumstances {
    return {
      missing: this.missing?.role,
      serverRuns: this.#serverRuns,
      registered: this.#main?.registered ?? 0,
      suite: this.around.settings()?.suite,
    }
  }

  /** Sees what has become of the lab: it may end the session, make a fault pointless, or be one. */
  #look(): void {
    const [before, now] = [this.#before, this.#circumstances]
    this.#before = now
    if (before.serverRuns && !now.serverRuns) this.#leaveStopped()
    if (!this.busy) {
      if (this.#fault && isOvercome(this.#fault, before, now)) this.#fault = undefined
      const left = before.registered === 1 && now.registered === 0 && whoLeftRegistration(this.around.view())
      if (left) this.#fault = faultOf(left)
    }
    this.around.onChange()
  }

  /** The server has stopped. The connection's end may be known before its cause. */
  #leaveStopped(): void {
    const { client } = this
    const isLost = this.#fault?.code === 'connection_closed' && client.connection !== undefined
    if (client.state || isLost) client.leave(serverStopped(client.known?.session !== undefined))
  }
}
