/** The terminal run as a program of its own, built once per test file, and run as a child process. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'

const ROOT = resolve(import.meta.dirname, '../..')
/** How long a program may take, milliseconds: generous, for machines that are busy. */
const PATIENCE_MS = 50_000

/** A program in a folder of its own. */
export interface BuiltProgram {
  readonly program: string
  readonly remove: () => Promise<void>
}

/** Builds `main/terminal/handshake.ts` into a folder of its own, apart from the app's own build. */
export function buildTerminal(): Promise<BuiltProgram> {
  return buildEntry('main/terminal/handshake.ts', { 'attacks-thread': 'main/adversary/attacks-thread.ts' })
}

/** Builds an entry that runs in plain Node, and the threads that it starts, by name; paths are from the root. */
export async function buildEntry(
  entry: string,
  threads: Readonly<Record<string, string>> = {},
): Promise<BuiltProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-build-'))
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20.18',
      rollupOptions: {
        input: Object.fromEntries(
          Object.entries({ program: entry, ...threads }).map(([name, path]) => [name, join(ROOT, path)]),
        ),
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true },
  })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  return {
    program: join(folder, 'program.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** How a program ended. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** The first line of its standard output that fits; throws when it ends before, or takes too long. */
  readonly line: (fits: (line: string) => boolean) => Promise<string>
}

/** Starts a program; whoever starts it waits for its end or ends it. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Running {
  const child = spawn(command, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  const lookers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of lookers) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  const line = (fits: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No such line came.\n${stdout}${stderr}`)), PATIENCE_MS)
      const look = (): void => {
        const found = stdout.split('\n').slice(0, -1).find(fits)
        if (found === undefined) return
        clearTimeout(timer)
        lookers.delete(look)
        resolve(found)
      }
      lookers.add(look)
      look()
      void ended.then(() => reject(new Error(`The program ended before such a line.\n${stdout}${stderr}`)))
    })
  return { child, ended, line }
}

/** Runs a program to its end. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return startProgram(command, args, options).ended
}

/** Ends a program if it still runs. */
export async function endProgram({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL')
  await ended.catch(() => undefined)
}
