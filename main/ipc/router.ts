/** Where every call from a window arrives: who calls, what for, and in which shape is checked before anything is done. */
import { ipcMain } from 'electron'
import * as v from 'valibot'
import { isForeseen, LabError } from '#shared/errors'
import { CALLS, type Answer, type CallName, type CallResults } from '#shared/ipc/contract'
import type { WindowName } from '#shared/lab'
import { toFault } from '../lab/fault'
import type { Log } from '../log/log'
import type { LabWindows } from '../windows/windows'

/** What a call is answered with; `window` is the one that asked. */
export type Handlers = {
  readonly [C in CallName]: (
    argument: v.InferOutput<(typeof CALLS)[C]['argument']>,
    window: WindowName,
  ) => Promise<CallResults[C]> | CallResults[C]
}

/** Answers calls, once the handlers are there. `origin` is the only one whose pages may call. */
export function answerCalls(
  windows: LabWindows,
  origin: string,
  handlers: Handlers | Promise<Handlers>,
  log: Pick<Log, 'failed'>,
): void {
  // Why the lab is not there is said once, by whoever starts it.
  const table = Promise.resolve(handlers).catch(() => {
    throw new LabError('not_started', 'Handshake Lab could not start.')
  })
  table.catch(() => undefined)
  ipcMain.handle('call', async (event, name: unknown, argument: unknown): Promise<Answer<unknown>> => {
    try {
      const window = windows.nameOf(event.sender)
      const frame = event.senderFrame
      const known =
        window && frame && frame === event.sender.mainFrame && frame.url.startsWith(`${origin}/${window}/`)
      if (!known) throw new LabError('forbidden', 'Only the app’s own windows may call.')
      if (!isCallName(name) || !(CALLS[name].windows as readonly WindowName[]).includes(window)) {
        throw new LabError('forbidden', 'This window has no such call.')
      }
      const shaped = v.safeParse(CALLS[name].argument, argument)
      if (!shaped.success)
        throw new LabError('bad_argument', shaped.issues.map((issue) => issue.message).join(' '))
      const handler = (await table)[name] as (argument: unknown, window: WindowName) => unknown
      return { ok: true, value: await handler(shaped.output, window) }
    } catch (error) {
      const fault = toFault(error)
      if (!isForeseen(error)) log.failed(`While answering ${isCallName(name) ? name : 'a call'}.`, error)
      return { ok: false, error: fault }
    }
  })
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(CALLS, name)
}
