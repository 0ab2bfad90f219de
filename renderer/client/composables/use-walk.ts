/**
 * The walk: which step comes next, what it takes, and taking it. Steps 1 and 2 happen between authority and server, in
 * main; steps 3 to 8 between this window and the server. Walking, every role stops before it builds a message.
 */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { LabError } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/lab'
import { ProtocolError } from '#shared/protocol/alerts'
import { Gates } from '#shared/protocol/drivers/gates'
import type { JournalEntry } from '#shared/protocol/record'
import type { ClientState, Session } from '#shared/protocol/state'
import { STEPS, type StepNumber } from '#shared/protocol/steps'
import { faultOf, type Lab } from '../../common/lab-bridge'
import { ClientRole } from './client-role'

/** A request that was sent, and its answer once it is there. */
export interface Exchange {
  readonly id: number
  readonly request: string
  readonly answer: string | undefined
}

/** A role that the next step needs and that is not running. */
export interface Missing {
  readonly role: 'authority' | 'server'
  readonly text: string
}

export interface Walk {
  /** The step that *Next step* takes. */
  readonly next: ComputedRef<StepNumber>
  readonly missing: ComputedRef<Missing | undefined>
  /** True while a step, or all of them, is under way. */
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Why the last action stopped. */
  readonly fault: ShallowRef<Fault | undefined>
  /** Records of this window's own messages, oldest first, secrets included: they are this window's own. */
  readonly own: Readonly<ShallowRef<readonly JournalEntry[]>>
  /** Main's last record from before this walk began. */
  readonly marker: Readonly<ShallowRef<string | undefined>>
  /** The connection to the server that the records speak of. */
  readonly connection: Readonly<ShallowRef<string | undefined>>
  /** What the client knows: replaced after every message. */
  readonly state: Readonly<ShallowRef<ClientState | undefined>>
  readonly session: ComputedRef<Session | undefined>
  readonly exchanges: Readonly<ShallowRef<readonly Exchange[]>>
  /** What the next request asks. */
  readonly request: ShallowRef<string>
  readonly takeNextStep: () => Promise<void>
  readonly runAll: () => Promise<void>
  readonly startOver: () => Promise<void>
  /** Sends the request without stopping between steps 7 and 8; `force` even after the session's end. */
  readonly sendRequest: (force: boolean) => Promise<void>
  /** Makes a new session, steps 3 to 6, with the certificate that the server has. */
  readonly renewSession: () => Promise<void>
}

const OWN_KEPT = 500
const EXCHANGES_KEPT = 50
const NEWS_TIMEOUT_MS = 5_000

/** `lab` is this window's view of main. */
export function useWalk(lab: Lab<CallsOf<'client'>>): Walk {
  const { call } = lab
  const own = shallowRef<readonly JournalEntry[]>([])
  const marker = shallowRef<string>()
  const connection = shallowRef<string>()
  const state = shallowRef<ClientState>()
  const exchanges = shallowRef<readonly Exchange[]>([])
  const request = shallowRef('time')
  const busy = shallowRef(false)
  const fault = shallowRef<Fault>()
  const gates = new Gates(look)
  let role: ClientRole | undefined
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
  const missing = computed(() => whatIsMissing(next.value))
  const session = computed(() => state.value?.session)
  const serverRuns = computed(() => lab.view.value?.server.status === 'running')
  watch(serverRuns, (runs) => {
    if (!runs && role)
      stopWith(new LabError('connection_closed', 'The server has stopped: the session is gone.'))
  })

  function whatIsMissing(step: StepNumber): Missing | undefined {
    const view = lab.view.value
    if (!view) return undefined
    const needs = `Step ${step} needs the`
    if (STEPS[step].phase === 'registration' && view.authority.status !== 'running') {
      return { role: 'authority', text: `${needs} certificate authority, which is not running.` }
    }
    if (view.server.status === 'running') return undefined
    return { role: 'server', text: `${needs} application server, which is not running.` }
  }

  /** Makes what the client knows visible. */
  function look(): void {
    state.value = role?.state
  }

  function leaveSession(): void {
    role?.close()
    role = undefined
    look()
  }

  function stopWith(error: unknown): void {
    fault.value = toFault(error)
    leaveSession()
  }

  async function connect(): Promise<void> {
    leaveSession()
    own.value = []
    const { settings } = lab
    role = await ClientRole.connect({
      call,
      settings: () => {
        if (!settings.value) throw new LabError('not_ready', 'The settings have not been read yet.')
        return settings.value
      },
      stepping: () => stepping,
      pace: async (step, signal) => {
        if (stepping) await gates.wait(step, 'client', signal)
      },
      onRecord: (entry) => (own.value = [...own.value, entry].slice(-OWN_KEPT)),
    })
    connection.value = role.connection
    const mine = role
    running = follow(mine, mine.open())
  }

  function beginRequest(force: boolean): void {
    const mine = role
    if (!mine) return
    const exchange: Exchange = { id: ++exchangeCount, request: request.value, answer: undefined }
    const asked = mine.request(exchange.request, force).then((answer) => {
      const others = exchanges.value.filter(({ id }) => id !== exchange.id)
      exchanges.value = [{ ...exchange, answer }, ...others].slice(0, EXCHANGES_KEPT)
    })
    running = follow(mine, asked)
  }

  /** Waits for a part of the conversation. A failure ends the connection, but for a refusal of this side's own to send. */
  async function follow(mine: ClientRole, part: Promise<unknown>): Promise<void> {
    try {
      await part
    } catch (error) {
      if (role !== mine) return
      if (error instanceof ProtocolError && error.code === 'session_expired' && error.origin === 'local') {
        fault.value = toFault(error)
      } else {
        stopWith(error)
      }
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
    const lacking = whatIsMissing(step)
    if (lacking) throw new LabError('not_running', `${lacking.text} Start it first.`)
    await setStepping(true)
    const { phase, from, then } = STEPS[step]
    if (phase === 'registration') {
      const waits = lab.view.value?.walk.waiting.includes(step)
      await (waits ? call('walk:release', { step }) : call('walk:register'))
      return seen(() => registered.value >= step)
    }
    if (!role) await connect()
    if (phase === 'session' && from === 'client') beginRequest(false)
    if (from === 'client') {
      await gates.reached(step, running)
      if (gates.waiting.includes(step)) gates.release(step)
    } else {
      await call('walk:release', { step })
    }
    // The step is done when its receiver stands before the next one, or has nothing more to build.
    if (then === undefined) await running
    else if (STEPS[then].from === 'client') await gates.reached(then, running)
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
    own.value = []
    exchanges.value = []
    connection.value = undefined
    marker.value = lab.entries.value.at(-1)?.id
  }

  return {
    next,
    missing,
    busy,
    fault,
    own,
    marker,
    connection,
    state,
    session,
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
    renewSession: () =>
      act(async () => {
        leaveSession()
        await setStepping(false)
        await connect()
        await running
      }),
  }
}

/** Resolves when main's news have made the condition true, or were long enough in coming. */
function seen(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, NEWS_TIMEOUT_MS)
    const stop = watch(condition, (met) => met && finish())
    function finish(): void {
      clearTimeout(timer)
      stop()
      resolve()
    }
    if (condition()) finish()
  })
}

function toFault(error: unknown): Fault {
  if (error instanceof ProtocolError) return { code: error.code, message: error.message, step: error.step }
  if (error instanceof LabError) return { code: error.code, message: error.message }
  return faultOf(error)
}
