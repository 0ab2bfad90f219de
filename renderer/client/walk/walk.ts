/**
 * The walk: which step comes next, what it takes, and taking it. Steps 1 and 2 happen between authority and server, in
 * main; steps 3 to 8 between this window and the server. Walking, every role stops before it builds a message.
 *
 * What is done here goes by what main answers; its news only tell what has happened besides.
 */
import { LabError, type Fault } from '#shared/errors'
import type { Session } from '#shared/hl1/state'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import type { LabView, WalkView } from '#shared/lab'
import { faultOf } from '../../common/call'
import { ClientSide, type ClientSurroundings } from './client-side'
import {
  isOvercome,
  serverStopped,
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
  #fault: Fault | undefined
  #busy = false
  /** What is under way ends because the person has said so: that is no fault. */
  #isGivenUp = false
  #marker: string | undefined
  /** Where the walk stands on main's side, by its newest word. */
  #main: WalkView | undefined
  #before: Circumstances

  constructor(private readonly around: WalkSurroundings) {
    this.client = new ClientSide(
      around,
      () => this.#look(),
      (error) => {
        this.#fault = faultOf(error)
      },
    )
    this.#before = this.#circumstances
    this.hear()
  }

  /** The step that *Next step* takes. */
  get next(): StepNumber {
    const turn = this.client.state?.next
    if (turn && turn.act !== 'end') return turn.step
    const registered = this.#main?.registered ?? 0
    return registered === 0 ? 1 : registered === 1 ? 2 : 3
  }

  get missing(): Missing | undefined {
    return whatIsMissing(this.next, this.around.view())
  }

  /** True while a step, or all of them, is under way. */
  get busy(): boolean {
    return this.#busy
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

  /** Main has told how the lab is now. */
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

  takeNextStep(): Promise<void> {
    return this.#act(() => this.#takeStep(this.next))
  }

  /** Takes all steps that are left, or, once there was an answer, all eight anew. */
  runAll(): Promise<void> {
    return this.#act(async () => {
      if (this.client.exchanges.length > 0) await this.#reset()
      await this.#runToTheEnd()
    })
  }

  startOver(): Promise<void> {
    return this.#act(() => this.#reset())
  }

  /** Gives up what is under way, a registration that waits for the person at the authority for one: the walk begins anew. */
  async giveUp(): Promise<void> {
    if (!this.#busy) return
    this.#isGivenUp = true
    await this.#reset()
  }

  /** Sends the request without stopping between steps 7 and 8; `force` even after the session's end. */
  sendRequest(force: boolean): Promise<void> {
    return this.#act(async () => {
      await this.#setStepping(false)
      await this.client.over
      this.client.ask(this.around.request(), force)
      await this.client.over
    })
  }

  /** Registers the server, steps 1 and 2, without stopping. */
  register(): Promise<void> {
    return this.#act(async () => {
      await this.around.call('server:register')
    })
  }

  /** Makes a new session, steps 3 to 6, with the certificate that the server has. */
  renewSession(): Promise<void> {
    return this.#act(async () => {
      const { registration, outdated } = (await this.#ask()).server
      if (registration === 'none' || registration === 'outdated') {
        const reason = outdated ?? 'It has no certificate.'
        throw new LabError('registration_outdated', `The server has to register first. ${reason}`)
      }
      this.client.leave()
      await this.#setStepping(false)
      await this.client.connect()
      await this.client.over
    })
  }

  /** The window's part is gone. */
  close(): void {
    this.client.close()
  }

  /** One action at a time; what goes wrong in it is shown. What the client's end has told of it says more than the rest. */
  async #act(action: () => Promise<void>): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    this.#isGivenUp = false
    this.#fault = undefined
    this.around.onChange()
    try {
      await action()
    } catch (error) {
      const fault = faultOf(error)
      if (!this.#isGivenUp || fault.code !== 'cancelled') this.#fault ??= fault
    } finally {
      this.#look()
      this.#busy = false
      this.around.onChange()
    }
  }

  async #takeStep(step: StepNumber): Promise<void> {
    const view = await this.#ask()
    const lacking = whatIsMissing(step, view)
    if (lacking) throw new LabError('not_running', `${lacking.text} Start it first.`)
    await this.#setStepping(true)
    const { phase, from, then } = STEPS[step]
    const { call } = this.around
    if (phase === 'registration') {
      const waits = view.walk.waiting.includes(step)
      return this.#learn(await (waits ? call('walk:release', { step }) : call('walk:register')))
    }
    if (!this.client.state) await this.client.connect()
    const connection = this.client.connection ?? ''
    if (phase === 'session' && from === 'client') this.client.ask(this.around.request(), false)
    if (from === 'server') await this.#unlessOver(call('walk:release', { step, connection }))
    else if (!(await this.client.release(step))) return
    // The step is done when its receiver stands before the next one, or has nothing more to build.
    if (then === undefined) await this.client.over
    else if (STEPS[then].from === 'client') await this.client.standsBefore(then)
    else await this.#unlessOver(call('walk:reached', { step: then, connection }))
  }

  async #runToTheEnd(): Promise<void> {
    const { call } = this.around
    let isAsked = this.client.awaitsAnswer
    await this.#setStepping(false)
    const { authority, server, walk } = await this.#ask()
    const isRegistered = walk.registered === 2 && server.status === 'running'
    if (!isRegistered && authority.status !== 'running') await call('authority:start', {})
    if (server.status !== 'running') await call('server:start', {})
    if (!isRegistered) await call('server:register')
    if (!this.client.state) {
      await this.client.connect()
      isAsked = false
    }
    await this.client.over
    if (!this.client.state || this.#fault || isAsked) return
    this.client.ask(this.around.request(), false)
    await this.client.over
  }

  async #reset(): Promise<void> {
    this.client.leave()
    this.client.setStepping(false)
    // Main cancels a registration before it lets anyone go on: nothing more is built for the walk that ends here.
    this.#learn(await this.around.call('walk:reset'))
    this.client.forget()
    this.#marker = this.around.newestRecord()
  }

  /** How the lab is now: the last news may be older than what was just done. */
  async #ask(): Promise<LabView> {
    const view = await this.around.call('lab:view')
    this.#learn(view.walk)
    return view
  }

  async #setStepping(stepping: boolean): Promise<void> {
    await this.around.call('walk:pace', { stepping })
    this.client.setStepping(stepping)
  }

  /** Waits for what main answers, unless the client's part has ended before: then its end says why. */
  async #unlessOver(answer: Promise<WalkView>): Promise<void> {
    await Promise.race([answer.then((walk) => this.#learn(walk)), this.client.over])
  }

  #learn(walk: WalkView): void {
    if (walk.version >= (this.#main?.version ?? 0)) this.#main = walk
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
    }
  }

  /** Sees what has become of the lab: it may end the session, make a fault pointless, or be one. */
  #look(): void {
    const [before, now] = [this.#before, this.#circumstances]
    this.#before = now
    if (before.serverRuns && !now.serverRuns) this.#leaveStopped()
    if (!this.#busy) {
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
