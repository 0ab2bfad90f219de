/** The log of the app in windows: a file in the user data folder, its beginning, and what *Show log* needs. */
import { app } from 'electron'
import type { LogView } from '#shared/ipc/contract'
import { FileLog } from './log'
import { LogFile } from './log-file'

/** So much of the log's end is shown, in bytes: what is before it is in the file. */
const SHOWN_BYTES = 256 * 1024

export class AppLog extends FileLog {
  constructor(private readonly kept: LogFile) {
    super(kept)
  }

  /** Where the log is, and its end. */
  view(): LogView {
    return { path: this.kept.path, text: this.kept.read(SHOWN_BYTES) }
  }

  get path(): string {
    return this.kept.path
  }
}

/** Opens the log at a path, and says there which versions begin. */
export function openLog(path: string): AppLog {
  const log = new AppLog(new LogFile(path))
  const { electron, chrome, node } = process.versions
  const system = `${process.platform} ${process.arch} ${process.getSystemVersion()}`
  const of = app.isPackaged ? 'installed' : 'from a clone'
  log.note(
    `Handshake Lab ${app.getVersion()} (${of}) begins: Electron ${electron}, Chromium ${chrome}, Node.js ${node}, ${system}.`,
  )
  return log
}
