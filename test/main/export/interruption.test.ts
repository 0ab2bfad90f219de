/**
 * Exports that meet a folder that can't be written, a full disk or their own end: in child processes, which may run as
 * another user, under a limit, or be killed.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ExportRequest } from '#shared/export'
import { USUAL_FILES } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import type { ExportSources } from '#main/export/contents'
import { sweepDebris } from '#main/files/temporary'
import { writeExport } from '#main/export/write'
import { authorityCredentials, serverCredentials } from '../../support/credentials'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const ROUNDS = 10
const ALL: ExportRequest = {
  files: USUAL_FILES.map(({ id }) => ({ id })),
  overwrite: true,
}
const NAMES = USUAL_FILES.map(({ name }) => name).sort()

/** Exports each of the sources in turn, `rounds` times, then tells how it ended and what is in the folder. */
const CHILD = `
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planExport } from './plan.mjs'
import { writeExport } from './write.mjs'

const random = (length) => crypto.getRandomValues(new Uint8Array(length))
const ask = async () => true
process.once('message', async ({ request, folder, sources, rounds, filler, plan }) => {
  for (let number = 0; number < filler; number++) writeFileSync(join(folder, 'filler' + number), 'x'.repeat(4096))
  let answer = { code: 'none' }
  try {
    if (plan) await planExport({ folder, sources: sources[0] })
    for (let round = 0; round < rounds; round++) {
      await writeExport(request, { folder, sources: sources[round % sources.length], random, ask })
      if (round === 0) process.send({ code: 'begun' })
    }
  } catch (error) {
    answer = { code: error.code, message: error.message }
  }
  process.send({ ...answer, uid: process.getuid(), files: readdirSync(folder).sort() })
  process.disconnect()
})
process.send({ code: 'ready' })
`

interface Order {
  /** The test's own unless given. */
  readonly folder?: string
  readonly sources: readonly ExportSources[]
  readonly request?: ExportRequest
  readonly rounds?: number
  /** Pages of the disk that the child fills before it begins. */
  readonly filler?: number
  /** True to plan the export first. */
  readonly plan?: boolean
}

interface Answer {
  readonly code: string
  readonly message?: string
  readonly uid?: number
  readonly files?: readonly string[]
}

let programs: string
let folder: string
/** Two sets of everything, with different keys and certificates in every file. */
let first: ExportSources
let second: ExportSources

/** Starts a child, by way of a command that ends in exec where there is one, and gives it its order once it listens. */
function start(order: Order, command: readonly string[] = [], uid?: number): ChildProcess {
  const [program, ...arguments_] = [...command, process.execPath, join(programs, 'child.mjs')]
  const child = spawn(program!, arguments_, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const message = { request: ALL, rounds: 1, filler: 0, plan: false, folder, ...order }
  child.once('message', () => child.send(message))
  return child
}

/** The first message with one of these codes, or any but those of progress. */
function answerOf(child: ChildProcess, code?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.on('message', (answer: Answer) => {
      if (code === undefined ? !['ready', 'begun'].includes(answer.code) : answer.code === code)
        resolve(answer)
    })
    child.once('error', reject)
    child.once('exit', (status, signal) => reject(new Error(`The child ended: ${status ?? signal}.`)))
  })
}

const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
const list = async (): Promise<string[]> => (await readdir(folder)).sort()

/** What the files hold after an undisturbed export. */
async function contentsOf(sources: ExportSources): Promise<Readonly<Record<string, string>>> {
  await writeExport(ALL, { folder, sources, random: systemEnvironment.random, ask: async () => true })
  return Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await read(name)] as const)))
}

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'export-programs-'))
  const input = ['plan', 'write'].map((name) => join(import.meta.dirname, `../../../main/export/${name}.ts`))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: programs,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { input, output: { entryFileNames: '[name].mjs' } },
    },
  })
  await writeFile(join(programs, 'child.mjs'), CHILD)
  // Another user has to read it.
  await chmod(programs, 0o755)

  const authority = await authorityCredentials(Date.now())
  first = { authority, server: await serverCredentials(authority, Date.now()) }
  const stranger = await authorityCredentials(Date.now(), 'stranger')
  const server = await serverCredentials(stranger, Date.now())
  const { publicKey, privateKey } = stranger.keyPair
  second = { authority: stranger, server: { ...server, publicKey, privateKey } }
})

afterAll(() => rm(programs, { recursive: true }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-interruption-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe('a folder that this account may not write to', () => {
  /** Root may write everywhere: then the child is somebody else. */
  const OTHER_USER = process.getuid!() === 0 ? 65_534 : undefined

  it('is refused before anything is written, and what is in it stays', async () => {
    const old = await contentsOf(first)
    await chmod(folder, 0o555)
    const answer = await answerOf(start({ sources: [second] }, [], OTHER_USER))
    await chmod(folder, 0o755)
    expect(answer.uid).not.toBe(0)
    expect(answer).toMatchObject({ code: 'export_folder_not_writable', files: NAMES })
    expect(answer.message).toContain(folder)
    for (const name of NAMES) expect(await read(name)).toBe(old[name])
  })

  it('is refused by the plan already', async () => {
    await chmod(folder, 0o555)
    const answer = await answerOf(start({ sources: [first], rounds: 0, plan: true }, [], OTHER_USER))
    await chmod(folder, 0o755)
    expect(answer.uid).not.toBe(0)
    expect(answer).toMatchObject({ code: 'export_folder_not_writable', files: [] })
  })

  it('is no matter of who runs it: a folder of its own is written', async () => {
    await chmod(folder, 0o777)
    const answer = await answerOf(start({ sources: [first], plan: true }, [], OTHER_USER))
    expect(answer).toMatchObject({ code: 'none', files: NAMES })
    expect(answer.uid).not.toBe(0)
  })
})

describe('a disk without room', () => {
  /** Files of more than one block of 512 or 1,024 bytes fail then, with the signal ignored that would end the child. */
  const limited = (): string[] => ['sh', '-c', 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"']
  const PAGES = 16
  /**
   * A disk where so many files have room, each of one page: seen by the child alone, and gone with it. Where that isn't
   * permitted, the limit above stands for the full disk.
   */
  const withRoomFor = (files: number): { command: readonly string[]; filler: number } => {
    const size = `$((${PAGES} * $(getconf PAGESIZE)))`
    const mount = `mount -t tmpfs -o size=${size},mode=0777 none "${folder}"`
    if (spawnSync('unshare', ['-rm', 'sh', '-c', mount]).status !== 0) {
      return { command: files < NAMES.length ? limited() : [], filler: 0 }
    }
    return { command: ['unshare', '-rm', 'sh', '-c', `${mount}; exec "$0" "$@"`], filler: PAGES - files }
  }

  it('leaves the old files whole and nothing else', async () => {
    const old = await contentsOf(first)
    const answer = await answerOf(start({ sources: [second] }, limited()))
    expect(answer).toMatchObject({ code: 'export_disk_full', files: NAMES })
    expect(answer.message).toContain('No file was changed')
    for (const name of NAMES) expect(await read(name)).toBe(old[name])
  })

  it.each([0, 1, 3, 6])('leaves nothing when %i of 7 files have room', async (room) => {
    const { command, filler } = withRoomFor(room)
    const { code, files } = await answerOf(start({ sources: [first], filler }, command))
    expect(code).toBe('export_disk_full')
    expect(files!.filter((name) => !name.startsWith('filler'))).toEqual([])
  })

  it('is enough when all files have room', async () => {
    const { command, filler } = withRoomFor(NAMES.length)
    const { code, files } = await answerOf(start({ sources: [first], filler }, command))
    expect(code).toBe('none')
    expect(files!.filter((name) => !name.startsWith('filler'))).toEqual(NAMES)
  })
})

describe('a program that is killed while it exports', () => {
  it(`leaves every file old or new and whole, and no debris after the next start, ${ROUNDS} times`, async () => {
    const contents = [await contentsOf(first), await contentsOf(second)]
    for (const name of NAMES) expect(contents[0]![name]).not.toBe(contents[1]![name])
    for (let round = 0; round < ROUNDS; round++) {
      const child = start({ sources: [first, second], rounds: 1_000_000 })
      await answerOf(child, 'begun')
      await new Promise((resolve) => setTimeout(resolve, randomInt(100)))
      const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
      child.kill('SIGKILL')
      expect(await ended).toBe('SIGKILL')

      await sweepDebris(folder)
      expect(await list()).toEqual(NAMES)
      for (const name of NAMES) {
        expect(
          contents.map((content) => content[name]),
          `round ${round}`,
        ).toContain(await read(name))
      }
    }
  })

  it('leaves no debris when it had nothing to replace', async () => {
    const whole = await contentsOf(first)
    for (let round = 0; round < ROUNDS; round++) {
      const empty = join(folder, String(round))
      await mkdir(empty)
      const child = start({ folder: empty, sources: [first], request: { ...ALL, overwrite: false } })
      // It may have finished before it is killed.
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await answerOf(child, 'ready')
      await new Promise((resolve) => setTimeout(resolve, randomInt(30)))
      child.kill('SIGKILL')
      await ended

      await sweepDebris(empty)
      const files = await readdir(empty)
      expect(NAMES).toEqual(expect.arrayContaining(files))
      for (const name of files) {
        expect(await readFile(join(empty, name), 'utf8'), `round ${round}`).toBe(whole[name])
      }
    }
  })
})
