/** The clock that sessions of the app's own client are measured with here: it can stand while somebody reads. */
import { LabError } from '#shared/errors'
import { PausableClock, type LifetimeClock } from '#shared/hl1/pausable-clock'
import type { SessionList } from '../server/session-list'

export class OwnSessions {
  readonly clock: PausableClock

  /** @param sessions those of the server */
  constructor(
    real: LifetimeClock,
    private readonly sessions: () => Pick<SessionList, 'hasLive'>,
  ) {
    this.clock = new PausableClock(real)
  }

  /**
   * Stops the clock, or lets it go on.
   * @throws LabError `unknown_session`
   */
  pause(paused: boolean): void {
    if (!paused) this.clock.resume()
    else if (this.sessions().hasLive(this.clock)) this.clock.pause()
    else throw new LabError('unknown_session', 'There is no session whose clock could be stopped.')
  }

  /** Something has changed: once there is no such session any more, the clock goes on. */
  look(): void {
    if (this.clock.isPaused && !this.sessions().hasLive(this.clock)) this.clock.resume()
  }
}
