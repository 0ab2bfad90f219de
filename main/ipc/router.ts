/** Where every call from a window arrives. Nothing else listens to pages. */
import { ipcMain } from 'electron'
import type { Log } from '../log/log'
import type { Person } from '../windows/person'
import type { LabWindows } from '../windows/windows'
import { answerer, type Handlers } from './answer'

/** Answers calls, once the handlers are there. `origin` is the only one whose pages may call. */
export function answerCalls(
  windows: LabWindows,
  person: Person,
  origin: string,
  handlers: Promise<Handlers>,
  log: Pick<Log, 'failed'>,
): void {
  ipcMain.handle('call', answerer(windows, person, origin, handlers, log))
}
