/** Whether a display takes windows, asked of real ones: with nobody there, or with no right to it, Chromium would just end. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkDisplay } from '#main/windows/display'

const hasXvfb = process.platform === 'linux' && spawnSync('Xvfb', ['-help']).status !== null
const COOKIE = randomBytes(16)

let folder: string
const servers: ChildProcess[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'display-'))
  await writeFile(join(folder, 'right'), entry('MIT-MAGIC-COOKIE-1', COOKIE))
  await writeFile(join(folder, 'wrong'), entry('MIT-MAGIC-COOKIE-1', randomBytes(16)))
  await writeFile(join(folder, 'cut'), entry('MIT-MAGIC-COOKIE-1', COOKIE).subarray(0, 30))
  const many = [entry('XDM-AUTHORIZATION-1', randomBytes(16)), entry('MIT-MAGIC-COOKIE-1', randomBytes(16))]
  await writeFile(join(folder, 'many'), Buffer.concat([...many, entry('MIT-MAGIC-COOKIE-1', COOKIE)]))
})
afterAll(async () => {
  for (const server of servers) server.kill()
  await rm(folder, { recursive: true, force: true })
})

/** An entry of `.Xauthority` for every display of this machine. */
function entry(name: string, data: Buffer): Buffer {
  const field = (bytes: Buffer): Buffer[] => [Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]
  const fields = [Buffer.from('machine'), Buffer.from(''), Buffer.from(name), data].flatMap(field)
  return Buffer.concat([Buffer.from([1, 0]), ...fields])
}

async function startDisplay(...args: readonly string[]): Promise<string> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '640x480x24', ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  servers.push(server)
  return new Promise((resolve, reject) => {
    server.stdio[3]?.once('data', (number) => resolve(`:${String(number).trim()}`))
    server.once('exit', () => reject(new Error('Xvfb has ended')))
  })
}

const codeFor = (env: Readonly<Record<string, string>>): Promise<unknown> =>
  checkDisplay({ XAUTHORITY: join(folder, 'none'), ...env }).then(
    (display) => {
      display.leave()
      return 'fine'
    },
    (error: { code?: unknown }) => error.code,
  )

describe.runIf(process.platform === 'linux')('a display', () => {
  it('that nobody names is none; one of Wayland is not asked', async () => {
    expect(await codeFor({})).toBe('no_display')
    expect(await codeFor({ DISPLAY: '', WAYLAND_DISPLAY: '' })).toBe('no_display')
    expect(await codeFor({ DISPLAY: ':9876', WAYLAND_DISPLAY: 'wayland-0' })).toBe('fine')
  })

  it.each([':9876', 'unix:9876.0', 'unix/:9876', 'localhost:3999', '[::1]:3999'])(
    'at %s, where nobody answers, is not reached',
    async (DISPLAY) => {
      expect(await codeFor({ DISPLAY })).toBe('display_not_reached')
    },
  )

  it('with a name of another kind is left to Chromium', async () => {
    expect(await codeFor({ DISPLAY: '/private/tmp/launch/org.xquartz:0' })).toBe('fine')
  })

  it('behind TCP that says neither yes nor no is left to Chromium', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const number = port - 6000
    if (number > 0 && number < 10_000) expect(await codeFor({ DISPLAY: `127.0.0.1:${number}` })).toBe('fine')
    server.close()
  })
})

describe.runIf(hasXvfb)('a real display', () => {
  it('is held until its next client is there: one without any begins anew, and takes nobody meanwhile', async () => {
    const DISPLAY = await startDisplay()
    const held = await checkDisplay({ DISPLAY })
    for (let count = 0; count < 20; count++) expect(await codeFor({ DISPLAY })).toBe('fine')
    held.leave()
  })

  it('that lets everybody in is fine', async () => {
    const DISPLAY = await startDisplay()
    expect(await codeFor({ DISPLAY })).toBe('fine')
  })

  it('that wants a cookie takes who has it, whatever else is in the file, and refuses who has none', async () => {
    const DISPLAY = await startDisplay('-auth', join(folder, 'right'))
    // Without a client it would begin anew each time, and say neither yes nor no meanwhile.
    const held = await checkDisplay({ DISPLAY, XAUTHORITY: join(folder, 'right') })
    for (const [file, result] of Object.entries({
      right: 'fine',
      many: 'fine',
      wrong: 'display_refused',
      cut: 'display_refused',
      none: 'display_refused',
    }))
      expect(await codeFor({ DISPLAY, XAUTHORITY: join(folder, file) }), file).toBe(result)
    held.leave()
  })
})
