/**
 * The place of one attack: a lab of its own, with honest authority, server and clients on real sockets, a relay on each of both
 * wires, and a clock that stands still until somebody moves it.
 */
import { equalBytes, fromHex, toHex, type Bytes } from '#shared/bytes'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { ProtocolError } from '#shared/hl1/alerts'
import { LabError, passOwnFault } from '#shared/errors'
import type { Attack } from '#shared/adversary/attack'
import { environmentWithout } from '#shared/adversary/without'
import { FrameCutter } from '#shared/hl1/frame-cutter'
import type {
  Evidence,
  HonestClient,
  Operation,
  Party,
  SeenFrame,
  Stage,
  Tap,
  TracedFrame,
} from '#shared/adversary/stage'
import { otherEnd, stepOf, type End, type Passing, type RelayedConnection } from '#shared/adversary/wire'
import type { Client } from '#shared/hl1/drivers/client'
import type { Without } from '#shared/hl1/defences'
import type { BytePipe } from '#shared/hl1/drivers/transport'
import type { Environment } from '#shared/hl1/environment'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Endpoint } from '#shared/record/connection'
import type { Run } from '#shared/run/run'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { Roles, type Routes } from '../lab/roles'
import { mainEnvironment } from '../lab/environment'
import type { Log } from '../log/log'
import { connect, type OpenSocket } from '../net/socket-pipe'
import { ApplicationServer } from '../server/application-server'
import type { AttackKeys } from './attack-keys'
import { StageKeeper } from './kept-stage'
import { Relay } from './relay'

const OTHER_SERVER = 'ID-Other'
const WORD_BYTES = 8

export interface StageOptions {
  readonly suite: SuiteName
  readonly without: Without
  readonly attack: Pick<Attack, 'settings' | 'repeatsKeys'>
  readonly keys: AttackKeys
  readonly signal: AbortSignal
}

/**
 * Prepares a stage, has something happen on it, and takes it down whatever happened. Throws what `use` throws, or else what nobody
 * has foreseen on this stage until it was down.
 */
export async function onStage<T>(
  options: StageOptions,
  use: (stage: Stage, evidence: () => Evidence, kept: () => Run) => Promise<T>,
): Promise<T> {
  const { suite, without, attack, keys, signal } = options
  const random = (length: number): Bytes => mainEnvironment.random(length)
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    suite,
    authorityPort: 0,
    serverPort: 0,
    // A name that nobody can guess: an attack that wants it has to find it.
    clientIdentity: `ID-Client-${toHex(random(WORD_BYTES))}`,
    ...attack.settings,
  }
  const clock = new SimulatedClock({ now: mainEnvironment.now(), monotonic: 0 })
  const keeper = new StageKeeper()
  const nextPair = async (): Promise<RsaKeyPair> => keeper.gave(await keys.next())
  const own: Environment = {
    ...clock.ruling(mainEnvironment),
    crypto: { ...mainEnvironment.crypto, generateRsaKeyPair: nextPair },
  }
  const honest = environmentWithout(own, without)
  let serverClock = 0
  const ofServer = {
    ...honest,
    now: () => clock.now() + serverClock,
    ...(attack.repeatsKeys && repeating(honest)),
  }
  const records: Hl1Entry[] = []
  const operations: Operation[] = []
  const clients: Client[] = []
  const unforeseen: unknown[] = []
  const log = { failed: (_what: string, error: unknown): void => void unforeseen.push(error) }
  let routes: Routes = {}
  const roles = new Roles({
    settings: () => settings,
    environment: honest,
    environments: { server: ofServer },
    routes: () => routes,
    onRecord: (entry) => {
      records.push(entry)
      look()
    },
    log,
  })
  const servers = [roles.server]
  /** Roles forget keys as they go: what they have by now is kept. */
  const look = (): void => {
    keeper.look('client', clients)
    for (const { states } of servers) keeper.look('server', states)
  }
  let diverted: Endpoint | undefined
  const frames: TracedFrame[] = []
  const around = { environment: own, roles, frames, look, log }
  const toServer = new WiredTap(TO_SERVER, () => diverted ?? known(roles.server.address), around)
  const toAuthority = new WiredTap(TO_AUTHORITY, () => known(roles.authority.address), around)
  const others: { readonly close: () => Promise<void> | void }[] = []
  let result: T
  try {
    await roles.start({ authority: 0, server: 0 })
    routes = { clientToServer: await toServer.start(), serverToAuthority: await toAuthority.start() }
    signal.throwIfAborted()
    const stage: Stage = {
      suite,
      settings,
      without,
      word: toHex(random(WORD_BYTES)),
      kBoot: known(fromHex(settings.bootstrapKey)),
      trustAnchor: known(roles.authority.certificate),
      environment: honest,
      toServer,
      toAuthority,
      register: async () =>
        (await attempt('register', async () => {
          await roles.register()
          return ''
        })) !== undefined,
      client: async () => {
        const client = await roles.connect(signal)
        clients.push(client)
        return honestClient(client)
      },
      otherServer: async () => {
        const server = new ApplicationServer({
          ...roles.context,
          environment: honest,
          settings: () => ({ ...settings, serverIdentity: OTHER_SERVER }),
          onChange: () => undefined,
        })
        servers.push(server)
        others.push({ close: () => server.stop() })
        await server.start(0)
        await server.register(known(roles.authority.address), known(roles.authority.certificate))
        return known(server.address)
      },
      leadTo: (endpoint) => void (diverted = endpoint),
      pass: (milliseconds) => clock.pass(milliseconds),
      setServerClock: (difference) => void (serverClock = difference),
      leaks: {
        authority: () => known(roles.authority.credentials),
        server: () => known(roles.server.credentials),
        client: () => known(clients.at(-1)?.state),
        carried: (member) => {
          const found = records.flatMap(({ members }) => members).findLast(({ name }) => name === member)
          return known(found?.value instanceof Uint8Array ? found.value : undefined)
        },
      },
      connect: async (to) => {
        const socket = await connect(known(roles[to].address), own, signal)
        others.push({ close: () => socket.pipe.close() })
        return { pipe: traced(socket.pipe, frames, 'adversary', to), local: socket.local }
      },
      keyPair: nextPair,
      shortKeyPair: async () => keeper.gave(await keys.short()),
      settle,
    }
    result = await use(
      stage,
      () => ({ records, frames, operations, stage }),
      () => {
        look()
        return keeper.run(roles, records, settings, clock.now())
      },
    )
  } finally {
    for (const client of clients) client.close()
    await Promise.all([toServer.stop(), toAuthority.stop()])
    for (const { close } of others) await close()
    await roles.close()
  }
  if (unforeseen.length > 0) throw unforeseen[0]
  return result

  /** Waits until two turns of the loop in a row have brought neither a record nor a frame. */
  async function settle(): Promise<void> {
    for (let quiet = 0, before = -1; quiet < QUIET_TURNS;) {
      await new Promise((resolve) => setTimeout(resolve, TURN_MS))
      const now = records.length + toServer.seen.length + toAuthority.seen.length
      quiet = now === before ? quiet + 1 : 0
      before = now
    }
  }

  async function attempt(what: Operation['what'], does: () => Promise<string>): Promise<string | undefined> {
    try {
      const answer = await does()
      operations.push({ what, ok: true, answer })
      return answer
    } catch (error) {
      if (!(error instanceof LabError) && !(error instanceof ProtocolError)) passOwnFault(error)
      signal.throwIfAborted()
      operations.push({ what, ok: false, code: error instanceof LabError ? error.code : 'unknown' })
      return undefined
    }
  }

  function honestClient(client: Client): HonestClient {
    return {
      open: async () =>
        (await attempt('open', async () => {
          await client.open()
          return ''
        })) !== undefined,
      request: (text, force) => attempt('request', () => client.request(text, force)),
      close: () => client.close(),
    }
  }
}

const TURN_MS = 2
const QUIET_TURNS = 3

/** The honest parties at both ends of a wire. */
type Ends = Readonly<Record<End, Party>>

const TO_SERVER: Ends = { opener: 'client', acceptor: 'server' }
const TO_AUTHORITY: Ends = { opener: 'server', acceptor: 'authority' }

/** What a wire has in common with the rest of its stage. */
interface Surroundings {
  readonly environment: Environment
  readonly roles: Roles
  readonly frames: TracedFrame[]
  /** Something has happened. */
  readonly look: () => void
  readonly log: Pick<Log, 'failed'>
}

/** One wire: a relay, what an attack does there, and what passed, was kept or was sent. */
class WiredTap implements Tap {
  readonly seen: SeenFrame[] = []
  onFrame: Tap['onFrame'] = ({ frame }) => [frame]
  serve: Tap['serve']
  readonly #relay: Relay
  readonly #frames: TracedFrame[]
  readonly #look: () => void
  /** Connections as attacks have them, by number. */
  readonly #connections = new Map<number, RelayedConnection>()

  constructor(
    private readonly ends: Ends,
    to: () => Endpoint,
    { environment, roles, frames, look, log }: Surroundings,
  ) {
    this.#frames = frames
    this.#look = look
    this.#relay = new Relay({
      to,
      timers: environment,
      connections: roles.context.connections,
      onFrame: (passing) => this.#lead({ ...passing, connection: this.#traced(passing.connection) }),
      serve: ({ pipe, peer }: OpenSocket) =>
        this.serve?.(traced(pipe, this.#frames, 'adversary', this.ends.opener), peer),
      onFailure: (error) => log.failed('On a wire.', error),
    })
  }

  start(): Promise<Endpoint> {
    return this.#relay.start()
  }

  stop(): Promise<void> {
    return this.#relay.stop()
  }

  /** Asks the attack what goes on in the place of a frame. */
  async #lead(passing: Passing): Promise<readonly Bytes[]> {
    this.#look()
    const frame = { ...passing, step: stepOf(passing.frame) }
    this.seen.push(frame)
    const from = this.ends[passing.from]
    const to = this.ends[otherEnd(passing.from)]
    const at = this.#frames.push(tracedFrame(from, 'adversary', passing.frame)) - 1
    const instead = await this.onFrame(frame)
    for (const each of instead) {
      if (equalBytes(each, passing.frame)) this.#frames[at] = tracedFrame(from, to, each)
      else this.#frames.push(tracedFrame('adversary', to, each))
    }
    return instead
  }

  #traced(connection: RelayedConnection): RelayedConnection {
    const known = this.#connections.get(connection.number)
    if (known) return known
    const own: RelayedConnection = {
      ...connection,
      send: (end, bytes) => {
        this.#frames.push(tracedFrame('adversary', this.ends[end], bytes))
        return connection.send(end, bytes)
      },
    }
    this.#connections.set(own.number, own)
    return own
  }
}

function tracedFrame(from: Party, to: Party, frame: Bytes): TracedFrame {
  return { from, to, step: stepOf(frame), frame }
}

/** A pipe of the adversary's own, whose frames are kept. */
function traced(pipe: BytePipe, frames: TracedFrame[], own: Party, peer: Party): BytePipe {
  const [sent, got] = [new FrameCutter(), new FrameCutter()]
  const keep = (cutter: FrameCutter, bytes: Bytes, from: Party, to: Party): void => {
    for (const piece of cutter.add(bytes)) if (piece.isFrame) frames.push(tracedFrame(from, to, piece.bytes))
  }
  return {
    ...pipe,
    read: async (signal) => {
      const bytes = await pipe.read(signal)
      if (bytes) keep(got, bytes, peer, own)
      return bytes
    },
    write: (bytes, signal) => {
      keep(sent, bytes, own, peer)
      return pipe.write(bytes, signal)
    },
  }
}

/** A machine that was set back: what it makes, it makes again; but what depends on more than its generator, it does not. */
function repeating({ random, crypto }: Environment): Partial<Environment> {
  const made = new Map<number, Bytes>()
  const keyPair = crypto.generateRsaKeyPair(2048)
  let count = 0
  return {
    // A registration draws its nonce first, and its temporary key second.
    random: (length) => {
      if (length !== 32 || count++ % 2 === 0) return random(length)
      const bytes = made.get(length) ?? random(length)
      made.set(length, bytes)
      return bytes.slice()
    },
    crypto: { ...crypto, generateRsaKeyPair: () => keyPair },
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined)
    throw new LabError('internal_error', 'The stage has not got what the attack needs.')
  return value
}
