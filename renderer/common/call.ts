/** The windows' side of the contract with main: typed calls that throw what went wrong. */
import type { ArgumentList, Bridge, CallName, CallResults, CallsOf } from '#shared/ipc/contract'
import type { ErrorCode } from '#shared/errors'
import type { Fault } from '#shared/lab'

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

/** A call that main has refused or failed at. */
export class CallError extends Error {
  override readonly name = 'CallError'

  constructor(readonly fault: Fault) {
    super(fault.message)
  }

  get code(): ErrorCode {
    return this.fault.code
  }
}

/**
 * Asks main.
 * @throws CallError with main's code and message
 */
export const call: Call<CommonCall> = (name, ...argument) => ask(name, ...argument)

/** Anything thrown, as a fault to show. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CallError) return error.fault
  return { code: 'internal_error', message: error instanceof Error ? error.message : String(error) }
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
