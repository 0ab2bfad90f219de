/** What is kept of a stage, so that an attack's run can be saved and looked at again: keys as roles had them, and the run itself. */
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { ClientState, ServerState } from '#shared/hl1/state'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Connection } from '#shared/record/connection'
import { derivedKeys } from '#shared/run/keys-of-state'
import type { ConnectionKeys, Run } from '#shared/run/run'
import type { Settings } from '#shared/settings'
import type { Roles } from '../lab/roles'
import { keepRun } from '../recording/keep-run'

/** An end of a connection that is open, as somebody who looks into its memory has it. */
interface OpenEnd {
  readonly connection: Connection
  readonly state: ClientState | ServerState
}

export class StageKeeper {
  readonly #keys = new Map<string, ConnectionKeys>()
  readonly #pairs = new Set<RsaKeyPair>()

  /** A key pair was given to somebody on the stage. */
  gave(pair: RsaKeyPair): RsaKeyPair {
    this.#pairs.add(pair)
    return pair
  }

  /** Keeps what ends have worked out by now: nobody else uses these keys, so nothing of them need be forgotten. */
  look(role: 'client' | 'server', ends: readonly OpenEnd[]): void {
    for (const { connection, state } of ends) {
      const end = `${connection.id} ${role}`
      // No check asks for the shared secret once its keys are derived.
      const { Z: _, ...derived } = derivedKeys(state)
      const keys = { ...this.#keys.get(end)?.keys, ...derived }
      this.#keys.set(end, { connection: connection.id, role, keys })
    }
  }

  /** The run as it is now. */
  run(roles: Roles, records: readonly Hl1Entry[], settings: Settings, now: number): Run {
    const anchor = roles.authority.certificate
    const from = records[0]?.at ?? now
    return keepRun({
      app: '',
      settings: [{ from, value: settings }],
      anchors: anchor ? [{ from, value: anchor }] : [],
      records,
      walkBegan: undefined,
      roles,
      registration: roles.server.credentials ? 'registered' : 'none',
      outdated: undefined,
      client: [],
      side: {
        keys: [...this.#keys.values()],
        privateKeys: [...this.#pairs].map(({ privateKey }) => privateKey.pem),
      },
      now,
    })
  }
}
