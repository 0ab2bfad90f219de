/** Puts together what is kept of a lab as a run: what it shows, what its roles have recorded, and the secrets that are still there. */
import { derivedKeys } from '#shared/run/keys-of-state'
import { isKeyIn } from '#shared/run/audit'
import type { AdversarySide, ConnectionKeys, KeptSecrets, Run } from '#shared/run/run'
import type { Connection } from '#shared/record/connection'
import type { RegistrationStatus } from '#shared/lab'
import type { Roles } from '../lab/roles'

/** What of a lab becomes a run. `client`: keys that the client has worked out, where it is not part of this process. */
export interface RunSources extends Pick<Run, 'app' | 'settings' | 'anchors' | 'records' | 'walkBegan'> {
  readonly roles: Pick<Roles, 'authority' | 'server'>
  readonly registration: RegistrationStatus
  readonly outdated: string | undefined
  readonly client: readonly ConnectionKeys[]
  /** Somebody in the middle, where somebody was. */
  readonly side?: AdversarySide | undefined
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly now: number
}

/** A run of what a lab is at this moment. */
export function keepRun(sources: RunSources): Run {
  const { app, settings, anchors, records, walkBegan, registration, outdated, now, side } = sources
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
      list: authority.revocations?.view,
      revoked: authority.revocations?.all,
      signed: authority.requests?.signed,
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
    ...(side?.adversary ? { adversary: side.adversary(connectionsIn(records)) } : {}),
  }
}

/** Connections of records, each once. */
function connectionsIn(records: Run['records']): readonly Connection[] {
  return [...new Map(records.map(({ connection }) => [connection.id, connection])).values()]
}

function secretsOf({ roles: { authority, server }, client, side, records }: RunSources): KeptSecrets {
  const caKey = authority.credentials?.keyPair.privateKey.pem
  const serverKey = server.credentials?.privateKey.pem
  const own = server.states.map(({ connection, state }): ConnectionKeys => ({
    connection: connection.id,
    role: 'server',
    keys: derivedKeys(state),
  }))
  const ends = new Set(records.map(({ connection, role }) => `${connection.id} ${role}`))
  const given = (side?.keys ?? []).filter(({ connection, role }) => ends.has(`${connection} ${role}`))
  const others = [...new Set(side?.privateKeys)].filter(
    (pem) => pem !== caKey && pem !== serverKey && isKeyIn(records, pem),
  )
  return {
    privateKeys: {
      ...(caKey === undefined ? {} : { SK_CA: caKey }),
      ...(serverKey === undefined ? {} : { SK_S: serverKey }),
    },
    connections: [...own, ...client, ...given].filter(({ keys }) => Object.keys(keys).length > 0),
    ...(others.length > 0 ? { others } : {}),
  }
}
