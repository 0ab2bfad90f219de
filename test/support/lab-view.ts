/** A lab as windows see it, both roles running on their default ports and the server registered, for tests of views. */
import type { AuthorityView, LabView, ServerView, SessionView } from '#shared/lab'

export interface LabViewChanges extends Partial<Omit<LabView, 'authority' | 'server'>> {
  readonly authority?: Partial<AuthorityView>
  readonly server?: Partial<ServerView>
}

export function labView({ authority, server, ...rest }: LabViewChanges = {}): LabView {
  return {
    authority: {
      status: 'running',
      identity: 'ID-CA',
      address: { address: '127.0.0.1', port: 17_401 },
      fault: undefined,
      certificate: undefined,
      issued: [],
      signed: [],
      list: undefined,
      names: [],
      questions: [],
      connections: 0,
      ...authority,
    },
    server: {
      status: 'running',
      identity: 'ID-Server',
      address: { address: '127.0.0.1', port: 17_402 },
      fault: undefined,
      registration: 'registered',
      outdated: undefined,
      key: undefined,
      certificate: undefined,
      certS: undefined,
      sessions: [],
      connections: 0,
      ...server,
    },
    walk: { version: 1, registered: 2, waiting: [], paused: false },
    isOnWire: false,
    heldOnWire: 0,
    dropped: [],
    trustAnchorFile: undefined,
    notices: [],
    commandLine: [],
    versions: { app: '', electron: '', chrome: '', node: '' },
    ...rest,
  }
}

export function sessionView(changes: Partial<SessionView> = {}): SessionView {
  return {
    id: 'session-1',
    idC: 'ID-Client',
    peer: { address: '127.0.0.1', port: 40_000 },
    suite: 'classic',
    startedAt: 1_000_000,
    lifetime: 60,
    elapsed: 0,
    paused: false,
    stood: 0,
    viewedAt: 1_000_000,
    requests: 0,
    connected: true,
    end: undefined,
    ...changes,
  }
}
