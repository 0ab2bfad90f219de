/** Starts the app as a person does from a terminal, without Playwright: for starts that come to nothing. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { ROOT } from './app'

export interface Start {
  readonly process: ChildProcess
  /** What it has said so far, on both streams. */
  readonly output: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** Streams of a start: pipes that are read, unless given. */
export type Streams = 'read' | readonly ['ignore', number | 'ignore', number | 'ignore']

/** `env` goes before this process's own variables; `options` are Electron's own; `before` is a program that starts it. */
export function startPlainly(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
  streams: Streams = 'read',
  before: readonly string[] = [],
): Start {
  const program = createRequire(import.meta.url)('electron') as string
  // Root's Chromium wants it, and Playwright starts the app with it as well.
  const [command = program, ...rest] = [...before, program, '--no-sandbox', ...options, ROOT, ...args]
  const started = spawn(command, rest, {
    cwd: ROOT,
    stdio: streams === 'read' ? ['ignore', 'pipe', 'pipe'] : [...streams],
    env: { ...process.env, ...env },
    // A group of its own, for signals to all of it.
    detached: true,
  })
  let output = ''
  for (const stream of [started.stdout, started.stderr])
    stream?.on('data', (chunk) => (output += String(chunk)))
  const ended = once(started, 'close').then((values) => {
    const [code, signal] = values as [number | null, string | null]
    return { code, signal }
  })
  return { process: started, output: () => output, ended }
}
