/**
 * Wireshark, with the dissector that is made of the sheets, shows what the app has recorded: every member with its name, place, length,
 * value and meaning, every part of a body, every alert.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '#shared/bytes'
import { writeCapture } from '#shared/capture/capture-writer'
import { DerivedSecrets } from '#shared/capture/derived-secrets'
import { writeKeysFile, type FileKey, type OpenedPart } from '#shared/capture/keys-file'
import { keysOfRecords } from '#shared/capture/keys-of-records'
import { decodeAlert } from '#shared/hl1/alerts'
import { HEADER_BYTES } from '#shared/hl1/frame'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import { isStepNumber } from '#shared/hl1/steps'
import type { Hl1Entry } from '#shared/hl1/types'
import type { MemberValue } from '#shared/record/member'
import { recordRun, removeFolders, type RunOptions } from '../support/capture'
import { dissect, type DissectedFrame } from '../support/dissected'
import { sampleSize } from '../support/sample'

afterAll(removeFolders)

const APPLICATION = 'Handshake Lab 0.0.0'
const RUNS = sampleSize(100, 17)

interface Made {
  readonly entries: readonly Hl1Entry[]
  readonly keys: readonly FileKey[]
  readonly opened: readonly OpenedPart[]
}

async function makeRun(options: RunOptions): Promise<Made> {
  const secrets = new DerivedSecrets()
  const entries = await recordRun({ ...options, crypto: (crypto) => secrets.over(crypto) })
  return { entries, ...keysOfRecords(entries, { derived: (frames, suite) => secrets.of(frames, suite) }) }
}

/** Runs that differ in what they carry: names, lifetimes, requests of all lengths and with all kinds of characters. */
function optionsOf(number: number): RunOptions {
  const texts = [
    'time',
    'echo "quoted\\ \\u0041 / é 😀"',
    `echo ${'x'.repeat(number * 97)}`,
    'echo {"data":1}',
    'echo \u2028\t',
  ]
  return {
    suite: SUITE_NAMES[number % SUITE_NAMES.length]!,
    settings: {
      serverIdentity: `server.${number}`,
      clientIdentity: 'c'.repeat(1 + (number % 48)),
      lifetime: 10 + number,
    },
    requests: texts.slice(0, 1 + (number % texts.length)),
  }
}

function shown(value: MemberValue): string {
  return value instanceof Uint8Array ? toHex(value) : String(value)
}

/** What the app says of a frame's members, in the form of {@link DissectedFrame}. */
function expectedMembers({ suite, step, members, plaintext, ranges }: Hl1Entry, { origin }: DissectedFrame) {
  const isClear = isStepNumber(step) && suite !== undefined && SUITES[suite].sheets[step].layers.length === 0
  return members.map(({ name, value, symbol, meaning }) => {
    const opened = plaintext?.ranges.find(({ member }) => member === name)
    const place = opened ?? ranges.find(({ member }) => member === name)
    const from = !opened ? origin : isClear ? origin + HEADER_BYTES : 0
    return {
      name,
      value: shown(value!),
      start: from + place!.start,
      length: place!.end - place!.start,
      symbol,
      meaning,
    }
  })
}

function dissectedMembers({ fields }: DissectedFrame, names: readonly string[]) {
  return fields
    .filter(({ name }) => names.includes(name))
    .map(({ name, value, start, length, below }) => {
      return { name, value, start, length, symbol: below.get('symbol'), meaning: below.get('meaning') }
    })
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0

describe('with every key', () => {
  let records: ReadonlyMap<string, Hl1Entry>
  let frames: readonly DissectedFrame[]
  beforeAll(async () => {
    const runs: Made[] = []
    for (let number = 0; number < RUNS; number++) runs.push(await makeRun(optionsOf(number)))
    const entries = runs.flatMap((run) => run.entries)
    records = new Map(
      entries.filter(({ direction }) => direction === 'received').map((entry) => [toHex(entry.frame), entry]),
    )
    const keys = { keys: runs.flatMap((run) => run.keys), opened: runs.flatMap((run) => run.opened) }
    frames = await dissect(await writeCapture(entries, { application: APPLICATION }), {
      keys: writeKeysFile(keys, APPLICATION),
    })
  }, 600_000)

  it(`every frame of ${RUNS} runs is there, once`, () => {
    expect(frames.map(({ frame }) => frame).sort()).toEqual([...records.keys()].sort())
    expect(frames.length).toBeGreaterThanOrEqual(RUNS * 8)
  })

  it('every member has the name, place, length, value and meaning that the app has for it', () => {
    let count = 0
    for (const frame of frames) {
      const record = records.get(frame.frame)!
      const expected = [...expectedMembers(record, frame)].sort(byName)
      const names = record.members.map(({ name }) => name)
      expect([...dissectedMembers(frame, names)].sort(byName)).toEqual(expected)
      count += expected.length
    }
    console.info(`${count} members in ${frames.length} frames of ${RUNS} runs are as the app has them.`)
  })

  it('every part of header and body has the name, place and length that the app has for it', () => {
    for (const { frame, origin, fields } of frames) {
      const expected = records
        .get(frame)!
        .ranges.filter(({ note }) => note !== 'made from this member')
        .map(({ name, start, end }) => [name.toLowerCase().replaceAll(/\W+/g, '_'), start, end - start])
      const found = fields
        .filter(({ name }) => name.startsWith('body.') || /^(length|version|type|suite|flags)$/.test(name))
        .map(({ name, start, length }) => [name.replace('body.', ''), start! - origin, length])
      expect(found).toEqual(expected)
    }
  })

  it('every layer is opened, but what only a private key opens, of which the keys file says what it holds', () => {
    for (const { frame, fields } of frames) {
      const layers = records.get(frame)!.layers
      const found = fields.filter(({ name }) => name === 'layer')
      expect(found.map(({ below }) => [below.get('layer.key'), below.get('layer.algorithm')])).toEqual(
        layers.map(({ key, algorithm }) => [key, algorithm]),
      )
      for (const { below } of found)
        expect(below.get('layer.state')).toBe(
          below.get('layer.key')!.startsWith('PK_')
            ? 'not opened here: the keys file says what it holds'
            : 'opened',
        )
    }
  })
})

describe('with fewer keys', () => {
  it('without any, only what is in clear or under the bootstrap key is shown, and which key it would take', async () => {
    for (const suite of SUITE_NAMES) {
      const { entries } = await makeRun({ suite })
      const frames = await dissect(await writeCapture(entries, { application: APPLICATION }))
      for (const { fields } of frames) {
        const type = Number(fields.find(({ name }) => name === 'type')!.value)
        const states = fields.flatMap(({ name, below }) =>
          name === 'layer' ? [below.get('layer.state')] : [],
        )
        const isOpen = suite === 'classic' && (type === 3 || type === 4)
        expect(states.every((state) => state === (isOpen ? 'opened' : state))).toBe(true)
        if (!isOpen)
          for (const state of states)
            expect(state).toMatch(/^not opened: (the key is not there|it lies under)/)
        const names = entries.find(({ step }) => step === type)!.members.map(({ name }) => name)
        const members = dissectedMembers({ frame: '', origin: 0, fields }, names).map(({ name }) => name)
        if (isOpen || (suite === 'modern' && type === 3)) expect(members.sort()).toEqual([...names].sort())
        else
          expect(members).toEqual(
            suite === 'classic' ? [] : type === 4 ? ['share_s'] : type >= 7 ? ['seq'] : [],
          )
      }
    }
  })

  it('what follows from a few keys is derived: the shared secret and what RSA blocks hold open a modern session', async () => {
    const { entries, keys, opened } = await makeRun({ suite: 'modern' })
    const few = { keys: keys.filter(({ symbol }) => symbol === 'Z'), opened }
    const frames = await dissect(await writeCapture(entries, { application: APPLICATION }), {
      keys: writeKeysFile(few, APPLICATION),
    })
    const states = frames.flatMap(({ fields }) => fields.filter(({ name }) => name === 'layer'))
    expect(new Set(states.map(({ below }) => below.get('layer.state')))).toEqual(
      new Set(['opened', 'not opened here: the keys file says what it holds']),
    )
    expect(frames.some(({ fields }) => fields.some(({ name }) => name === 'req'))).toBe(true)
  })

  it('keys of another run fit nothing', async () => {
    const [one, other] = [await makeRun({ suite: 'modern' }), await makeRun({ suite: 'modern' })]
    const frames = await dissect(await writeCapture(one.entries, { application: APPLICATION }), {
      keys: writeKeysFile(other, APPLICATION),
    })
    const states = frames.flatMap(({ fields }) => fields.filter(({ name }) => name === 'layer'))
    for (const { below } of states) expect(below.get('layer.state')).toMatch(/^not opened/)
  })
})

it('alerts are shown with code, step, message and meaning', async () => {
  for (const suite of SUITE_NAMES) {
    const { entries } = await makeRun({
      suite,
      use: async (lab) => {
        await lab.register()
        const client = await lab.connect({ serverIdentity: 'somebody-else' })
        await client.open().catch(() => undefined)
      },
    })
    const alert = entries.find(({ kind, direction }) => kind === 'alert' && direction === 'sent')!
    const frames = await dissect(await writeCapture(entries, { application: APPLICATION }))
    const { fields } = frames.find(({ frame }) => frame === toHex(alert.frame))!
    const { code, step, message } = decodeAlert(alert.frame.subarray(HEADER_BYTES), 0)
    const value = (name: string): string | undefined => fields.find((field) => field.name === name)?.value
    expect([value('alert.code'), value('alert.step'), value('alert.message')]).toEqual([
      code,
      String(step),
      message,
    ])
    expect(code).toBe('unknown_identity')
    expect(value('alert.meaning')).toBe('The identity is not the expected one.')
  }
})
