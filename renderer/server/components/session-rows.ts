/** The server's sessions as rows: how long each still lives, and how it ended. */
import type { SessionView } from '#shared/lab'

export interface SessionRow {
  readonly session: SessionView
  /** Milliseconds; negative after the lifetime's end. */
  readonly left: number
  readonly live: boolean
  /** The state in words, short, and what it means. */
  readonly state: string
  readonly about: string
  /** When it ended, or will, on the wall clock. */
  readonly endsAt: number
}

const STATES = {
  live: { state: 'Live', about: 'Requests are answered.' },
  paused: {
    state: 'Paused',
    about:
      'Its clock stands at both ends while somebody reads, in the client’s window. A real session would run on, and end.',
  },
  lifetime: { state: 'Lifetime over', about: 'Its time was up; the key is forgotten.' },
  client_left: { state: 'Client left', about: 'The client closed the connection; the key is forgotten.' },
  ended_here: {
    state: 'Ended here',
    about: 'The server ended it; the client was told, the key is forgotten.',
  },
  refused: {
    state: 'Refused',
    about: 'A message was refused, which closed the connection; the key is forgotten.',
  },
} as const

/** `now`: the wall clock, as the views have it. The newest session comes first, as in `sessions`. */
export function sessionRows(sessions: readonly SessionView[], now: number): readonly SessionRow[] {
  return sessions.map((session) => {
    const { elapsed, viewedAt, lifetime, startedAt, stood, paused, end, connected } = session
    const since = Math.max(0, now - viewedAt)
    const left = lifetime * 1000 - elapsed - (paused ? 0 : since)
    const alive = paused ? 'paused' : 'live'
    const how = end?.how ?? (left < 0 ? 'lifetime' : connected ? alive : 'client_left')
    return {
      session,
      left,
      live: how === 'live' || how === 'paused',
      ...STATES[how],
      endsAt:
        end && end.how !== 'lifetime' ? end.at : startedAt + lifetime * 1000 + stood + (paused ? since : 0),
    }
  })
}
