/** Runs programs of others: never through a shell, in an environment of their own, for a bounded time, with bounded output. */
import { spawn } from 'node:child_process'

/** What a program said, and how it ended. */
export interface ProgramResult {
  /** Undefined when it was ended by a signal. */
  readonly code: number | undefined
  /** Standard output and standard error as they came, the first bytes of them. */
  readonly output: string
  /** True when its time was over. */
  readonly late: boolean
}

export interface ProgramOptions {
  readonly signal: AbortSignal
  /** The folder that it runs in. */
  readonly cwd?: string
  /** Milliseconds. */
  readonly timeLimit?: number
}

/** A program that is asked and answers at once takes a fraction of a second. */
const TIME_LIMIT_MS = 10_000
/** More of what a program says is of no use to anybody. */
const MOST_OUTPUT = 4_096

/**
 * Runs a program without input.
 * @returns undefined when it is not installed
 * @throws the signal's reason, once the program has ended
 */
export function runProgram(
  name: string,
  args: readonly string[],
  { signal, cwd, timeLimit = TIME_LIMIT_MS }: ProgramOptions,
): Promise<ProgramResult | undefined> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const { PATH = '' } = process.env
    const child = spawn(name, [...args], {
      ...(cwd === undefined ? {} : { cwd }),
      // Of the person's own settings for these programs none counts, so that a verdict is the same everywhere.
      env: { PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let late = false
    const end = (): void => void child.kill('SIGKILL')
    const timer = setTimeout(() => {
      late = true
      end()
    }, timeLimit)
    signal.addEventListener('abort', end)
    const hear = (data: Buffer): void => {
      if (output.length < MOST_OUTPUT) output = (output + data.toString('utf8')).slice(0, MOST_OUTPUT)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      over()
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(undefined)
      else reject(error)
    })
    child.on('close', (code) => {
      over()
      if (signal.aborted) reject(signal.reason as Error)
      else resolve({ code: code ?? undefined, output, late })
    })
  })
}
