/** `--serve-recipes`, `--workshop` and `--write-recipes` as a program: what they print, leave and exit with. */
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JUDGE_IDS } from '#shared/workshop/verdicts'
import { RECIPES } from '#shared/workshop/recipes'
import { occupy } from '../support/ports'
import {
  buildTerminal,
  endProgram,
  runProgram,
  startProgram,
  type Ended,
  type Running,
} from '../support/terminal-program'

let built: Awaited<ReturnType<typeof buildTerminal>>
beforeAll(async () => {
  built = await buildTerminal()
})
afterAll(() => built.remove())

/** The temporary folder of the programs that a test starts, and the one that they run in. */
let temporary: string
let folder: string
let running: Running[]
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'workshop-terminal-tmp-'))
  folder = await mkdtemp(join(tmpdir(), 'workshop-terminal-'))
  running = []
})
afterEach(async () => {
  await Promise.all(running.map(endProgram))
  for (const each of [temporary, folder]) await rm(each, { recursive: true, force: true })
})

const environment = (path = process.env['PATH']): NodeJS.ProcessEnv => ({
  ...process.env,
  TMPDIR: temporary,
  PATH: path,
})
function start(...args: readonly string[]): Running {
  const one = startProgram(process.execPath, [built.program, ...args], { cwd: folder, env: environment() })
  running.push(one)
  return one
}
const run = (args: readonly string[], path?: string): Promise<Ended> =>
  runProgram(process.execPath, [built.program, ...args], { cwd: folder, env: environment(path) })

interface Served {
  readonly trustAnchor: string
  readonly pem: string
  readonly hosts: string
  readonly addresses: readonly string[]
  readonly recipes: readonly {
    readonly id: string
    readonly host: string
    readonly port: number | null
    readonly fault?: string
    readonly trustAnchor?: string
    readonly lists?: string
    readonly expected: Readonly<Record<string, { readonly outcome: string }>>
  }[]
}

const some = ['good', 'expired', 'unknown-root', 'revoked', 'trailing-byte', 'wildcard-two-labels']
const named = some.flatMap((id) => ['--recipe', id])

async function serveSome(
  ...args: readonly string[]
): Promise<{ readonly one: Running; readonly served: Served }> {
  const one = start('--serve-recipes', '--json', ...named, ...args)
  return { one, served: JSON.parse(await one.line(() => true)) as Served }
}

/** Whether somebody listens. */
async function listens(port: number): Promise<boolean> {
  const socket = connectPlain({ host: '127.0.0.1', port })
  const is = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return is
}

describe('--serve-recipes', () => {
  it('with --json one line says all, once everything listens', async () => {
    const { one, served } = await serveSome()
    const { recipes, trustAnchor, addresses } = served
    for (const { port } of recipes) if (port !== null) expect(await listens(port)).toBe(true)
    expect(addresses[0]).toBe('127.0.0.1')
    expect(addresses.filter((address) => !['127.0.0.1', '::1'].includes(address))).toEqual([])
    expect(await readFile(trustAnchor, 'utf8')).toBe(served.pem)
    expect(await readFile(served.hosts, 'utf8')).toContain('127.0.0.1 expired.localhost\n')
    expect((await stat(dirname(trustAnchor))).mode & 0o777).toBe(0o700)
    const of = (id: string) => recipes.find((recipe) => recipe.id === id)!
    expect(recipes.map(({ id }) => id).sort()).toEqual([...some].sort())
    expect(of('good').port).toBe(of('expired').port)
    expect(of('wildcard-two-labels')).toMatchObject({ host: 'www.lab.test' })
    expect(of('wildcard-two-labels').port).not.toBe(of('good').port)
    expect(of('trailing-byte')).toMatchObject({ port: null, fault: expect.any(String) as string })
    await access(of('unknown-root').trustAnchor!)
    expect(await readFile(of('revoked').lists!, 'utf8')).toContain('-----BEGIN X509 CRL-----')
    for (const { expected } of recipes)
      expect(Object.keys(expected)).toEqual([...JUDGE_IDS, 'python', 'java'])
    one.child.kill('SIGTERM')
    const { code, stdout, stderr } = await one.ended
    expect({ code, stderr, lines: stdout.trimEnd().split('\n').length }).toEqual({
      code: 0,
      stderr: '',
      lines: 1,
    })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it quietly: nothing listens, no file is left',
    async (signal) => {
      const { one, served } = await serveSome()
      const port = served.recipes[0]!.port!
      // One that is connected, and says nothing, holds nobody up.
      const idle = connectPlain({ host: '127.0.0.1', port })
      idle.on('error', () => undefined)
      await once(idle, 'connect')
      const told = Date.now()
      one.child.kill(signal)
      expect(await one.ended).toMatchObject({ code: 0, stderr: '' })
      expect(Date.now() - told).toBeLessThan(5_000)
      expect(await listens(port)).toBe(false)
      expect(await readdir(temporary)).toEqual([])
      idle.destroy()
    },
  )

  it('the folder of one that was killed is removed by the next one', async () => {
    const killed = await serveSome()
    killed.one.child.kill('SIGKILL')
    await killed.one.ended
    await access(killed.served.trustAnchor)
    const { served } = await serveSome()
    expect(await readdir(temporary)).toEqual([dirname(served.trustAnchor).split('/').at(-1)])
  })

  it('with --ports each has one of its own, and needs no name', async () => {
    const { served } = await serveSome('--ports')
    const ports = served.recipes.flatMap(({ port }) => port ?? [])
    expect(new Set(ports).size).toBe(5)
    const good = served.recipes[0]!
    expect(good.host).toBe('localhost')
    const socket = connect({ host: '127.0.0.1', port: good.port!, ca: await readFile(served.trustAnchor) })
    await once(socket, 'secureConnect')
    socket.destroy()
  })

  it('with --port on that one; one that is taken is an error with a code', async () => {
    const taken = await occupy()
    try {
      const ended = await run(['--serve-recipes', '--recipe', 'good', '--port', String(taken.port)])
      expect(ended).toMatchObject({ code: 1, stdout: '' })
      expect(ended.stderr).toMatch(/^port_in_use: Another program listens on port \d+ of this machine\./)
      expect(await readdir(temporary)).toEqual([])
    } finally {
      await taken.stop()
    }
  })

  it('with --out the files stay there, and what is there is kept', async () => {
    const { one, served } = await serveSome('--out', 'bench')
    expect(dirname(served.trustAnchor)).toBe(join(folder, 'bench'))
    one.child.kill('SIGINT')
    await one.ended
    expect(await readFile(served.trustAnchor, 'utf8')).toBe(served.pem)
    const again = await run(['--serve-recipes', '--json', '--out', 'bench'])
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('export_exists: ')
    const replaced = await serveSome('--out', 'bench', '--replace')
    expect(await readFile(served.trustAnchor, 'utf8')).toBe(replaced.served.pem)
    expect(replaced.served.pem).not.toBe(served.pem)
  })
})

describe('--workshop', () => {
  it('prints what every judge says, and exits with 0 when all is as predicted', async () => {
    const { code, stdout, stderr } = await run(['--workshop', ...named])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^expired +dates +dates( +refuses){5}$/m)
    expect(stdout).toMatch(/^good( +accepts){7}$/m)
    expect(stdout).toMatch(/^6 recipes, 42 verdicts in [\d.]+ s\.$/m)
    expect(stdout).toMatch(/\nAll as predicted\.\n$/)
    expect(await readdir(temporary)).toEqual([])
  })

  it('with --json prints a verdict a line', async () => {
    const { code, stdout } = await run(['--workshop', '--json', '--recipe', 'expired'])
    expect(code).toBe(0)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ judge }) => judge)).toEqual(JUDGE_IDS)
    expect(lines[0]).toMatchObject({
      recipe: 'expired',
      predicted: { outcome: 'refused', check: 'dates' },
      actual: { outcome: 'refused', check: 'dates' },
      asPredicted: true,
    })
  })

  /** A folder with programs of these names, each of which does that. */
  async function programs(scripts: Readonly<Record<string, string>>): Promise<string> {
    const bin = join(folder, 'bin')
    await mkdir(bin)
    for (const [name, script] of Object.entries(scripts)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
      await chmod(join(bin, name), 0o755)
    }
    return bin
  }

  it('a judge that says otherwise is told with what it says: exit code 1; one that is not there is left out', async () => {
    const path = await programs({ certtool: 'echo "I take \u001b[2J everything"' })
    const { code, stdout, stderr } = await run(
      ['--workshop', '--recipe', 'good', '--recipe', 'expired'],
      path,
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/^not_as_predicted: Otherwise than predicted: expired by certtool\. /)
    expect(stdout).toMatch(/^curl +not installed: left out$/m)
    expect(stdout).toMatch(/^expired +dates +dates +REFUSES accepts +refuses$/m)
    expect(stdout).toContain('expired, certtool\n    says        I take \\u{1b}[2J everything\n')
  })

  it('tells how far it is, but only a terminal', async () => {
    const scripts = { certtool: '[ "$1" = --version ] && echo 1 && exit\n/bin/sleep 1.2' }
    const path = await programs(scripts)
    const line = [process.execPath, built.program, '--workshop', '--recipe', 'good']
      .map((word) => `'${word}'`)
      .join(' ')
    const seen = await runProgram('/usr/bin/script', ['-qec', line, '/dev/null'], { env: environment(path) })
    expect(seen.stdout).toMatch(/^3 of 4 verdicts\r$/m)
    const { stdout, stderr } = await run(['--workshop', '--recipe', 'good'], path)
    expect(stdout + stderr).not.toContain('of 4 verdicts')
  })

  it('given up, it leaves no folder and no program behind', async () => {
    const path = await programs({
      certtool: `[ "$1" = --version ] && echo 1 && exit\necho $$ >> '${folder}/pids'\nexec /bin/sleep 60`,
    })
    const one = startProgram(process.execPath, [built.program, '--workshop'], {
      cwd: folder,
      env: environment(path),
    })
    running.push(one)
    const pids = async (): Promise<readonly number[]> =>
      (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number)
    await expect.poll(pids, { timeout: 20_000 }).toHaveLength(2)
    expect(await readdir(temporary)).toHaveLength(1)
    one.child.kill('SIGINT')
    expect(await one.ended).toMatchObject({ code: 1, stderr: 'interrupted: The run was interrupted.\n' })
    expect(await readdir(temporary)).toEqual([])
    for (const pid of await pids()) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('--write-recipes', () => {
  it('writes a folder, keys for their owner alone, and replaces nothing unless it is told to', async () => {
    const { code, stdout } = await run(['--write-recipes', 'there', ...named])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^6 recipes in \d+ files written to .*there\.$/m)
    const there = join(folder, 'there')
    expect((await stat(join(there, 'good.key.pem'))).mode & 0o777).toBe(0o600)
    const index = await readFile(join(there, 'recipes.json'), 'utf8')
    expect((JSON.parse(index) as Served).recipes).toHaveLength(6)
    await writeFile(join(there, 'mine.txt'), 'mine')
    const again = await run(['--write-recipes', 'there', '--recipe', 'good'])
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toMatch(/^export_exists: .*Allow to replace, or choose another folder\.\n$/)
    expect(await readFile(join(there, 'recipes.json'), 'utf8')).toBe(index)
    expect((await run(['--write-recipes', 'there', ...named, '--replace'])).code).toBe(0)
    expect(await readFile(join(there, 'mine.txt'), 'utf8')).toBe('mine')
  })

  it('needs a folder to write into', async () => {
    const { code, stderr } = await run(['--write-recipes', 'no/such/folder', '--recipe', 'good'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^export_folder_missing: /)
  })
})

it('a wrong option ends it with 2, and says what to do', async () => {
  const { code, stdout, stderr } = await run(['--workshop', '--recipe', 'expired-certificate'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(
    `There is no recipe “expired-certificate”. Do you mean expired, issuer-expired, root-expired, crl-expired? docs/recipes.md has all ${RECIPES.length} by their ids.`,
  )
})
