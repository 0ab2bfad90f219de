/** A run as it was at one of its moments: after so many of its records. What windows showed then is worked out of those. */
import type { Certificate } from '../crypto/pki/certificate'
import { heldAt } from '../held'
import type { Hl1Entry } from '../hl1/types'
import type { SessionView } from '../lab'
import type { Settings } from '../settings'
import { RunKeys } from './key-ring'
import type { KeptAuthority, KeptServer, Run } from './run'

/** What windows showed of a lab at a moment, besides records. */
export interface LabThen {
  readonly settings: Settings | undefined
  /** The authority's certificate in force. */
  readonly anchor: Certificate | undefined
  readonly authority: KeptAuthority
  readonly server: KeptServer
}

/** @param moment how many of its records had been made: from 0 to all */
export function labAt(run: Run, moment: number): LabThen {
  const isLast = moment >= run.records.length
  const newest = run.records[moment - 1]
  const at = isLast ? run.savedAt : newest ? newest.at + newest.took : (run.records[0]?.at ?? run.savedAt) - 1
  const settings = heldAt(run.settings, at)
  const anchor = heldAt(run.anchors, at)
  if (isLast) return { settings, anchor, authority: run.authority, server: run.server }
  const before = run.records.slice(0, moment)
  return {
    settings,
    anchor,
    authority: {
      ...run.authority,
      identity: anchor?.subject.commonName ?? run.authority.identity,
      issued: run.authority.issued.filter((issued) => issued.at <= at),
      names: run.authority.names.filter((given) => given.at <= at),
      revoked: run.authority.revoked?.filter((each) => each.at <= at),
      signed: run.authority.signed?.filter((each) => each.at <= at),
      list: listAt(run.authority, at),
      connections: openBy(before, 'authority'),
    },
    server: serverAt(run, before, at),
  }
}

/** The list that was kept, once it was there: those before it are not kept. */
function listAt({ list }: KeptAuthority, at: number): KeptAuthority['list'] {
  return list && list.thisUpdate <= at ? list : undefined
}

function serverAt(run: Run, before: readonly Hl1Entry[], at: number): KeptServer {
  const { server } = run
  const asked = before.findLast(
    ({ role, step, kind }) => role === 'server' && step <= 2 && kind === 'message',
  )
  const registered = new RunKeys({ ...run, records: before }).registeredAt(at)
  const wasBefore = registered !== undefined && !firstRegistration(run)
  const isThere = registered !== undefined && (wasBefore || before.some(isRegistration))
  const isUnderWay = asked?.direction === 'sent'
  return {
    ...server,
    registration: isUnderWay ? 'under_way' : isThere ? 'registered' : 'none',
    outdated: undefined,
    certificate: isThere ? registered.certificate : undefined,
    certS: isThere ? registered.certS : undefined,
    sessions: server.sessions.flatMap((session) => sessionAt(session, before, at)),
    connections: openBy(before, 'server'),
  }
}

function firstRegistration({ records }: Run): Hl1Entry | undefined {
  return records.find(isRegistration)
}

/** The server has accepted step 2. */
function isRegistration({ role, step, kind, direction, outcome }: Hl1Entry): boolean {
  return role === 'server' && step === 2 && kind === 'message' && direction === 'received' && outcome.ok
}

function sessionAt(session: SessionView, before: readonly Hl1Entry[], at: number): readonly SessionView[] {
  const { startedAt, lifetime, end } = session
  if (startedAt > at) return []
  const isOver = end !== undefined && end.at <= at
  const until = isOver ? end.at : at
  const requests = before.filter(
    ({ role, connection, step, kind, direction, outcome }) =>
      role === 'server' &&
      connection.id === session.id &&
      step === 7 &&
      kind === 'message' &&
      direction === 'received' &&
      outcome.ok,
  ).length
  return [
    {
      ...session,
      elapsed: Math.min(Math.max(0, until - startedAt - (isOver ? session.stood : 0)), lifetime * 1000),
      paused: false,
      stood: isOver ? session.stood : 0,
      viewedAt: at,
      requests,
      connected: !isOver,
      end: isOver ? end : undefined,
    },
  ]
}

/** Connections to a role that have begun and not ended with an alert, by its records. */
function openBy(records: readonly Hl1Entry[], role: Hl1Entry['role']): number {
  const open = new Set<string>()
  for (const { connection, kind, step, role: whose } of records) {
    if (whose !== role || connection.acceptor !== role) continue
    if (kind === 'alert' || (role === 'authority' && step === 2)) open.delete(connection.id)
    else open.add(connection.id)
  }
  return open.size
}
