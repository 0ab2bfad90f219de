/** The app as it starts: time until all three windows can be used, and memory, beside an empty app of the same runtime. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { spreadOf, type Spread } from './measure'

/** How an Electron program is started here; `root` is the project's folder. */
export interface Runtime {
  readonly executable: string
  readonly environment: Readonly<Record<string, string>>
  readonly root: string
}

/** `first`: with a new user data folder. `later`: with one that has been started with before, as a person's starts are. */
export type StartKind = 'first' | 'later'

export interface StartFigures {
  readonly name: 'app' | 'empty'
  /** Milliseconds from spawning to three windows painted with a button that can be pressed. */
  readonly usable: Spread
  /** Megabytes of all its processes together two seconds later; what they share is counted once. */
  readonly memory: Spread
}

export interface StartComparison {
  readonly kind: StartKind
  readonly figures: readonly StartFigures[]
  /** The app's over the empty one's, within the same round. */
  readonly timeRatio: Spread
  readonly memoryRatio: Spread
}

const SETTLE_MS = 2_000
/** Starts until Chromium has kept what it has compiled, and uses it. */
const STARTS_BEFORE = 3

/** Starts both in turn, again and again. */
export async function measureStart(
  runtime: Runtime,
  kind: StartKind,
  rounds: number,
): Promise<StartComparison> {
  const names = ['app', 'empty'] as const
  const folders = { app: newFolder(), empty: newFolder() }
  try {
    if (kind === 'later')
      for (const name of names)
        for (let time = 0; time < STARTS_BEFORE; time++) await startOnce(runtime, name, folders[name])
    return await compareStarts(runtime, kind, rounds, folders)
  } finally {
    for (const name of names) rmSync(folders[name], { recursive: true, force: true })
  }
}

async function compareStarts(
  runtime: Runtime,
  kind: StartKind,
  rounds: number,
  folders: Readonly<Record<'app' | 'empty', string>>,
): Promise<StartComparison> {
  const names = ['app', 'empty'] as const
  const times = { app: [] as number[], empty: [] as number[] }
  const memories = { app: [] as number[], empty: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      if (kind === 'first') rmSync(folders[name], { recursive: true, force: true })
      const { usable, memory } = await startOnce(runtime, name, folders[name])
      if (round < 0) continue
      times[name].push(usable)
      memories[name].push(memory)
    }
  }
  const ratio = (of: typeof times): Spread =>
    spreadOf(of.app.map((value, round) => value / (of.empty[round] ?? Number.NaN)))
  return {
    kind,
    figures: names.map((name) => ({ name, usable: spreadOf(times[name]), memory: spreadOf(memories[name]) })),
    timeRatio: ratio(times),
    memoryRatio: ratio(memories),
  }
}

async function startOnce(
  { executable, environment, root }: Runtime,
  name: 'app' | 'empty',
  folder: string,
): Promise<{ readonly usable: number; readonly memory: number }> {
  const isRoot = process.getuid?.() === 0
  const args = [
    ...(isRoot ? ['--no-sandbox'] : []),
    '-r',
    join(root, 'bench/empty-app/watch.cjs'),
    name === 'app' ? root : join(root, 'bench/empty-app'),
    `--user-data-dir=${folder}`,
    '--ca-port=0',
    '--server-port=0',
  ]
  const started = performance.now()
  const child = spawn(executable, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('three windows are usable')) resolve()
      })
      child.once('exit', () => reject(new Error(`The ${name} ended before its windows were usable.`)))
      child.once('error', reject)
    })
    const usable = performance.now() - started
    await sleep(SETTLE_MS)
    return { usable, memory: memoryOf(child.pid ?? 0) }
  } finally {
    child.kill()
    await ended
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'handshake-lab-bench-'))
}

/** Megabytes of a process and all that descend from it: their proportional set sizes. */
function memoryOf(root: number): number {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name)
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  let kilobytes = 0
  for (let left = [root]; left.length > 0;) {
    const [id = 0, ...others] = left
    kilobytes += proportionalSize(id)
    left = [...others, ...(children.get(id) ?? [])]
  }
  return kilobytes / 1024
}

function parentOf(id: string): number | undefined {
  try {
    // The name stands in parentheses and may hold anything; the state and the parent come after it.
    return Number(
      readFileSync(`/proc/${id}/stat`, 'utf8')
        .replace(/^.*\) \S /s, '')
        .split(' ')[0],
    )
  } catch {
    return undefined
  }
}

function proportionalSize(id: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
