/** The dissector takes whatever comes: frames with flipped bits, packets cut off, streams in segments of any length. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { DerivedSecrets } from '#shared/capture/derived-secrets'
import { writeKeysFile, type KeysFile } from '#shared/capture/keys-file'
import { keysOfRecords } from '#shared/capture/keys-of-records'
import { SUITE_NAMES } from '#shared/hl1/suites'
import {
  captureOf,
  fileOf,
  recordRun,
  removeFolders,
  streamsOfRun,
  type TestStream,
} from '../support/capture'
import { dissect, dissectorArguments } from '../support/dissected'
import { seededRandom } from '../support/environment'
import { runProgram } from '../support/programs'
import { ALL, sampleSize } from '../support/sample'

afterAll(removeFolders)

const FLIPPED = sampleSize(10_000, 20)

let streams: readonly TestStream[]
let keys: KeysFile
beforeAll(async () => {
  const secrets = new DerivedSecrets()
  const runs = []
  for (const suite of SUITE_NAMES)
    runs.push(await recordRun({ suite, crypto: (crypto) => secrets.over(crypto) }))
  const derived = (...args: Parameters<DerivedSecrets['of']>) => secrets.of(...args)
  const found = runs.map((entries) => keysOfRecords(entries, { derived }))
  keys = { keys: found.flatMap((each) => each.keys), opened: found.flatMap((each) => each.opened) }
  streams = runs.flatMap(streamsOfRun)
})

/** The text of a keys file in which each key is one of every connection: what was flipped is tried to be opened, too. */
function widely(): string {
  return writeKeysFile({ ...keys, keys: keys.keys.map((key) => ({ ...key, connection: undefined })) }, 'test')
}

/** How many times Lua has failed, and how many frames there were. */
async function lookAt(capture: Bytes, more: readonly string[] = []) {
  const file = fileOf('capture.pcapng', capture)
  const args = ['-r', file, ...dissectorArguments({ keys: widely(), more }), '-O', 'hl1,broken']
  const { output, errors, code } = await runProgram('tshark', args)
  expect(errors.replace(/^Running as user.*\n/, '')).toBe('')
  expect(code).toBe(0)
  return {
    faults: output.match(/Lua Error.{0,200}/g) ?? [],
    frames: output.match(/^Handshake Lab/gm)?.length ?? 0,
    output,
  }
}

/** A dissector that fails wherever it looks. */
const BROKEN = `
local broken = Proto('broken', 'Broken')
function broken.dissector()
  error('as it should')
end
DissectorTable.get('tcp.port'):add(17402, broken)
`

it('a fault of Lua would be seen', async () => {
  const more = ['-X', `lua_script:${fileOf('broken.lua', BROKEN)}`, '-o', 'tcp.try_heuristic_first:FALSE']
  const onPort = streams.map((stream) => ({ ...stream, to: { ...stream.to, port: 17_402 } }))
  const { faults } = await lookAt(captureOf(onPort), more)
  expect(faults.length).toBeGreaterThan(0)
})

it(`${FLIPPED} frames with flipped bits cause no fault`, async () => {
  const draw = seededRandom('flips')
  const number = (below: number): number =>
    draw(4).reduce((sum, byte) => (sum * 256 + byte) % 2 ** 31, 0) % below
  let flipped = 0
  const damaged: TestStream[] = []
  const flip = (frame: Bytes): Bytes => {
    const copy = frame.slice()
    // The header as often as all the rest.
    const within = number(2) === 0 ? Math.min(12, copy.length) : copy.length
    for (let bits = 1 + number(3); bits > 0; bits--) copy[number(within)]! ^= 1 << number(8)
    flipped++
    return copy
  }
  while (flipped < FLIPPED) {
    const stream = streams[number(streams.length)]!
    const one = number(2) === 0 ? number(stream.frames.length) : undefined
    const frames = stream.frames.map((each, index) =>
      one === undefined || one === index ? { ...each, frame: flip(each.frame) } : each,
    )
    damaged.push({ ...stream, to: { ...stream.to, port: 17_402 }, frames })
  }
  const { faults, frames } = await lookAt(captureOf(damaged))
  expect(faults).toEqual([])
  expect(frames).toBeGreaterThan(flipped / 2)
  console.info(
    `${flipped} frames flipped in ${damaged.length} streams: ${frames} were shown, without a fault.`,
  )
}, 900_000)

it.each([60, 61, 70, 100, 200, 1_000])(
  'packets of which only the first %i bytes were kept cause no fault',
  async (length) => {
    const file = fileOf('capture.pcapng', captureOf(streams))
    const cut = `${file}.cut`
    const { code } = await runProgram('editcap', ['-s', String(length), file, cut])
    expect(code).toBe(0)
    const { output } = await runProgram('tshark', [
      '-r',
      cut,
      ...dissectorArguments({ keys: widely() }),
      '-O',
      'hl1',
    ])
    expect(output).not.toMatch(/Lua Error/i)
  },
)

describe('in segments', () => {
  const sizes = ALL
    ? Array.from({ length: 1_500 }, (_, index) => index + 1)
    : [1, 2, 3, 5, 7, 8, 9, 13, 100, 333, 777, 1_459, 1_460, 1_500]
  /** So many lengths in one capture. */
  const BATCH = 50

  it(`of ${sizes.length} lengths from 1 to 1,500 bytes, everything is shown as in one piece`, async () => {
    const onPort = streams.map((stream) => ({ ...stream, to: { ...stream.to, port: 17_402 } }))
    const options = { keys: writeKeysFile(keys, 'test') }
    const whole = await dissect(captureOf(onPort), options)
    const shape = (frames: typeof whole) =>
      frames.map(({ frame, fields }) => [
        frame,
        fields.map(({ name, value, length }) => [name, value, length]),
      ])
    expect(whole.map(({ frame }) => frame)).toEqual(
      onPort.flatMap(({ frames }) => frames.map(({ frame }) => toHex(frame))),
    )
    for (let first = 0; first < sizes.length; first += BATCH) {
      const batch = sizes.slice(first, first + BATCH)
      const cut = await dissect(
        captureOf(batch.flatMap((segment) => onPort.map((stream) => ({ ...stream, segment })))),
        options,
      )
      for (const [index, size] of batch.entries()) {
        const of = cut.slice(index * whole.length, (index + 1) * whole.length)
        expect([size, shape(of)]).toEqual([size, shape(whole)])
      }
      expect(cut.length).toBe(batch.length * whole.length)
    }
  }, 3_600_000)
})
