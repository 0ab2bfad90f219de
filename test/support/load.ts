/** Load on the running app, and how its windows bear it: in ratios to the same window at rest, never in absolute times. */
import type { Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeFrame } from '#shared/hl1/frame'
import { ROLES } from '#shared/hl1/roles'
import { SUITES } from '#shared/hl1/suites'
import type { App } from './app'
import { RawPeer } from './raw-peer'

/** A step 3 that no key opens: it is refused, which makes two records, the message and the alert about it. */
const REFUSED = encodeFrame(3, SUITES.classic.byte, new Uint8Array(24).fill(7))

/** So many connections that are refused, some at a time. */
export async function attack(port: number, connections: number, atOnce = 50): Promise<void> {
  let left = connections
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const peer = await RawPeer.connect(port)
      await peer.send(REFUSED)
      await peer.alert()
      peer.close()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** Begins to count in a page the time between two turns of its event loop. */
export function startHeartbeat(page: Page): Promise<void> {
  return page.evaluate(() => {
    const store = window as unknown as { beats: number[] }
    store.beats = []
    let last = performance.now()
    const beat = (): void => {
      const now = performance.now()
      store.beats.push(now - last)
      last = now
      setTimeout(beat, 4)
    }
    beat()
  })
}

/** The longest wait between two beats since the last time that this was asked, in milliseconds, and how many there were. */
export function takeHeartbeat(page: Page): Promise<{ readonly longest: number; readonly beats: number }> {
  return page.evaluate(() => {
    const store = window as unknown as { beats: number[] }
    const beats = store.beats.splice(0)
    return { longest: Math.max(...beats), beats: beats.length }
  })
}

/** Answers when the page has worked off what it was told before this was asked. */
export async function caughtUp(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)))
}

/** An event of the page engine's own trace, as far as it is asked for here. */
interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Of a thread, its name. */
  readonly args?: { readonly name?: string }
  /** Processor time, microseconds. */
  readonly tdur?: number
}

/**
 * The most processor time that a page of the three windows spent on one task while something was done, in milliseconds. Other programs of
 * the machine lengthen that much less than the time by the clock.
 */
export async function longestTask(app: App, action: () => Promise<void>): Promise<number> {
  await app.electron.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel', 'devtools.timeline'] }),
  )
  await action()
  for (const role of ROLES) await caughtUp(app[role])
  const path = await app.electron.evaluate(
    ({ contentTracing }, file) => contentTracing.stopRecording(file),
    join(app.folder, 'trace.json'),
  )
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as {
    readonly traceEvents: readonly TraceEvent[]
  }
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && pages.has(threadOf(event)))
  if (tasks.length === 0) throw new Error('No task was traced.')
  return Math.max(...tasks.map(({ tdur }) => (tdur ?? 0) / 1000))
}

/**
 * Scrolls the list of messages from its top to its end in `frames` equal parts, one in each animation frame.
 * `longest`, `median`: milliseconds from one frame to the next; `rows`: the most that were in the document.
 */
export function scrollThrough(
  page: Page,
  frames: number,
): Promise<{ readonly longest: number; readonly median: number; readonly rows: number }> {
  return page.evaluate(async (count) => {
    const list = document.querySelector<HTMLElement>('[role="listbox"][aria-label="Messages"]')
    if (!list) throw new Error('There is no list.')
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    list.scrollTop = 0
    for (let settle = 0; settle < 5; settle++) await frame()
    const end = list.scrollHeight - list.clientHeight
    const times: number[] = []
    let rows = 0
    let last = await frame()
    for (let part = 1; part <= count; part++) {
      list.scrollTop = (end * part) / count
      const now = await frame()
      times.push(now - last)
      last = now
      rows = Math.max(rows, list.querySelectorAll('[role="option"]').length)
    }
    times.sort((a, b) => a - b)
    return { longest: times.at(-1) ?? 0, median: times[times.length >> 1] ?? 0, rows }
  }, frames)
}
