/** Where every call from a window arrives: who calls, what for, and in which shape is checked before anything is done. */
import * as v from 'valibot'
import { isForeseen, LabError, toFault } from '#shared/errors'
import { CALLS, mayCall, type Answer, type CallName, type CallResults } from '#shared/ipc/contract'
import { isBounded, mostBytesOf } from '#shared/ipc/size'
import type { WindowName } from '#shared/windows'
import type { Log } from '../log/log'
import type { Person } from '../windows/person'
import type { LabWindows } from '../windows/windows'
import { questionOf } from './questions'

/** What a call is answered with; `window` is the one that asked. */
export type Handlers = {
  readonly [C in CallName]: (
    argument: v.InferOutput<(typeof CALLS)[C]['argument']>,
    window: WindowName,
  ) => Promise<CallResults[C]> | CallResults[C]
}

/** The handlers of one topic, by what their names begin with. */
export type Topic<Prefix extends string> = Pick<Handlers, Extract<keyof Handlers, `${Prefix}:${string}`>>

/** Characters of why an argument is refused: a reason may repeat what was given. */
const LONGEST_REASON = 500

/** Calls of one window that may wait for an answer: far more than any window of the app makes at once. */
const MOST_WAITING = 256

/** What is known of a call before it is looked into. */
type Call = Pick<Electron.IpcMainInvokeEvent, 'sender' | 'senderFrame'>

/** Gives what answers calls, once the handlers are there. `origin` is the only one whose pages may call. */
export function answerer(
  windows: Pick<LabWindows, 'nameOf'>,
  person: Pick<Person, 'hasActed' | 'agrees'>,
  origin: string,
  handlers: Handlers | Promise<Handlers>,
  log: Pick<Log, 'failed'>,
): (event: Call, name: unknown, argument?: unknown) => Promise<Answer<unknown>> {
  // Why the lab is not there is said once, by whoever starts it.
  const table = Promise.resolve(handlers).catch(() => {
    throw new LabError('not_started', 'Handshake Lab could not start.')
  })
  table.catch(() => undefined)
  /** How many calls of each window wait for an answer. */
  const waiting = new Map<WindowName, number>()
  const count = (window: WindowName, more: number): number => {
    const now = (waiting.get(window) ?? 0) + more
    waiting.set(window, now)
    return now
  }
  return async (event, name, argument) => {
    const window = windows.nameOf(event.sender)
    const before = window ? count(window, 1) : 0
    try {
      if (before > MOST_WAITING)
        throw new LabError('too_many_calls', 'This window waits for as many answers as it may.')
      const frame = event.senderFrame
      const known =
        window && frame && frame === event.sender.mainFrame && frame.url.startsWith(`${origin}/${window}/`)
      if (!known) throw new LabError('forbidden', 'Only the app’s own windows may call.')
      if (!mayCall(window, name)) throw new LabError('forbidden', 'This window has no such call.')
      if (!isBounded(argument, { bytes: mostBytesOf(name) }))
        throw new LabError('bad_argument', 'The argument holds too much.')
      const shaped = v.safeParse(CALLS[name].argument, argument, { abortEarly: true })
      if (!shaped.success)
        throw new LabError('bad_argument', shaped.issues[0].message.slice(0, LONGEST_REASON))
      if (CALLS[name].decides === 'act' && !person.hasActed(window)) {
        const agrees = await person.agrees(window, questionOf(name, window))
        if (!agrees) throw new LabError('not_asked_for', 'Nobody in this window has asked for that.')
      }
      const handler = (await table)[name] as (argument: unknown, window: WindowName) => unknown
      return { ok: true, value: await handler(shaped.output, window) }
    } catch (error) {
      const fault = toFault(error)
      // No text of a page's own gets into the log this way: only the names of calls.
      const call = typeof name === 'string' && Object.hasOwn(CALLS, name) ? name : 'a call'
      if (!isForeseen(error)) log.failed(`While answering ${call}.`, error)
      return { ok: false, error: fault }
    } finally {
      if (window) count(window, -1)
    }
  }
}
