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

/** `env` goes before this process's own variables; `options` are Electron's own. */
export function startPlainly(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Start {
  const program = createRequire(import.meta.url)('electron') as string
  // Root's Chromium wants it, and Playwright starts the app with it as well.
  const started = spawn(program, ['--no-sandbox', ...options, ROOT, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk) => (output += String(chunk)))
  const ended = once(started, 'close').then((values) => {
    const [code, signal] = values as [number | null, string | null]
    return { code, signal }
  })
  return { process: started, output: () => output, ended }
}
