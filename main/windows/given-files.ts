/** Files that a person gave the app from outside: on its command line, on that of a second start, or by the desktop. */
import { app } from 'electron'
import { extname } from 'node:path'
import * as v from 'valibot'
import { RUN_EXTENSION } from '#shared/run/file-type'
import { FRONT_WINDOW } from '#shared/windows'
import { readGivenFile } from '../files/given-file'
import type { LabWindows } from './windows'

/** So many are opened at once. */
const MOST_FILES = 50

/** What a second start hands over: whole paths. Another program of this account may say anything. */
const handedOver = v.object({
  files: v.pipe(v.array(v.pipe(v.string(), v.maxLength(4096))), v.maxLength(1000)),
})

/** The paths that a second start has handed over. */
export function filesHandedOver(data: unknown): readonly string[] {
  const read = v.safeParse(handedOver, data)
  return read.success ? read.output.files : []
}

/** Opens files: a run as a run, once there is who does that, and all others in the inspector of the client's window. */
export class GivenFiles {
  /** Runs that were given before anybody could open them. */
  readonly #early: string[] = []
  #openRun = (path: string): void => void this.#early.push(path)

  constructor(private readonly windows: Pick<LabWindows, 'ask'>) {}

  /** From now on runs are opened so, those that were given before as well. */
  onRun(open: (path: string) => void): void {
    this.#openRun = open
    this.#early.splice(0).forEach(open)
  }

  async open(paths: readonly string[]): Promise<void> {
    const taken = paths.slice(0, MOST_FILES)
    // One run is open at a time.
    const run = taken.findLast(isRun)
    if (run !== undefined) this.#openRun(run)
    const others = taken.filter((path) => !isRun(path))
    if (others.length === 0) return
    const files = await Promise.all(others.map((path) => readGivenFile(path)))
    this.windows.ask(FRONT_WINDOW, 'files:given', files)
  }
}

function isRun(path: string): boolean {
  return extname(path).toLowerCase() === RUN_EXTENSION
}

/** Takes files that the desktop of macOS opens with the app, also before its windows are there. */
export function takeOpenedFiles(): (take: (path: string) => void) => void {
  const early: string[] = []
  let take = (path: string): void => void early.push(path)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    take(path)
  })
  return (next) => {
    take = next
    early.forEach(next)
  }
}
