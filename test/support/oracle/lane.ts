/**
 * Real roles over TCP with somebody at the other end who knows every key: goes up to a step as it should be, sends a message
 * with mutations, and holds what becomes of it against what the contract asks. One input after another; lanes run side by side.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { connectClient } from '#main/client/client'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import type { Client } from '#shared/hl1/drivers/client'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { keyPair } from '../credentials'
import { START } from '../environment'
import { Dice } from '../frame-damage'
import { RawPeer } from '../raw-peer'
import { until } from '../wait'
import { close, draftOf, type Draft } from './draft'
import { expected, type Expected, type Wire } from './judge'
import { HEADER_BYTES, Line, readObject, type World } from './line'
import { insideOfPem, type Step, type Suite } from './members'
import { MUTATIONS, type Mutation } from './mutations'
import { Papers } from './papers'
import { bytesOf, type Bytes } from './primitives'

/** A mutation, and what it draws its choices from. */
export interface Chosen {
  readonly mutation: Mutation
  readonly seed: number
}

/** One message with mutations. */
export interface Input {
  readonly suite: Suite
  readonly step: Step
  /** Whether the server enforces the address of step 5. */
  readonly isEnforced?: boolean
  readonly chosen: readonly Chosen[]
}

const BY_NAME = new Map(MUTATIONS.map((mutation) => [mutation.name, mutation]))

/** `modern 5: rsa: with a label#3 + frame: flags#7`: all that it takes to do it again. */
export function nameOf({ suite, step, isEnforced, chosen }: Input): string {
  return `${suite} ${step}${isEnforced ? ' enforced' : ''}: ${chosen.map(({ mutation, seed }) => `${mutation.name}#${seed}`).join(' + ')}`
}

/** The input of a name; throws when there is none. */
export function inputOf(name: string): Input {
  const [, suite, step, enforced, list = ''] =
    /^(classic|modern) ([1-8])( enforced)?: (.*)$/s.exec(name) ?? []
  const chosen = list
    .split(' + ')
    .filter(Boolean)
    .map((each): Chosen => {
      const [what = '', seed] = each.split('#')
      const mutation = BY_NAME.get(what)
      if (!mutation) throw new Error(`There is no mutation ${what}.`)
      return { mutation, seed: Number(seed) }
    })
  if (suite === undefined) throw new Error(`${name} names no input.`)
  return { suite: suite as Suite, step: Number(step) as Step, isEnforced: enforced !== undefined, chosen }
}

/** What a role has done, where it is not what it should have. */
export class Disagreement extends Error {}

/** What an input came to; undefined where it can't be built, as its plaintext is too long for the RSA block. */
export type Outcome = { readonly verdict: Expected['verdict']; readonly rule: string } | undefined

const RECEIVERS = {
  1: 'authority',
  2: 'server',
  3: 'server',
  4: 'client',
  5: 'server',
  6: 'client',
  7: 'server',
  8: 'client',
} as const
const ALERT = 0x7f
/** How long a request is remembered, and what the clock may be off by while an input runs, milliseconds. */
const REMEMBERED_MS = 3_600_000
const MARGIN_MS = 300_000

/** One connection between a role and whoever has the keys. */
interface Play {
  readonly line: Line
  readonly peer: RawPeer
  /** Of a role that this side does not speak to first: what it came to. */
  readonly done?: Promise<unknown>
  readonly client?: Client
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

/** What the roles of a lane have told. */
interface Watched {
  readonly records: Hl1Entry[]
  readonly failures: unknown[]
  /** The port that each connection came from whose keys the server has forgotten, each time. */
  readonly forgotten: number[]
}

export class Lane {
  #archive: ReadonlyMap<Step, Bytes> = new Map()
  #next: ((socket: Socket) => void) | undefined
  readonly #sockets = new Set<Socket>()
  /** The texts of all alerts about what could not be opened: there is one. */
  readonly openFailedTexts = new Set<string>()

  private constructor(
    readonly world: Mutable<World>,
    private readonly roles: Roles,
    private readonly clock: SimulatedClock,
    private readonly settings: Mutable<Settings>,
    private readonly listener: Server,
    private readonly watched: Watched,
  ) {
    listener.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      this.#next?.(socket)
    })
  }

  /** A lane of its own; all lanes of a suite have the same authority, to the byte. */
  static async start(suite: Suite, made?: Papers): Promise<Lane> {
    const settings: Mutable<Settings> = {
      ...DEFAULT_SETTINGS,
      suite,
      authorityPort: 0,
      serverPort: 0,
      maxConnections: 100,
    }
    const clock = new SimulatedClock({ now: START, monotonic: 5_000 })
    const [authority, server] = [await keyPair('authority'), await keyPair('server')]
    let keys = 0
    let draws = 0
    const environment = clock.ruling({
      ...mainEnvironment,
      // The first draw is the serial number of the authority's certificate.
      random: (length) => (draws++ === 0 ? new Uint8Array(length).fill(7) : bytesOf(randomBytes(length))),
      crypto: {
        ...mainEnvironment.crypto,
        generateRsaKeyPair: async () => (keys++ === 0 ? authority : server),
      },
    })
    const watched: Watched = { records: [], failures: [], forgotten: [] }
    const roles = new Roles({
      settings: () => settings,
      environment,
      onRecord: (entry) => watched.records.push(entry),
      onKeysForgotten: ({ from }) => void watched.forgotten.push(from.port),
      log: { failed: (_where, error) => void watched.failures.push(error) },
    })
    await roles.start()
    const credentials = roles.authority.credentials!
    const papers = made ?? (await Papers.make(credentials, settings.serverIdentity, START))
    const world: Mutable<World> = {
      suite,
      idCa: settings.authorityIdentity,
      idS: settings.serverIdentity,
      idC: settings.clientIdentity,
      authority: { publicPem: authority.publicKey.pem, privatePem: authority.privateKey.pem },
      kBoot: bytesOf(Buffer.from(settings.bootstrapKey, 'hex')),
      maxAge: settings.maxAge,
      lifetime: settings.lifetime,
      idleLimit: settings.idleLimit,
      enforceAddress: false,
      papers,
      now: clock.now,
      seen: new Map(),
    }
    const listener = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => listener.listen({ host: '127.0.0.1', port: 0 }, resolve))
    const lane = new Lane(world, roles, clock, settings, listener, watched)
    await lane.#register()
    return lane
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await this.roles.close()
    await new Promise((resolve) => this.listener.close(resolve))
  }

  /** Runs an input; throws {@link Disagreement} where a role has done other than the contract asks. */
  async run(input: Input): Promise<Outcome> {
    if (input.step === 1) await this.#forgetSeen()
    this.settings.enforceAddress = this.world.enforceAddress = input.isEnforced ?? false
    this.watched.records.length = 0
    this.watched.forgotten.length = 0
    const before = {
      issued: this.roles.authority.issued.at(-1),
      credentials: this.roles.server.credentials,
      session: this.#lastSession(),
    }
    const play = await this.#approach(input)
    let outcome: Outcome
    try {
      const draft = draftOf(play.line, input.step, this.world.suite)
      for (const { mutation, seed } of input.chosen)
        mutation.apply(draft, {
          line: play.line,
          archive: this.#archive,
          dice: new Dice(`${mutation.name} ${seed}`),
        })
      const bytes = closed(play.line, draft)
      if (!bytes) return undefined
      if (draft.delay > 0) this.#pass(draft.delay)
      const wire: Wire = { bytes: draft.delay > 0 ? closed(play.line, draft)! : bytes, then: draft.then }
      const asked = expected(play.line, input.step, wire)
      await play.peer.send(wire.bytes)
      if (wire.then === 'ends') play.peer.finish()
      await this.#compare(play, input.step, asked)
      if (asked.verdict === 'accepted') await this.#goOn(play, input.step, asked, wire)
      else this.#holdUnchanged(input.step, before)
      outcome = { verdict: asked.verdict, rule: asked.verdict === 'refused' ? asked.rule : asked.verdict }
    } finally {
      await this.#leave(play)
      this.#archive = new Map([...this.#archive, ...play.line.frames])
    }
    if (RECEIVERS[input.step] === 'server' && input.step !== 2)
      await this.#holdForgotten(play, this.#lastSession() !== before.session)
    return outcome
  }

  /** Whatever came of a connection, the server has forgotten its keys: with its session, if it had one, and when it ended. */
  async #holdForgotten({ line }: Play, hadSession: boolean): Promise<void> {
    const { port } = line.client
    const times = (): number => this.watched.forgotten.filter((from) => from === port).length
    const asked = hadSession ? 2 : 1
    await until(() => times() >= asked).catch(() => undefined)
    if (times() !== asked)
      throw new Disagreement(`the keys of the connection were forgotten ${times()} times, not ${asked}`)
  }

  /** Whoever comes next is served: a registration, and a client. */
  async serveHonestly(step: Step): Promise<void> {
    const what = step <= 2 ? 'registration' : 'client'
    try {
      if (step <= 2) await this.#register()
      const client = await this.roles.connect(new AbortController().signal)
      try {
        await client.open()
        const answer = await client.request('echo still here')
        if (answer !== 'still here') throw new Error(`The answer was ${answer}.`)
      } finally {
        client.close()
      }
      await until(() => this.#connections() === 0)
    } catch (error) {
      throw new Disagreement(`An honest ${what} afterwards is not served: ${String(error)}`)
    }
    if (this.watched.failures.length > 0)
      throw new Disagreement(`Unforeseen: ${String(this.watched.failures.splice(0)[0])}`)
  }

  async #register(): Promise<void> {
    await this.roles.register()
    const { certificate, publicKey } = this.roles.server.credentials!
    this.world.papers.note(certificate.pem, publicKey.pem)
  }

  /**
   * Requests are remembered for an hour (record 0019), and forgotten when the next one comes: what is nearly as old is made older,
   * and forgotten on both sides, so that nobody has to guess.
   */
  async #forgetSeen(): Promise<void> {
    const { seen } = this.world
    const isOld = (at: number): boolean => this.clock.now() - at > REMEMBERED_MS - MARGIN_MS
    const old = [...seen].filter(([, at]) => isOld(at))
    if (old.length === 0) return
    this.#pass(2 * MARGIN_MS)
    await this.#register()
    for (const [nonce, at] of seen) if (this.clock.now() - at > REMEMBERED_MS) seen.delete(nonce)
  }

  #connections(): number {
    return this.roles.server.connections + this.roles.authority.connections
  }

  #lastSession(): string | undefined {
    return this.roles.server.sessions.views()[0]?.id
  }

  /** Time goes by; whole seconds afterwards, as certificates have them. */
  #pass(milliseconds: number): void {
    this.clock.pass(milliseconds)
  }

  /** Goes up to a step as it should be. */
  async #approach({ step }: Input): Promise<Play> {
    this.clock.pass((1_000 - (this.clock.now() % 1_000)) % 1_000)
    const { suite } = this.world
    if (step % 2 === 1) {
      const { authority, server } = this.roles
      const peer = await RawPeer.connect((step === 1 ? authority : server).address!.port)
      const line = new Line(this.world, peer.local)
      line.known = { pkS: this.world.papers.pairs.server.publicPem }
      const play = { line, peer }
      for (let at: Step = step === 1 ? 1 : 3; at < step; at = (at + 2) as Step) {
        await this.#say(play, at)
        await this.#hear(play, (at + 1) as Step)
      }
      return play
    }
    const coming = new Promise<Socket>((resolve) => (this.#next = resolve))
    const { address, port } = this.listener.address() as AddressInfo
    if (step === 2) {
      const done = settled(this.roles.server.register({ address, port }, this.roles.authority.certificate!))
      const play = { line: new Line(this.world), peer: RawPeer.of(await coming), done }
      await this.#hear(play, 1)
      return play
    }
    const client = await connectClient({
      server: { address, port },
      trustAnchor: this.roles.authority.certificate!,
      settings: { ...this.settings, suite },
      context: this.roles.context,
      signal: new AbortController().signal,
    })
    let play: Play = {
      line: new Line(this.world),
      peer: RawPeer.of(await coming),
      done: settled(client.open()),
      client,
    }
    await this.#hear(play, 3)
    for (let at: Step = 4; at < step; at = (at + 2) as Step) {
      await this.#say(play, at)
      if (at === 6) play = await this.#ask(play)
      await this.#hear(play, (at + 1) as Step)
    }
    return play
  }

  /** The client has its session, and asks something. */
  async #ask(play: Play): Promise<Play> {
    const opened = await play.done
    if (opened instanceof Error) throw new Disagreement(`The client has no session: ${String(opened)}`)
    return { ...play, done: settled(play.client!.request('echo it is I')) }
  }

  /** Sends the honest message of a step. */
  async #say(
    { line, peer }: Play,
    step: Step,
    change: (draft: Draft) => void = () => undefined,
  ): Promise<void> {
    const suite = line.suite ?? this.world.suite
    const draft = draftOf(line, step, suite)
    change(draft)
    const frame = close(line, draft)
    const asked = expected(line, step, { bytes: frame, then: 'waits' })
    if (asked.verdict !== 'accepted')
      throw new Error(`An honest step ${step} would be ${JSON.stringify(asked)}.`)
    line.learn(step, suite, frame, asked.values, asked.opened)
    await peer.send(frame)
  }

  /** Takes the honest message of a step from the role. */
  async #hear({ line, peer }: Play, step: Step): Promise<Extract<Expected, { verdict: 'accepted' }>> {
    const frame = await nextFrame(peer)
    if (!frame) throw new Disagreement(`The role has ended the connection instead of step ${step}.`)
    if (step === 2) this.#noteIssued(line)
    if (step === 1) this.#noteRequest(line, frame)
    const asked = expected(line, step, { bytes: frame, then: 'waits' })
    if (asked.verdict !== 'accepted')
      throw new Disagreement(
        `The role's step ${step} is no good: ${describe(frame)}, ${JSON.stringify(asked)}`,
      )
    line.learn(step, asked.suite, frame, asked.values, asked.opened)
    return asked
  }

  /** What the server asks for is good. */
  #noteRequest(line: Line, frame: Bytes): void {
    const { papers, idS } = this.world
    const second = line.open(1, this.world.suite, frame)?.parts[1]
    const pem = second && (readObject(second) as { readonly csr_s?: string } | undefined)?.csr_s
    if (pem !== undefined) papers.noteRequest(pem, papers.pairs.server.publicPem, idS)
  }

  /** What the authority has just issued is good: its certificate is for the key that was asked for. */
  #noteIssued({ known }: Line): void {
    const issued = this.roles.authority.issued.at(-1)
    const { papers } = this.world
    if (issued) papers.note(issued.certificate.pem, known.requestedKey ?? papers.pairs.server.publicPem)
  }

  /** Holds what the role did against what is asked of it. */
  async #compare({ peer, done }: Play, step: Step, asked: Expected): Promise<void> {
    const passing = { over: asked.verdict !== 'refused' || asked.rule !== 'in time' }
    const time = this.#passIdly(passing)
    try {
      // What is accepted here is answered with nothing: the role alone knows.
      const isSilent = step === 2 || step === 6 || step === 8
      const result = isSilent ? await done : undefined
      if (isSilent && result instanceof Error === (asked.verdict === 'accepted'))
        throw new Disagreement(`${nameOfVerdict(asked)} was asked for, the role says: ${String(result)}`)
      if (asked.verdict === 'accepted') return
      const frame = await nextFrame(peer)
      if (asked.verdict === 'left') {
        if (frame) throw new Disagreement(`nothing was to be said, the role says ${describe(frame)}`)
        if (done && !((await done) instanceof Error))
          throw new Disagreement('the role has accepted an ending')
        return
      }
      if (!frame)
        throw new Disagreement(`${asked.code} was asked for, the role says nothing: ${String(await done)}`)
      if (frame[5] !== ALERT)
        throw new Disagreement(`${asked.code} was asked for, the role says ${describe(frame)}`)
      const told = JSON.parse(Buffer.from(frame.slice(HEADER_BYTES)).toString()) as Record<string, unknown>
      if (told['code'] !== asked.code || told['step'] !== asked.step)
        throw new Disagreement(
          `${asked.code} of step ${asked.step} was asked for (${asked.rule}), the role says ${describe(frame)}`,
        )
      if (asked.code === 'decrypt_failed') this.openFailedTexts.add(String(told['message']))
      await peer.end().catch((error: unknown) => {
        throw new Disagreement(`After ${asked.code}: ${String(error)}`)
      })
      await this.#holdRecord(step, asked)
      const own = await done
      if (done && (own as { code?: string } | undefined)?.code !== asked.code)
        throw new Disagreement(`${asked.code} was told, the role itself says ${String(own)}`)
    } finally {
      passing.over = true
      await time
    }
  }

  /** Lets the idle limit go by, as often as it takes until the role has begun to wait. */
  async #passIdly(passing: { over: boolean }): Promise<void> {
    while (!passing.over) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      if (!passing.over) this.clock.pass(this.settings.idleLimit * 1000)
    }
  }

  /** The record of what was refused says so too. */
  async #holdRecord(step: Step, asked: Extract<Expected, { verdict: 'refused' }>): Promise<void> {
    if (asked.rule === 'in time') return
    const role = RECEIVERS[step]
    const find = () =>
      this.watched.records.findLast((entry) => entry.role === role && entry.direction === 'received')
    const { outcome } = find() ?? {}
    if (!outcome || outcome.ok || outcome.code !== asked.code)
      throw new Disagreement(`${asked.code} was told, the record says ${JSON.stringify(outcome)}`)
  }

  /** After a refusal nothing is left of what was refused. */
  #holdUnchanged(
    step: Step,
    before: { readonly issued: unknown; readonly credentials: unknown; readonly session: unknown },
  ): void {
    const { authority, server } = this.roles
    if (step === 1 && authority.issued.at(-1) !== before.issued)
      throw new Disagreement('something was issued')
    if (step === 2 && server.credentials !== before.credentials)
      throw new Disagreement('the credentials have changed')
    if (step < 7 && this.#lastSession() !== before.session) throw new Disagreement('there is a session more')
  }

  /** Goes on to the end, with what an accepted message has brought. */
  async #goOn(
    play: Play,
    step: Step,
    { suite, values, opened }: Extract<Expected, { verdict: 'accepted' }>,
    { bytes, then }: Wire,
  ): Promise<void> {
    const { line, peer, client, done } = play
    const length = Buffer.from(bytes).readUInt32BE() + 4
    line.learn(step, suite, bytes.slice(0, length), values, opened)
    if (step === 1 && suite === 'modern')
      this.world.seen.set(Buffer.from(values.nonce_s as Bytes).toString('base64'), values.ts1!)
    if (step === 2) {
      const { certificate, privateKey } = this.roles.server.credentials!
      const secret = suite === 'classic' ? values.sk_s : this.world.papers.pairs.server.privatePem
      if (
        insideOfPem(certificate.pem) !== insideOfPem(String(values.x509_s)) ||
        insideOfPem(privateKey.pem) !== insideOfPem(String(secret))
      )
        throw new Disagreement('the credentials are others')
      // Back to a key that the next input knows.
      return this.#register()
    }
    if (step === 6) {
      const session = client!.state.session
      if (session?.lifetime !== values.lifetime_sess)
        throw new Disagreement('the client has another lifetime')
    }
    if (step === 8) {
      const data = await done
      if (data !== values.data)
        throw new Disagreement(`the client has other data: ${String(data).slice(0, 99)}`)
      return
    }
    // Whoever has said more, or that nothing more comes, is answered and no more.
    const isLast = bytes.length > length || then === 'ends'
    const isBlind = suite === 'modern' && step === 3 && !line.owns(line.known.shareC!)
    let current = play
    for (let at = step + 1; at <= (step <= 2 ? 2 : 8); at++) {
      const turn = at as Step
      if (this.#speaks(step, turn)) {
        if (isLast) return
        await this.#say(current, turn)
      } else if (isBlind) {
        const frame = await nextFrame(peer)
        if (frame?.[5] !== turn)
          throw new Disagreement(
            `step ${turn} was asked for, the role says ${frame ? describe(frame) : 'nothing'}`,
          )
        return
      } else {
        if (turn === 7) current = await this.#ask(current)
        const heard = await this.#hear(current, turn)
        if (turn === 8) this.#holdAnswer(line, heard.values.data)
        if (isLast) return
      }
    }
    const answer = step % 2 === 0 && (await current.done)
    if (answer instanceof Error) throw new Disagreement(`In the end the role says ${String(answer)}`)
  }

  /** Whether whoever has sent `step` sends the other one too. */
  #speaks(step: Step, other: Step): boolean {
    return step % 2 === other % 2
  }

  /** `echo` answers with its text. */
  #holdAnswer({ request }: Line, data: unknown): void {
    const [, text] = /^echo (.*)$/s.exec(request ?? '') ?? []
    if (text !== undefined && text !== data)
      throw new Disagreement(`the answer to ${request?.slice(0, 99)} is ${String(data).slice(0, 99)}`)
  }

  async #leave({ peer, client }: Play): Promise<void> {
    peer.close()
    client?.close()
    await until(() => this.#connections() === 0)
  }
}

function closed(line: Line, draft: Draft): Bytes | undefined {
  try {
    return close(line, draft)
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_OSSL_RSA_DATA_TOO_LARGE_FOR_KEY_SIZE') return undefined
    throw error
  }
}

const nameOfVerdict = (asked: Expected): string => (asked.verdict === 'refused' ? asked.code : asked.verdict)

/** The next frame; undefined when the role has ended the connection. */
async function nextFrame(peer: RawPeer): Promise<Bytes | undefined> {
  try {
    return await peer.frame()
  } catch (error) {
    throw new Disagreement(`The role says nothing: ${String(error)}`)
  }
}

/** A promise that never rejects. */
const settled = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: unknown) => error,
  )

function describe(frame: Bytes): string {
  return frame[5] === ALERT
    ? `alert ${Buffer.from(frame.slice(HEADER_BYTES)).toString()}`
    : `step ${frame[5]}`
}
