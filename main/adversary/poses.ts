/**
 * Standing in the server's place: the two ready moves. Both register with the real authority, as any server may, and serve clients
 * by the protocol's own driver; what clients ask is read there.
 */
import { fromHex } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { LabError, toFault, type Fault } from '#shared/errors'
import type { PoseId, PoseView } from '#shared/adversary/live'
import { poseAsServer, registerAs } from '#shared/adversary/tools'
import type { Environment } from '#shared/hl1/environment'
import type { ServerCredentials } from '#shared/hl1/state'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Settings } from '#shared/settings'
import type { OpenSocket } from '../net/socket-pipe'
import type { OwnEnds } from './own-ends'

/** The name of another server, honestly registered. */
const MALLORY = 'ID-Mallory'
const MOST_REQUESTS = 100
/** A request is kept as far as somebody reads it. */
const LONGEST_REQUEST = 2_000

export interface PoseOptions {
  readonly settings: () => Settings
  readonly environment: Environment
  readonly trustAnchor: () => Certificate | undefined
  readonly ends: OwnEnds
  /** What it has recorded itself, of its registration and of those that it serves. */
  readonly onRecord: (entry: Hl1Entry) => void
  readonly onChange: () => void
}

export class Pose {
  #is: PoseId = 'none'
  #credentials: ServerCredentials | undefined
  #requests: PoseView['requests'] = []
  #fault: Fault | undefined
  /** Another one was taken since. */
  #taken = 0

  constructor(private readonly options: PoseOptions) {}

  /**
   * Takes a pose, or leaves it; false where another one was taken meanwhile.
   * @throws as {@link registerAs}; LabError `no_trust_anchor`
   */
  async take(as: PoseId): Promise<boolean> {
    const taken = ++this.#taken
    const { settings, environment, trustAnchor, ends, onRecord, onChange } = this.options
    this.#is = as
    this.#credentials = undefined
    this.#fault = undefined
    onChange()
    if (as === 'none') return true
    try {
      const anchor = trustAnchor()
      if (!anchor) throw new LabError('no_trust_anchor', 'There is no authority to register with yet.')
      const now = settings()
      const connect = async () => {
        const { line, socket, pipe } = await ends.connect('authority')
        line.tells.add('acceptor')
        return { pipe, local: socket.local }
      }
      const stage = { suite: now.suite, environment, settings: now, trustAnchor: anchor, connect }
      const name = as === 'register' ? now.serverIdentity : MALLORY
      const credentials = await registerAs(stage, name, now.suite, environment, onRecord)
      if (taken === this.#taken) this.#credentials = credentials
      return taken === this.#taken
    } catch (error) {
      if (taken !== this.#taken) return false
      this.#is = 'none'
      this.#fault = toFault(error)
      throw error
    } finally {
      onChange()
    }
  }

  /** Serves a client in the place of the server, and calls `onFrame` for each of its frames; undefined where it stands in nobody's place. */
  serve(socket: OpenSocket, onFrame: () => void): Promise<void> | undefined {
    const { settings, environment, ends, onRecord, onChange } = this.options
    const now = settings()
    const kBoot = fromHex(now.bootstrapKey)
    if (!this.#credentials?.certificate || !kBoot) return undefined
    const { line, pipe } = ends.accept(socket, onFrame)
    // It answers to the server's name, whatever its certificate says.
    const credentials = { ...this.#credentials, identity: now.serverIdentity }
    const onRequest = (text: string): void => {
      const request = {
        at: environment.now(),
        connection: line.number,
        text: text.slice(0, LONGEST_REQUEST),
      }
      this.#requests = [...this.#requests, request].slice(-MOST_REQUESTS)
      onChange()
    }
    return poseAsServer({ environment, settings: now, kBoot }, credentials, {
      pipe,
      peer: socket.peer,
      onRequest,
      onRecord,
    })
  }

  /** Leaves it, and forgets what was asked. */
  forget(): void {
    this.#taken++
    this.#is = 'none'
    this.#credentials = undefined
    this.#requests = []
    this.#fault = undefined
  }

  /** The private key that it poses with, as PEM. */
  get key(): string | undefined {
    return this.#credentials?.privateKey.pem
  }

  get view(): PoseView {
    return {
      is: this.#is,
      name: this.#credentials?.certificate && this.#credentials.identity,
      requests: this.#requests,
      fault: this.#fault,
    }
  }
}
