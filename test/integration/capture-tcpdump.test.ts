/** What tcpdump captures of real connections, with other traffic among it, is read as the roles have recorded it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { fromHex, toHex, type Bytes } from '#shared/bytes'
import { readCapture } from '#shared/capture/capture-reader'
import { writeCapture } from '#shared/capture/capture-writer'
import { sha256 } from '#shared/crypto/primitives/hash'
import { headerField } from '#shared/hl1/frame'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { End } from '#shared/record/connection'
import { conversationsOf } from '#shared/record/conversation'
import { makeFolder, recordRun, removeFolders } from '../support/capture'
import { dissect } from '../support/dissected'
import { until } from '../support/wait'

afterAll(removeFolders)
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/** Captures while `use` runs. */
async function captured(args: readonly string[], use: () => Promise<void>): Promise<Uint8Array<ArrayBuffer>> {
  const file = join(makeFolder(), 'loopback.pcap')
  const child = spawn('tcpdump', [...args, '-B', '65536', '--immediate-mode', '-U', '-n', '-w', file, 'tcp'])
  running.push(child)
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  child.on('error', () => (said += 'The program tcpdump is not installed.'))
  await until(
    () => said.includes('listening on') || said.includes('not installed') || child.exitCode !== null,
  )
  if (!said.includes('listening on')) throw new Error(`tcpdump: ${said}`)
  await use()
  // What it has been given it writes before it ends.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGINT')
  await ended
  expect(said).toContain('0 packets dropped by kernel')
  return new Uint8Array(readFileSync(file))
}

/** Somebody else on the same interface. */
async function makeNoise(): Promise<void> {
  const server = createServer((socket) => void socket.resume().end('HTTP/1.1 200 OK\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const socket = createConnection(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'))
  socket.resume()
  await new Promise((resolve) => socket.on('close', resolve))
  await new Promise((resolve) => server.close(resolve))
}

/** A frame in a line; texts of some hundred thousand characters are nothing to be compared. */
const inShort = (sender: End, frame: Bytes): string =>
  `${sender} ${headerField(frame, 'type')} ${frame.length} ${toHex(sha256(frame)).slice(0, 16)}`

/** What each connection has carried, by the ends that have opened it. */
const recorded = (entries: readonly Hl1Entry[]) =>
  new Map(
    conversationsOf(entries).map(({ connection: { from }, acceptor }) => [
      `${from.address}:${from.port}`,
      acceptor!.map(({ sender, frame }) => inShort(sender, frame)),
    ]),
  )

it.each([
  ['lo', ['-i', 'lo']],
  ['any', ['-i', 'any']],
  ['any, in the older form', ['-i', 'any', '-y', 'LINUX_SLL']],
  ['lo, in nanoseconds', ['-i', 'lo', '--time-stamp-precision=nano']],
])('on the interface %s', async (_, args) => {
  const entries: Hl1Entry[] = []
  const started = Date.now()
  const file = await captured(args, async () => {
    for (const suite of SUITE_NAMES) {
      await makeNoise()
      entries.push(...(await recordRun({ suite, requests: ['time', `echo ${'x'.repeat(200_000)}`] })))
    }
  })
  const read = await readCapture(file)
  const expected = recorded(entries)
  const found = read.connections.filter(({ from }) => expected.has(`${from.address}:${from.port}`))
  expect(
    new Map(
      found.map(({ from, frames }) => [
        `${from.address}:${from.port}`,
        frames.map(({ sender, frame }) => inShort(sender, frame)),
      ]),
    ),
  ).toEqual(expected)
  expect(read.others.connections).toBeGreaterThanOrEqual(SUITE_NAMES.length)
  for (const { hasOpening, ending, gaps, frames } of found) {
    expect({ hasOpening, gaps }).toEqual({ hasOpening: true, gaps: [] })
    expect(ending).toBeDefined()
    for (const { at } of frames) {
      expect(at).toBeGreaterThan(started - 1_000)
      expect(at).toBeLessThan(Date.now() + 1_000)
    }
  }
  // The dissector finds the same frames in it, whatever else is there.
  const dissected = new Set((await dissect(file)).map(({ frame }) => inShort('opener', fromHex(frame)!)))
  for (const { frame } of entries) expect(dissected).toContain(inShort('opener', frame))
})

it('what the app writes is read as it was recorded', async () => {
  for (const suite of SUITE_NAMES) {
    const entries = await recordRun({ suite, requests: ['time', `echo ${'x'.repeat(500_000)}`] })
    const read = await readCapture(await writeCapture(entries, { application: 'test' }))
    expect(read.others).toEqual({ connections: 0, packets: 0 })
    expect(
      new Map(
        read.connections.map(({ from, frames }) => [
          `${from.address}:${from.port}`,
          frames.map(({ sender, frame }) => inShort(sender, frame)),
        ]),
      ),
    ).toEqual(recorded(entries))
  }
})
