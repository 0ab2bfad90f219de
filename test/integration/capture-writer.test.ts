/** Captures of real runs: Wireshark's own programs find nothing wrong with them, and see every frame that was recorded. */
import { afterAll, expect, it } from 'vitest'
import { writeCapture } from '#shared/capture/capture-writer'
import { concat, fromHex, type Bytes } from '#shared/bytes'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { fileOf, recordRun, removeFolders } from '../support/capture'
import { runProgram } from '../support/programs'

afterAll(removeFolders)

const APPLICATION = 'Handshake Lab 0.0.0'
const CHECKED = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE']

async function tshark(...args: readonly string[]): Promise<string> {
  const { code, output, errors } = await runProgram('tshark', args)
  expect(errors.replace(/^Running as user.*\n/, '')).toBe('')
  expect(code).toBe(0)
  return output
}

/** What each stream's ends have sent, by tshark. */
async function payloads(file: string): Promise<readonly (readonly [string, Bytes])[]> {
  const lines = await tshark(
    '-r',
    file,
    '-Y',
    'tcp.len > 0',
    '-T',
    'fields',
    '-e',
    'tcp.srcport',
    '-e',
    'tcp.payload',
  )
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [port = '', payload = ''] = line.split('\t')
      return [port, fromHex(payload)!] as const
    })
}

async function expectNothingWrong(file: string): Promise<void> {
  expect(await tshark('-r', file, ...CHECKED, '-q', '-z', 'expert,warn')).not.toMatch(/Errors|Warn/)
  const checks = ['tcp.checksum.status', 'ip.checksum.status'].flatMap((field) => ['-e', field])
  const statuses = await tshark('-r', file, ...CHECKED, '-T', 'fields', ...checks)
  expect(new Set(statuses.trim().split('\n'))).toEqual(new Set(['1\t1']))
  const { code, output } = await runProgram('capinfos', [file])
  expect(code).toBe(0)
  expect(output).toMatch(/Strict time order:\s+True/)
  expect(output).toMatch(/File encapsulation:\s+Ethernet/)
  expect(output).toContain(APPLICATION)
}

it.each(SUITE_NAMES)('a run in suite %s: nothing is wrong, and every frame is there', async (suite) => {
  const entries = await recordRun({ suite, requests: ['time', `echo ${'x'.repeat(100_000)}`] })
  const file = fileOf('run.pcapng', await writeCapture(entries, { application: APPLICATION }))
  await expectNothingWrong(file)
  const all = await payloads(file)
  const sent = entries.filter(({ direction }) => direction === 'sent')
  expect(concat(...all.map(([, payload]) => payload))).toEqual(concat(...sent.map(({ frame }) => frame)))
  // Every segment fits what both ends have announced, and a comment stands at each.
  expect(Math.max(...all.map(([, payload]) => payload.length))).toBe(1_460)
  const comments = await tshark('-r', file, '-Y', 'tcp.len > 0', '-T', 'fields', '-e', 'frame.comment')
  const lines = comments.trim().split('\n')
  expect(lines.length).toBe(all.length)
  expect(lines.every((line) => line !== '')).toBe(true)
  expect(lines[0]).toContain(`Step 1 of suite ${suite}, the Application Server to the Certificate Authority`)
})

it('a byte that is changed in the file is found, by the same look', async () => {
  const entries = await recordRun({ suite: 'classic' })
  const capture = await writeCapture(entries, { application: APPLICATION })
  // Somewhere in a payload of the last data packet.
  const needle = entries.findLast(({ direction }) => direction === 'sent')!.frame
  capture[Buffer.from(capture).lastIndexOf(needle) + 20]! ^= 1
  const file = fileOf('damaged.pcapng', capture)
  expect(await tshark('-r', file, ...CHECKED, '-q', '-z', 'expert,warn')).toMatch(/Bad checksum/)
})

it('times are those of the records, and the end is there unless the connection is open', async () => {
  const entries = await recordRun({ suite: 'classic' })
  const file = fileOf('run.pcapng', await writeCapture(entries, { application: APPLICATION }))
  const times = await tshark(
    '-r',
    file,
    '-Y',
    'tcp.len > 0',
    '-T',
    'fields',
    '-e',
    'frame.time_epoch',
    '-e',
    'tcp.payload',
  )
  const sent = entries.filter(({ direction }) => direction === 'sent')
  const found = times
    .trim()
    .split('\n')
    .map((line) => Number(line.split('\t')[0]) * 1_000)
  for (const [index, { at }] of sent.filter(({ frame }) => frame.length <= 1_460).entries())
    if (index === 0) expect(Math.abs(found[0]! - at)).toBeLessThan(0.01)
  expect(Math.abs(found.at(-1)! - sent.at(-1)!.at)).toBeLessThan(1)
  const ends = (path: string): Promise<string> =>
    tshark('-r', path, '-Y', 'tcp.flags.fin == 1', '-T', 'fields', '-e', 'tcp.stream')
  expect((await ends(file)).trim().split('\n')).toEqual(['0', '0', '1', '1'])
  const open = new Set([entries.at(-1)!.connection.id])
  const openFile = fileOf('open.pcapng', await writeCapture(entries, { application: APPLICATION, open }))
  expect((await ends(openFile)).trim().split('\n')).toEqual(['0', '0'])
})

it('where somebody has changed a frame on the way, each end has a stream of its own', async () => {
  const entries = await recordRun({ suite: 'classic' })
  const changed = entries.map((entry): Hl1Entry => {
    if (entry.step !== 4 || entry.direction !== 'received') return entry
    const frame = entry.frame.slice()
    frame[40]! ^= 1
    return { ...entry, frame }
  })
  const file = fileOf('changed.pcapng', await writeCapture(changed, { application: APPLICATION }))
  await expectNothingWrong(file)
  const streams = await tshark(
    '-r',
    file,
    '-Y',
    'tcp.flags.syn == 1 && tcp.flags.ack == 0',
    '-T',
    'fields',
    '-e',
    'frame.comment',
  )
  expect(streams.match(/opens a connection/g)).toHaveLength(3)
  expect(streams.match(/somebody between them has changed/g)).toHaveLength(2)
})
