/**
 * `--serve` as other programs see it: one client in Python, and how long it takes with this program's server, and with the one in
 * Python that is registered with the same authority. Each server is a process of its own, and prints to a file.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SuiteName } from '#shared/hl1/suites'
import { percentile, spreadOf, type Spread } from './measure'
import { linesOf, PYTHON } from './python'

export interface ServingFigures {
  readonly suite: SuiteName
  readonly servers: readonly {
    readonly name: string
    /** Milliseconds of an exchange: steps 3 to 8 on a connection of its own, as the client counts them. */
    readonly each: Spread
    readonly p95: number
    /** Medians: over that of the server in Python that prints as much. */
    readonly ratio: number
  }[]
}

/** Exchanges with each server, before those that count. */
const WARM_UP = 30
const PATIENCE_MS = 20_000

/**
 * Lets the client have so many exchanges with each server, one with each in turn.
 * @param program the built terminal run
 */
export async function measureServing(
  root: string,
  program: string,
  suite: SuiteName,
  count: number,
): Promise<ServingFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'handshake-lab-bench-'))
  const children: ChildProcess[] = []
  const start = (command: string, args: readonly string[], output: string | undefined): ChildProcess => {
    const sink = output === undefined ? 'pipe' : openSync(join(folder, output), 'w')
    const child = spawn(command, [...args], { cwd: folder, stdio: ['pipe', sink, 'ignore'] })
    children.push(child)
    return child
  }
  const peers = join(root, 'test/interop')
  try {
    const serving = async (name: string, ...options: readonly string[]) => {
      const ports = ['--ca-port', '0', '--server-port', '0']
      start(process.execPath, [program, '--serve', '--suite', suite, ...ports, ...options], name)
      return JSON.parse(await firstLine(join(folder, name))) as {
        readonly authority: { readonly port: number }
        readonly server: { readonly port: number }
        readonly trustAnchor: string
      }
    }
    const full = await serving('--serve')
    const quiet = await serving('--serve --quiet', '--quiet')
    const python = async (name: string, ...options: readonly string[]): Promise<number> => {
      const authority = `127.0.0.1:${full.authority.port}`
      const all = [
        '--trust-anchor',
        full.trustAnchor,
        '--suite',
        suite,
        '--authority',
        authority,
        '--listen',
        '127.0.0.1:0',
      ]
      start(PYTHON, ['-B', join(peers, 'server.py'), ...all, '--idle', '600', ...options], name)
      const line = await firstLine(join(folder, name), (text) => text.startsWith('{"listening"'))
      return (JSON.parse(line) as { readonly listening: number }).listening
    }
    const servers = [
      { name: 'server in Python', port: await python('python'), trustAnchor: full.trustAnchor, beside: 0 },
      { name: '--serve', port: full.server.port, trustAnchor: full.trustAnchor, beside: 0 },
      {
        name: 'server in Python, --quiet',
        port: await python('python-quiet', '--quiet'),
        trustAnchor: full.trustAnchor,
        beside: 2,
      },
      { name: '--serve --quiet', port: quiet.server.port, trustAnchor: quiet.trustAnchor, beside: 2 },
    ]
    const clients = servers.map(({ port, trustAnchor }) => {
      const options = ['--server', `127.0.0.1:${port}`, '--trust-anchor', trustAnchor, '--suite', suite]
      const all = ['-B', join(peers, 'client.py'), ...options, '--request', 'echo x', '--visits', '--quiet']
      const child = start(PYTHON, all, undefined)
      const line = linesOf(child)
      return async (): Promise<number> => {
        const before = performance.now()
        child.stdin?.write('1 1\n')
        const { visits } = await line<{ readonly visits?: number }>()
        if (visits !== 1) throw new Error('An exchange has failed.')
        return performance.now() - before
      }
    })
    const times = servers.map((): number[] => [])
    for (let round = -WARM_UP; round < count; round++) {
      for (let turn = 0; turn < clients.length; turn++) {
        const index = (turn + Math.max(0, round)) % clients.length
        const time = await clients[index]?.()
        if (round >= 0 && time !== undefined) times[index]?.push(time)
      }
    }
    const spreads = times.map(spreadOf)
    return {
      suite,
      servers: servers.map(({ name, beside }, index) => ({
        name,
        each: spreads[index] ?? spreadOf([]),
        p95: percentile(times[index] ?? [], 0.95),
        ratio: (spreads[index]?.median ?? Number.NaN) / (spreads[beside]?.median ?? Number.NaN),
      })),
    }
  } finally {
    for (const child of children) {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill()
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The first whole line of a file that fits, once it is there. */
async function firstLine(path: string, fits: (line: string) => boolean = () => true): Promise<string> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
    const found = readFileSync(path, 'utf8').split('\n').slice(0, -1).find(fits)
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Nothing came in ${path}.`)
}
