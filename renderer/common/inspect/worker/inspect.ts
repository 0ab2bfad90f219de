/**
 * Asks the worker that reads and judges. Nothing that a file can make slow runs in the window itself: it stays alive, and
 * a reading without end is ended.
 */
import type { ErrorCode } from '#shared/errors'
import type { InspectCalls, InspectAnswer, InspectRequest } from './calls'

/** Nothing that is opened takes so long, in milliseconds: most time goes to passphrases, a second or so for each part. */
const GIVE_UP_AFTER = 60_000

type Argument<N extends keyof InspectCalls> = Parameters<InspectCalls[N]>
type Result<N extends keyof InspectCalls> = Awaited<ReturnType<InspectCalls[N]>>

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (fault: InspectFault) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/** What went wrong in the worker: errors lose their class on the way, so code and offset travel as data. */
export class InspectFault extends Error {
  override readonly name = 'InspectFault'

  /** @param offset of the byte that could not be read, where it is known */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly offset?: number | undefined,
  ) {
    super(message)
  }

  static from(error: unknown): InspectFault {
    if (error instanceof InspectFault) return error
    return new InspectFault('internal_error', error instanceof Error ? error.message : String(error))
  }
}

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, Waiting>()

/**
 * Does one of the worker's jobs there.
 * @throws InspectFault with the code of what went wrong, `inspect_timeout` when it took too long
 */
export function inspect<N extends keyof InspectCalls>(name: N, ...argument: Argument<N>): Promise<Result<N>> {
  const id = ++lastId
  return new Promise<Result<N>>((resolve, reject) => {
    const timer = setTimeout(giveUp, GIVE_UP_AFTER)
    waiting.set(id, { resolve, reject, timer })
    worker ??= startWorker()
    const request: InspectRequest = { id, name, argument }
    worker.postMessage(request)
  })
}

/** Ends the worker with all that it knows. It starts again when it is asked the next time. */
export function forgetInspected(): void {
  stop(new InspectFault('inspect_stopped', 'The inspector was closed.'))
}

function startWorker(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  started.addEventListener('message', ({ data }: MessageEvent<InspectAnswer>) => settle(data))
  started.addEventListener('error', () => {
    stop(new InspectFault('inspect_failed', 'Reading has failed: the bytes are more than can be held.'))
  })
  return started
}

function settle(answer: InspectAnswer): void {
  const job = waiting.get(answer.id)
  if (!job) return
  waiting.delete(answer.id)
  clearTimeout(job.timer)
  if (answer.ok) job.resolve(answer.value as never)
  else job.reject(new InspectFault(answer.code, answer.message, answer.offset))
}

function giveUp(): void {
  stop(
    new InspectFault('inspect_timeout', `Reading took more than ${GIVE_UP_AFTER / 1000} s and was stopped.`),
  )
}

function stop(fault: InspectFault): void {
  worker?.terminate()
  worker = undefined
  for (const { reject, timer } of waiting.values()) {
    clearTimeout(timer)
    reject(fault)
  }
  waiting.clear()
}
