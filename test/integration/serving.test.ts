/** `--serve` with nobody who reads its output, and after one that was killed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { attack } from '../support/load'
import { runPeer } from '../support/python-peers'
import { buildTerminal, endProgram, runProgram, startProgram } from '../support/terminal-program'

let built: Awaited<ReturnType<typeof buildTerminal>>
beforeAll(async () => {
  built = await buildTerminal()
})
afterAll(() => built.remove())

/** The temporary folder of the programs that a test starts. */
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-serving-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const ARGUMENTS = ['--serve', '--ca-port', '0', '--server-port', '0']
const environment = () => ({ ...process.env, TMPDIR: folder })
const start = (...args: readonly string[]) =>
  startProgram(process.execPath, [built.program, ...ARGUMENTS, ...args], { env: environment() })

interface Announced {
  readonly server: { readonly port: number }
  readonly trustAnchor: string
}

/** A server of whose output nobody reads more than the first line. */
async function startUnread(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [built.program, ...ARGUMENTS, '--json'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  child.stdout.pause()
  const { server } = JSON.parse(first.toString().split('\n', 1)[0] ?? '') as Announced
  return { child, port: server.port }
}

/** Memory that a process takes, in MiB. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

describe.runIf(process.platform === 'linux')(
  '--serve whose output nobody reads',
  { timeout: 120_000 },
  () => {
    it('stays as large as it is, serves on, and tells how much it has left out once somebody reads', async () => {
      const { child, port } = await startUnread()
      try {
        let sent = 3_000
        await attack(port, sent)
        // What grows without a bound does so every time; what is collected late does not.
        let growth = Number.POSITIVE_INFINITY
        for (let round = 0; round < 3 && growth >= 25; round++) {
          const before = await memoryOf(child)
          await attack(port, 9_000)
          sent += 9_000
          growth = (await memoryOf(child)) - before
        }
        expect(growth).toBeLessThan(25)

        let text = ''
        child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part))
        child.stdout?.resume()
        // Two records each, and four of the registration.
        const records = 2 * sent + 4
        const seen = (): number => {
          const lines = text.split('\n').slice(0, -1)
          const values = lines.map((line) => JSON.parse(line) as { leftOut?: number; step?: number })
          return values.reduce((sum, { leftOut, step }) => sum + (leftOut ?? (step === undefined ? 0 : 1)), 0)
        }
        await attack(port, 1)
        await expect.poll(seen, { timeout: 20_000, interval: 500 }).toBeGreaterThanOrEqual(records - 4)
        expect(text).toMatch(/^\{"leftOut":\d{4,}\}$/m)
      } finally {
        child.kill('SIGKILL')
        await once(child, 'close')
      }
    })

    it('ends when it is told to, all the same', async () => {
      const { child, port } = await startUnread()
      await attack(port, 3_000)
      const ended = once(child, 'exit')
      const told = Date.now()
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(Date.now() - told).toBeLessThan(5_000)
      child.stdout?.destroy()
      expect(await readdir(folder)).toEqual([])
    })
  },
)

describe('--serve --quiet', () => {
  it('prints its first line, and no message', async () => {
    const serving = start('--quiet')
    try {
      const { server, trustAnchor } = JSON.parse(await serving.line(() => true)) as Announced
      const options = ['--server', `127.0.0.1:${server.port}`, '--trust-anchor', trustAnchor]
      expect((await runPeer('client', ...options, '--request', 'time')).code).toBe(0)
      serving.child.kill('SIGTERM')
      const { code, stdout } = await serving.ended
      expect(code).toBe(0)
      expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    } finally {
      await endProgram(serving)
    }
  })

  it('goes with --serve alone', async () => {
    const { code, stderr } = await runProgram(process.execPath, [built.program, '--quiet'])
    expect(code).toBe(2)
    expect(stderr).toContain('--quiet goes with --serve.')
  })
})

describe('the folder of one that was killed', () => {
  it('is removed by the next start; that of one that runs stays, and so does all else', async () => {
    const killed = start()
    const running = start()
    try {
      const { trustAnchor } = JSON.parse(await killed.line(() => true)) as Announced
      const other = JSON.parse(await running.line(() => true)) as Announced
      killed.child.kill('SIGKILL')
      await killed.ended
      await access(trustAnchor)

      const dead = spawnSync('true').pid
      const name = (random: string): string => `handshake-lab-serving-${dead}-${random}`
      const kept = [name('links0'), name('filled'), 'handshake-lab-serving-x-abcdef', 'handshake-lab-Abc123']
      await mkdir(join(folder, 'elsewhere'))
      await writeFile(join(folder, 'elsewhere', 'ca.pem'), 'of another')
      await symlink('elsewhere', join(folder, name('links0')))
      for (const each of kept.slice(1)) await mkdir(join(folder, each))
      await writeFile(join(folder, name('filled'), 'other'), 'of another')

      const next = start()
      try {
        const latest = JSON.parse(await next.line(() => true)) as Announced
        const stay = [
          ...kept,
          'elsewhere',
          ...[other, latest].map((one) => basename(dirname(one.trustAnchor))),
        ]
        expect((await readdir(folder)).sort()).toEqual(stay.sort())
        expect(await readFile(join(folder, 'elsewhere', 'ca.pem'), 'utf8')).toBe('of another')
        await access(other.trustAnchor)
      } finally {
        await endProgram(next)
      }
    } finally {
      await Promise.all([killed, running].map(endProgram))
    }
  })
})
