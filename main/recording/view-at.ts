/** What windows showed of a recorded lab at one of its moments. */
import type { LabView, RevokedView } from '#shared/lab'
import { labAt } from '#shared/run/moment'
import type { Run } from '#shared/run/run'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { viewCredentials, viewIssued, viewOf } from '../lab/view'

/** @param around what is of this app, and not of the run */
export async function viewAt(
  run: Run,
  moment: number,
  around: Pick<LabView, 'versions'>,
): Promise<{ readonly lab: LabView; readonly settings: Settings }> {
  const { settings = DEFAULT_SETTINGS, anchor, authority, server } = labAt(run, moment)
  const revoked = new Map((authority.revoked ?? []).map(({ serial, ...since }) => [serial, since]))
  const revokedSince = (serial: string): RevokedView | undefined => revoked.get(serial)
  const lab: LabView = {
    authority: {
      status: authority.status,
      identity: authority.identity,
      address: authority.address,
      fault: undefined,
      certificate: await viewOf(anchor),
      issued: await viewIssued(authority.issued, revokedSince),
      signed: (authority.signed ?? []).map((signed) => ({ ...signed, revoked: revokedSince(signed.id) })),
      list: authority.list && { ...authority.list, url: undefined, fault: undefined, file: undefined },
      names: authority.names,
      questions: [],
      connections: authority.connections,
    },
    server: {
      status: server.status,
      identity: server.identity,
      address: server.address,
      fault: undefined,
      registration: server.registration,
      outdated: server.outdated,
      ...(await viewCredentials(server.certificate, server.certS)),
      sessions: server.sessions,
      connections: server.connections,
    },
    walk: {
      version: 0,
      registered: server.registration === 'registered' ? 2 : server.registration === 'under_way' ? 1 : 0,
      waiting: [],
      paused: false,
    },
    isOnWire: false,
    heldOnWire: 0,
    dropped: [],
    trustAnchorFile: undefined,
    notices: [],
    commandLine: [],
    ...around,
  }
  return { lab, settings }
}
