/** The windows' side of the contract with main: typed calls that throw what went wrong. */
import type { ArgumentList, Bridge, CallName, CallResults, CallsOf } from '#shared/ipc/contract'
import { isForeseen, LabError, toFault, type Fault } from '#shared/errors'
import { reportFailure, type FailureReport } from '#shared/failure'

declare global {
  interface Window {
    /** Put here by the preload. */
    readonly lab: Bridge<CallName>
  }
}

/** What every window may ask: all that the common views use. */
export type CommonCall = CallsOf<'authority'> & CallsOf<'server'> & CallsOf<'client'>

/** Asks main, within the calls `C`. */
export type Call<C extends CallName> = <N extends C>(
  name: N,
  ...argument: ArgumentList<N>
) => Promise<CallResults[N]>

/** What main, or a worker of the window's, has refused or failed at. What was not foreseen there is in the log already. */
export class CallError extends LabError {
  override readonly name = 'CallError'

  constructor({ code, message, ...details }: Fault) {
    super(code, message, details)
  }
}

/**
 * Asks main.
 * @throws CallError with main's code and message
 */
export const call: Call<CommonCall> = (name, ...argument) => ask(name, ...argument)

/** Anything thrown, as a fault to show. What nobody has foreseen goes to the app's log as well. */
export function faultOf(error: unknown): Fault {
  logUnforeseen(error)
  return toFault(error)
}

/** For an error that is shown as something else, or need not be shown: to the app's log with it where nobody has foreseen it. */
export function logUnforeseen(error: unknown): void {
  if (isForeseen(error) || error instanceof CallError) return
  report('While something was done in the window.', reportFailure(error))
}

/** Has main write a failure to the app's log; `where` says what was being done. */
export function report(where: string, failure: FailureReport): void {
  // Without main there is nobody else to tell, and telling must not be a failure of its own.
  ask('log:report', { where, failure }).catch((error: unknown) => console.error(error))
}

/** For starting what another window may have started just now: that it runs already is what was wanted. */
export function unlessRunning(error: unknown): void {
  if (!(error instanceof CallError && error.code === 'already_running')) throw error
}

/**
 * As {@link call}, for whoever knows which of main's calls its window has.
 * @throws CallError with main's code and message
 */
export async function ask<N extends CallName>(
  name: N,
  ...argument: ArgumentList<N>
): Promise<CallResults[N]> {
  const answer = await window.lab.call(name, ...argument)
  if (answer.ok) return answer.value
  throw new CallError(answer.error)
}
