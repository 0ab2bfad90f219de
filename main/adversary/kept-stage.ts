/** What is kept of a stage, so that an attack's run can be saved and looked at again: keys as roles had them, and the run itself. */
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { requirePrivateKeyOf } from '#shared/crypto/pki/rsa-key'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { orUndefined } from '#shared/errors'
import type { ClientState, ServerState } from '#shared/hl1/state'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Connection } from '#shared/record/connection'
import { derivedKeys } from '#shared/run/keys-of-state'
import { memberText } from '#shared/run/members'
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
    const kept = keepRun({
      app: '',
      settings: [{ from, value: settings }],
      anchors: anchor ? [{ from, value: anchor }] : [],
      records,
      walkBegan: undefined,
      roles,
      registration: roles.server.credentials ? 'registered' : 'none',
      outdated: undefined,
      client: [],
      now,
    })
    const { privateKeys = {} } = kept.secrets ?? {}
    const own = Object.values(privateKeys)
    const others = [...this.#pairs]
      .filter((pair) => !own.includes(pair.privateKey.pem) && isCertified(pair, records))
      .map(({ privateKey }) => privateKey.pem)
    const connections = [...this.#keys.values()].filter(({ keys }) => Object.keys(keys).length > 0)
    return { ...kept, secrets: { privateKeys, connections, ...(others.length > 0 ? { others } : {}) } }
  }
}

/** Whether a certificate in a record is about the public half of a key that is long enough to work with. */
function isCertified({ publicKey, privateKey }: RsaKeyPair, records: readonly Hl1Entry[]): boolean {
  return [...new Set(records.map((entry) => memberText(entry, 'x509_s')))].some(
    (text) =>
      orUndefined(() => {
        const certified = parseCertificate(text).publicKey
        if (certified.pem !== publicKey.pem) return false
        requirePrivateKeyOf(certified, privateKey)
        return true
      }) === true,
  )
}
