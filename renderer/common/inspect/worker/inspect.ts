/**
 * Asks the worker that reads and judges. Nothing that a file can make slow runs in the window itself: it stays alive, and
 * a reading without end is ended.
 */
import { LabError } from '#shared/errors'
import { reportFailure } from '#shared/failure'
import { CallError, report } from '../../call'
import type { OpeningProgress, PassphraseQuestion } from '#shared/inspect/open'
import type { InspectCalls, InspectAnswer, InspectRequest } from './calls'
import type { InspectNews, InspectReply } from './talk'

/** Nothing that is opened takes so long, in milliseconds: most time goes to passphrases, a second or so for each part. */
const GIVE_UP_AFTER = 60_000

type Argument<N extends keyof InspectCalls> = Parameters<InspectCalls[N]>
type Result<N extends keyof InspectCalls> = Awaited<ReturnType<InspectCalls[N]>>

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (fault: LabError) => void
  timer: ReturnType<typeof setTimeout>
  readonly talk: InspectTalk | undefined
}

/** Who is asked and told while something is under way. */
export interface InspectTalk {
  /** A passphrase, null to leave the part locked, undefined to give up. */
  readonly ask: (question: PassphraseQuestion) => Promise<string | null | undefined>
  /** @param cancel gives up */
  readonly tell: (progress: OpeningProgress, cancel: () => void) => void
}

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, Waiting>()

/**
 * Does one of the worker's jobs there.
 * @throws CallError with the code of what went wrong in the worker; LabError `inspect_timeout` when it took too long, `inspect_stopped`,
 *   `inspect_failed`
 */
export function inspect<N extends keyof InspectCalls>(name: N, ...argument: Argument<N>): Promise<Result<N>> {
  return begin(undefined, name, argument)
}

/**
 * Opens a file in the worker.
 * @throws as {@link inspect} does; LabError `cancelled` when it was given up
 */
export function openInWorker(
  talk: InspectTalk,
  ...argument: Argument<'openFile'>
): Promise<Result<'openFile'>> {
  return begin(talk, 'openFile', argument)
}

function begin<N extends keyof InspectCalls>(
  talk: InspectTalk | undefined,
  name: N,
  argument: Argument<N>,
): Promise<Result<N>> {
  const id = ++lastId
  return new Promise<Result<N>>((resolve, reject) => {
    const timer = setTimeout(giveUp, GIVE_UP_AFTER)
    waiting.set(id, { resolve, reject, timer, talk })
    worker ??= startWorker()
    const request: InspectRequest = { id, name, argument }
    worker.postMessage(request)
  })
}

/** Ends the worker with all that it knows. It starts again when it is asked the next time. */
export function forgetInspected(): void {
  stop(new LabError('inspect_stopped', 'The inspector was closed.'))
}

function startWorker(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  started.addEventListener('message', ({ data }: MessageEvent<InspectAnswer | InspectNews>) =>
    'ok' in data ? settle(data) : void hearNews(data),
  )
  started.addEventListener('error', ({ error, message }) => {
    report('In the worker that reads.', reportFailure(error ?? new Error(message)))
    stop(new LabError('inspect_failed', 'Reading has failed: the bytes are more than can be held.'))
  })
  return started
}

function settle(answer: InspectAnswer): void {
  const job = waiting.get(answer.id)
  if (!job) return
  waiting.delete(answer.id)
  clearTimeout(job.timer)
  if (answer.ok) return job.resolve(answer.value as never)
  if (answer.failure) report('In the worker that reads.', answer.failure)
  job.reject(new CallError(answer.fault))
}

/** What takes long goes on as long as it is heard of; a person may take any time. */
async function hearNews(news: InspectNews): Promise<void> {
  const { id } = news
  const job = waiting.get(id)
  if (!job?.talk) return
  clearTimeout(job.timer)
  if ('progress' in news) {
    job.timer = setTimeout(giveUp, GIVE_UP_AFTER)
    return job.talk.tell(news.progress, () => cancel(id))
  }
  const passphrase = await job.talk.ask(news.ask)
  if (!waiting.has(id)) return
  if (passphrase === undefined) return cancel(id)
  job.timer = setTimeout(giveUp, GIVE_UP_AFTER)
  const reply: InspectReply = { id, passphrase }
  worker?.postMessage(reply)
}

/** Gives up one job; the worker is told, and what it says of it later is not waited for. */
function cancel(id: number): void {
  const job = waiting.get(id)
  if (!job) return
  waiting.delete(id)
  clearTimeout(job.timer)
  const reply: InspectReply = { id, cancel: true }
  worker?.postMessage(reply)
  job.reject(new LabError('cancelled', 'Opening the file was given up.'))
}

function giveUp(): void {
  stop(new LabError('inspect_timeout', `Reading took more than ${GIVE_UP_AFTER / 1000} s and was stopped.`))
}

function stop(fault: LabError): void {
  worker?.terminate()
  worker = undefined
  for (const { reject, timer } of waiting.values()) {
    clearTimeout(timer)
    reject(fault)
  }
  waiting.clear()
}
