/** Files that a person gave the app from outside: on its command line, on that of a second start, or by the desktop. */
import { app } from 'electron'
import * as v from 'valibot'
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

/** Has the inspector of the client's window open files. */
export async function openGiven(windows: Pick<LabWindows, 'ask'>, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  const files = await Promise.all(paths.slice(0, MOST_FILES).map((path) => readGivenFile(path)))
  windows.ask(FRONT_WINDOW, 'files:given', files)
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
