/** docs/test-bench.md does what it says: its commands and programs are taken from the page and run as they stand there. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RECIPES } from '#shared/workshop/recipes'
import { freePorts } from '../support/ports'
import { runTool } from '../support/key-tools'
import {
  buildTerminal,
  endProgram,
  runProgram,
  startProgram,
  type Running,
} from '../support/terminal-program'

const ROOT = resolve(import.meta.dirname, '../..')

let built: Awaited<ReturnType<typeof buildTerminal>>
let page: string
let readme: string
beforeAll(async () => {
  built = await buildTerminal()
  page = await readFile(join(ROOT, 'docs/test-bench.md'), 'utf8')
  readme = await readFile(join(ROOT, 'README.md'), 'utf8')
})
afterAll(() => built.remove())

/** The folder that the commands are typed in. */
let folder: string
let serving: Running | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-bench-'))
})
afterEach(async () => {
  if (serving) await endProgram(serving)
  serving = undefined
  await rm(folder, { recursive: true, force: true })
})

/** The blocks of the page in a language, in their order. */
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, of, text]) => (of === language ? [text!] : []))

/** The commands of the page without a language: a line each. */
const commands = (): readonly string[] => blocks('').flatMap((text) => text.trimEnd().split('\n'))

/** `npm` is this, for it to run the program that is under test instead of building it anew. */
async function fakeNpm(): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, '.bin')
  await mkdir(bin)
  const script = `#!/bin/sh\n[ "$1 $2 $3" = "run handshake --" ] || exit 9\nshift 3\nexec '${process.execPath}' '${built.program}' "$@"\n`
  await writeFile(join(bin, 'npm'), script, { mode: 0o755 })
  return { ...process.env, PATH: `${bin}:${process.env['PATH']}` }
}

const shell = (
  command: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number | null; stdout: string }> =>
  runProgram('/bin/sh', ['-c', command], { cwd: folder, env })

it('the README has the three commands of the page', () => {
  const three = commands().slice(0, 3)
  expect(three.map((line) => line.split(' ')[0])).toEqual(['npm', 'curl', 'curl'])
  expect(readme).toContain(`\n${three.join('\n')}\n`)
  expect(readme).toContain(`[${RECIPES.length} recipes for wrong certificates]`)
})

it('the three commands: one serves, one is accepted, one is refused', async () => {
  // Another test, or another program, may have the port of the page.
  const [port] = await freePorts(1)
  const [serve = '', good = '', expired = ''] = commands().map((line) =>
    line.replaceAll('8443', String(port)),
  )
  const env = await fakeNpm()
  serving = startProgram('/bin/sh', ['-c', `exec ${serve}`], { cwd: folder, env })
  await serving.line((line) => line.startsWith('All is served'))
  expect(await shell(good)).toMatchObject({ code: 0, stdout: 'This certificate was accepted.\n' })
  expect(await shell(expired)).toMatchObject({ code: 60, stdout: '' })
  serving.child.kill('SIGINT')
  expect(await serving.ended).toMatchObject({ code: 0, stderr: '' })
  // What the page says of the folder.
  const names = await readdir(join(folder, 'bench'))
  expect(names).toEqual(expect.arrayContaining(['ca.pem', 'hosts', 'root-expired.ca.pem', 'revoked.crl.pem']))
  expect(names.filter((name) => !/^(ca\.pem|hosts|[a-z0-9-]+\.(ca|crl)\.pem)$/.test(name))).toEqual([])
})

it('the whole test in JavaScript finds everything as expected, and what is not', async () => {
  const [script = ''] = blocks('js')
  const env = await fakeNpm()
  await writeFile(join(folder, 'bench.mjs'), script)
  expect(await runProgram(process.execPath, ['bench.mjs'], { cwd: folder, env })).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
  const credulous = script.replace('ca: readFileSync(own)', 'rejectUnauthorized: false')
  expect(credulous).not.toBe(script)
  await writeFile(join(folder, 'bench.mjs'), credulous)
  const { code, stdout } = await runProgram(process.execPath, ['bench.mjs'], { cwd: folder, env })
  expect(code).toBe(1)
  expect(stdout).toContain('expired: expected refused, came accepted')
})

describe('the lines for clients', () => {
  /** The lines that are printed for a recipe, by the name of the client. */
  async function linesFor(recipe: string): Promise<ReadonlyMap<string, string>> {
    serving = startProgram(process.execPath, [built.program, '--serve-recipes', '--recipe', recipe], {
      cwd: folder,
    })
    const names = ['curl', 'Node', 'Python', 'Java', 'Go']
    const lines = await Promise.all(
      names.map((name) => serving!.line((line) => line.startsWith(`    ${name} `))),
    )
    return new Map(lines.map((line, index) => [names[index]!, line.slice(12)]))
  }

  it.each([
    ['good', true],
    ['expired', false],
    ['address-as-dns-name', false],
    ['root-sent-too', true],
  ])('of %s: all that run here agree', async (recipe, isAccepted) => {
    const [program = ''] = blocks('java')
    await writeFile(join(folder, 'Client.java'), program)
    const lines = await linesFor(recipe)
    const env = { ...process.env, PATH: `/usr/bin:${process.env['PATH']}` }
    for (const client of ['curl', 'Node', 'Python', 'Java']) {
      const { code } = await shell(lines.get(client)!, env)
      expect([client, code === 0]).toEqual([client, isAccepted])
    }
    expect(lines.get('Go')).toMatch(/^SSL_CERT_FILE=\S+ go run client\.go 127\.0\.0\.1:\d+ \S+$/)
  })
})

it('the folder of --write-recipes is for other programs', async () => {
  const env = await fakeNpm()
  const write = commands().find((line) => line.includes('--write-recipes'))!
  expect((await shell(write, env)).code).toBe(0)
  const openssl = (recipe: string) =>
    runTool(
      'openssl',
      ['verify', '-trusted', `${recipe}.root.pem`, '-untrusted', `${recipe}.chain.pem`, `${recipe}.leaf.pem`],
      { cwd: join(folder, 'recipes') },
    )
  expect((await openssl('good')).ok).toBe(true)
  expect((await openssl('expired')).ok).toBe(false)
})
