/** Puts together what is kept of a lab as a run: what it shows, what its roles have recorded, and the secrets that are still there. */
import { derivedKeys } from '#shared/run/keys-of-state'
import type { ConnectionKeys, KeptSecrets, Run } from '#shared/run/run'
import type { RegistrationStatus } from '#shared/lab'
import type { Roles } from '../lab/roles'

/** What of a lab becomes a run. `client`: keys that the client has worked out, where it is not part of this process. */
export interface RunSources extends Pick<Run, 'app' | 'settings' | 'anchors' | 'records' | 'walkBegan'> {
  readonly roles: Pick<Roles, 'authority' | 'server'>
  readonly registration: RegistrationStatus
  readonly outdated: string | undefined
  readonly client: readonly ConnectionKeys[]
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly now: number
}

/** A run of what a lab is at this moment. */
export function keepRun(sources: RunSources): Run {
  const { app, settings, anchors, records, walkBegan, registration, outdated, now } = sources
  const { authority, server } = sources.roles
  const current = settings.at(-1)?.value
  const { credentials } = server
  return {
    app,
    savedAt: now,
    settings,
    anchors,
    authority: {
      status: authority.status,
      identity: authority.credentials?.identity ?? current?.authorityIdentity ?? '',
      address: authority.address,
      issued: authority.issued,
      names: authority.desk.given,
      connections: authority.connections,
    },
    server: {
      status: server.status,
      identity: credentials?.identity ?? current?.serverIdentity ?? '',
      address: server.address,
      registration,
      outdated,
      certificate: credentials?.certificate,
      certS: credentials?.certS,
      sessions: server.sessions.views(),
      connections: server.connections,
    },
    records,
    walkBegan,
    secrets: secretsOf(sources),
  }
}

function secretsOf({ roles: { authority, server }, client }: RunSources): KeptSecrets {
  const caKey = authority.credentials?.keyPair.privateKey.pem
  const serverKey = server.credentials?.privateKey.pem
  const own = server.states.map(({ connection, state }): ConnectionKeys => ({
    connection: connection.id,
    role: 'server',
    keys: derivedKeys(state),
  }))
  return {
    privateKeys: {
      ...(caKey === undefined ? {} : { SK_CA: caKey }),
      ...(serverKey === undefined ? {} : { SK_S: serverKey }),
    },
    connections: [...own, ...client],
  }
}
