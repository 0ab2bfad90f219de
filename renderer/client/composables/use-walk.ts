/**
 * The walk: which step comes next, what it takes, and taking it. Steps 1 and 2 happen between authority and server, in
 * main; steps 3 to 8 between this window and the server. Walking, every role stops before it builds a message.
 */
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { LabError } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/lab'
import type { Client } from '#shared/hl1/drivers/client'
import { isUnsent } from '#shared/hl1/alerts'
import { Gates } from '#shared/hl1/drivers/gates'
import { withoutKeys } from '#shared/hl1/forgetting'
import type { Hl1Entry } from '#shared/hl1/types'
import { forgetSecrets } from '#shared/record/record'
import { RecordList } from '#shared/record/record-list'
import type { ClientState, Session } from '#shared/hl1/state'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import type { Lab } from '../../common/lab-bridge'
import { laterModule } from '../../common/later'
import { hideRevealedOf } from '../../common/revealed'
import { useSessionEnd } from './use-session-end'
import {
  isOvercome,
  seen,
  serverStopped,
  toFault,
  whatIsMissing,
  whoLeftRegistration,
  type Missing,
} from './walk-parts'

/** A request that was sent, and its answer once it is there. */
export interface Exchange {
  readonly id: number
  readonly request: string
  readonly answer: string | undefined
}

export interface Walk {
  /** The step that *Next step* takes. */
  readonly next: ComputedRef<StepNumber>
  readonly missing: ComputedRef<Missing | undefined>
  /** True while a step, or all of them, is under way. */
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Why the last action stopped. */
  readonly fault: Readonly<ShallowRef<Fault | undefined>>
  /** Shows another fault, or none. */
  readonly setFault: (fault: Fault | undefined) => void
  /** Records of this window's own messages, oldest first, secrets included: they are this window's own. */
  readonly own: Readonly<ShallowRef<readonly Hl1Entry[]>>
  /** Main's last record from before this walk began. */
  readonly marker: Readonly<ShallowRef<string | undefined>>
  /** The identifier of the connection to the server that the records speak of. */
  readonly connection: Readonly<ShallowRef<string | undefined>>
  /** What the client knows: replaced after every message. Undefined while it has no connection. */
  readonly state: Readonly<ShallowRef<ClientState | undefined>>
  /** As {@link Walk.state}, and without keys what it knew last when the connection is gone. */
  readonly known: Readonly<ShallowRef<ClientState | undefined>>
  readonly session: ComputedRef<Session | undefined>
  /** The session's lifetime is over. */
  readonly ended: Readonly<Ref<boolean>>
  /** A request was answered in the session: all eight steps are done. */
  readonly done: ComputedRef<boolean>
  /** There is, or was, a session in this walk: *Renew* makes another. */
  readonly canRenew: ComputedRef<boolean>
  readonly exchanges: Readonly<ShallowRef<readonly Exchange[]>>
  /** What the next request asks. */
  readonly request: ShallowRef<string>
  readonly takeNextStep: () => Promise<void>
  readonly runAll: () => Promise<void>
  readonly startOver: () => Promise<void>
  /** Sends the request without stopping between steps 7 and 8; `force` even after the session's end. */
  readonly sendRequest: (force: boolean) => Promise<void>
  /** Registers the server, steps 1 and 2, without stopping. */
  readonly register: () => Promise<void>
  /** Makes a new session, steps 3 to 6, with the certificate that the server has. */
  readonly renewSession: () => Promise<void>
}

/** The protocol, and the cryptography for it, is needed when the client connects. */
const loadClientRole = laterModule(() => import('./client-role'), 'first')

const OWN_KEPT = { count: 500, bytes: 64 * 1024 * 1024 }
const EXCHANGES_KEPT = 50
const SERVER_GONE = 'The server has closed the connection: the session is gone.'

/** `lab` is this window's view of main. */
export function useWalk(lab: Lab<CallsOf<'client'>>): Walk {
  const { call } = lab
  const ownRecords = new RecordList<Hl1Entry>(OWN_KEPT)
  const own = shallowRef<readonly Hl1Entry[]>([])
  const marker = shallowRef<string>()
  const connection = shallowRef<string>()
  const state = shallowRef<ClientState>()
  const known = shallowRef<ClientState>()
  const exchanges = shallowRef<readonly Exchange[]>([])
  const request = shallowRef('time')
  const busy = shallowRef(false)
  const fault = shallowRef<Fault>()
  const gates = new Gates(look)
  let role: Client | undefined
  let stepping = false
  /** Handshake or exchange, whichever is under way; settles when it has ended, and never rejects. */
  let running: Promise<void> = Promise.resolve()
  let exchangeCount = 0

  const registered = computed(() => lab.view.value?.walk.registered ?? 0)
  const next = computed<StepNumber>(() => {
    const turn = state.value?.next
    if (turn && turn.act !== 'end') return turn.step
    return registered.value === 0 ? 1 : registered.value === 1 ? 2 : 3
  })
  const missing = computed(() => whatIsMissing(next.value, lab.view.value))
  const session = computed(() => state.value?.session)
  /** The client keeps the session's key until it leaves: a request may be sent all the same. */
  const ended = useSessionEnd(session, forgetOwn)
  const hadSession = shallowRef(false)
  /** The connection of the moment, or the last one, has come as far as a session. */
  let hasSession = false
  const serverRuns = computed(() => lab.view.value?.server.status === 'running')
  watch(serverRuns, (runs) => {
    // The connection's end may be known before its cause.
    const isLost = fault.value?.code === 'connection_closed' && connection.value !== undefined
    if (!runs && (role || isLost)) stopWith(serverStopped(hasSession))
  })
  const circumstances = computed(() => ({
    missing: missing.value?.role,
    serverRuns: serverRuns.value,
    registered: registered.value,
  }))
  watch(circumstances, (now, before) => {
    if (busy.value) return
    if (fault.value && isOvercome(fault.value, before, now)) fault.value = undefined
    const left = before.registered === 1 && now.registered === 0 && whoLeftRegistration(lab.view.value)
    if (left) fault.value = toFault(left)
  })

  /** Makes what the client knows visible. */
  function look(): void {
    state.value = role?.state
    if (role) known.value = role.state
    if (session.value) hadSession.value = hasSession = true
  }

  function record(change: (list: RecordList<Hl1Entry>) => void): void {
    change(ownRecords)
    own.value = ownRecords.all
  }

  /** Forgets the keys that this window's own records hold. */
  function forgetOwn(): void {
    record((list) => list.change(forgetSecrets))
    hideRevealedOf(new Set(own.value.map(({ id }) => id)))
  }

  function leaveSession(): void {
    if (!role) return
    role.close()
    role = undefined
    look()
    known.value = known.value && withoutKeys(known.value)
    forgetOwn()
  }

  function stopWith(error: unknown): void {
    fault.value = toFault(error)
    leaveSession()
  }

  async function connect(): Promise<void> {
    leaveSession()
    record((list) => list.replace([]))
    const { settings } = lab
    const { connectClient } = await loadClientRole()
    role = await connectClient({
      call,
      settings: () => {
        if (!settings.value) throw new LabError('not_ready', 'The settings have not been read yet.')
        return settings.value
      },
      stepping: () => stepping,
      pace: async (step, connection, signal) => {
        if (stepping) await gates.wait(step, connection, signal)
      },
      onRecord: (entry) => record((list) => list.add(entry)),
      onFarewell: (error) => {
        if (role !== mine) return
        const isGone = toFault(error).code === 'connection_closed'
        stopWith(isGone ? new LabError('connection_closed', SERVER_GONE) : error)
      },
    })
    const mine = role
    connection.value = mine.connection.id
    hasSession = false
    running = follow(mine, mine.open())
  }

  function beginRequest(force: boolean): void {
    const mine = role
    if (!mine) return
    const exchange: Exchange = { id: ++exchangeCount, request: request.value, answer: undefined }
    const asked = mine.request(exchange.request, { force }).then((answer) => {
      const others = exchanges.value.filter(({ id }) => id !== exchange.id)
      exchanges.value = [{ ...exchange, answer }, ...others].slice(0, EXCHANGES_KEPT)
    })
    running = follow(mine, asked)
  }

  /** Waits for a part of the conversation. A failure ends the connection, but for a refusal of this side's own to send. */
  async function follow(mine: Client, part: Promise<unknown>): Promise<void> {
    try {
      await part
    } catch (error) {
      if (role !== mine) return
      if (isUnsent(error)) fault.value = toFault(error)
      else stopWith(error)
    }
    look()
  }

  async function setStepping(value: boolean): Promise<void> {
    stepping = value
    await call('walk:pace', { stepping: value })
    if (!value) gates.releaseAll()
  }

  /** One action at a time; what goes wrong in it is shown. */
  async function act(action: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    fault.value = undefined
    try {
      await action()
    } catch (error) {
      fault.value = toFault(error)
    } finally {
      look()
      busy.value = false
    }
  }

  async function takeStep(step: StepNumber): Promise<void> {
    // Asked anew: the last news may be older than what was just done.
    const view = await call('lab:view')
    const lacking = whatIsMissing(step, view)
    if (lacking) throw new LabError('not_running', `${lacking.text} Start it first.`)
    await setStepping(true)
    const { phase, from, then } = STEPS[step]
    if (phase === 'registration') {
      const waits = view.walk.waiting.includes(step)
      await (waits ? call('walk:release', { step }) : call('walk:register'))
      return seen(() => registered.value >= step)
    }
    if (!role) await connect()
    const mine = connection.value ?? ''
    if (phase === 'session' && from === 'client') beginRequest(false)
    if (from === 'client') {
      await gates.reached(step, () => mine, running)
      if (gates.has(step, mine)) gates.release(step, mine)
    } else {
      await call('walk:release', { step, connection: mine })
    }
    // The step is done when its receiver stands before the next one, or has nothing more to build.
    if (then === undefined) await running
    else if (STEPS[then].from === 'client') await gates.reached(then, () => mine, running)
    else await Promise.race([running, seen(() => lab.view.value?.walk.waiting.includes(then) === true)])
  }

  async function runToTheEnd(): Promise<void> {
    await setStepping(false)
    // Asked anew: the last news may be older than what was just done.
    const { authority, server, walk } = await call('lab:view')
    const isRegistered = walk.registered === 2 && server.status === 'running'
    if (!isRegistered && authority.status !== 'running') await call('authority:start', {})
    if (server.status !== 'running') await call('server:start', {})
    if (!isRegistered) await call('server:register')
    if (!role) await connect()
    const wasUnderWay = state.value?.next.act === 'accept' && state.value.next.step === 8
    await running
    if (!role || fault.value || wasUnderWay) return
    beginRequest(false)
    await running
  }

  async function reset(): Promise<void> {
    leaveSession()
    stepping = false
    gates.releaseAll()
    // Main cancels a registration before it lets anyone go on: nothing more is built for the walk that ends here.
    await call('walk:reset')
    record((list) => list.replace([]))
    known.value = undefined
    hadSession.value = false
    exchanges.value = []
    connection.value = undefined
    marker.value = lab.entries.value.at(-1)?.id
  }

  return {
    next,
    missing,
    busy,
    fault,
    setFault: (found) => (fault.value = found),
    own,
    marker,
    connection,
    state,
    known,
    session,
    ended,
    done: computed(() =>
      own.value.some(({ kind, step, outcome }) => kind === 'message' && step === 8 && outcome.ok),
    ),
    canRenew: computed(() => hadSession.value && serverRuns.value),
    exchanges,
    request,
    takeNextStep: () => act(() => takeStep(next.value)),
    runAll: () =>
      act(async () => {
        if (exchanges.value.length > 0) await reset()
        await runToTheEnd()
      }),
    startOver: () => act(reset),
    sendRequest: (force) =>
      act(async () => {
        await setStepping(false)
        await running
        beginRequest(force)
        await running
      }),
    register: () => act(() => call('server:register').then(() => undefined)),
    renewSession: () =>
      act(async () => {
        const { registration, outdated } = (await call('lab:view')).server
        if (registration === 'none' || registration === 'outdated') {
          const reason = outdated ?? 'It has no certificate.'
          throw new LabError('registration_outdated', `The server has to register first. ${reason}`)
        }
        leaveSession()
        await setStepping(false)
        await connect()
        await running
      }),
  }
}
