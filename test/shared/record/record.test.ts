import { beforeAll, describe, expect, it } from 'vitest'
import { fromUtf8, toBase64, toHex } from '#shared/bytes'
import { forgetSecrets, recordBytes, withoutSecrets, type MessageRecord } from '#shared/record/record'
import { STEP_NUMBERS, type StepNumber } from '#shared/hl1/steps'
import { SUITES } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../support/environment'
import { judge, membersOf, runHonestly, sealed, withMembers, type HonestRun } from '../../support/handshake'

let run: HonestRun
beforeAll(async () => {
  run = await runHonestly(fakeEnvironment())
})

const SECRETS: Readonly<Record<StepNumber, readonly string[]>> = {
  1: ['k_tmp1'],
  2: ['sk_s'],
  3: [],
  4: [],
  5: ['k_tmp2'],
  6: ['k_sess'],
  7: [],
  8: [],
}

/** Everything that a record says, as one text: JSON, with byte strings in hex, base64 and as text. */
function everything(record: MessageRecord): string {
  return JSON.stringify(record, (name, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value
    return name === 'frame'
      ? toHex(value)
      : [toHex(value), toBase64(value), Buffer.from(value).toString('latin1')]
  })
}

/** The record of the receiver, who may have refused the message. */
async function received(
  step: StepNumber,
  changes: Readonly<Record<string, unknown>>,
): Promise<MessageRecord> {
  const moment = run.moments[step]
  return (await judge(moment, await withMembers(moment, changes))).record
}

describe('a record', () => {
  it.each(STEP_NUMBERS)(
    'of step %i has every member with its value, and each one’s place in both texts',
    async (step) => {
      const { record: sent, frame } = run.moments[step]
      const { record } = await judge(run.moments[step], frame)
      for (const side of [sent, record]) {
        expect(side.members.map(({ name }) => name)).toEqual(Object.keys(membersOf(run.moments[step])))
        for (const { name, value } of side.members) {
          const text = side
            .plaintext!.ranges.filter((range) => range.member === name)
            .map((range) => fromUtf8(side.plaintext!.bytes.subarray(range.start, range.end)))
          const json = value instanceof Uint8Array ? toBase64(value) : value
          expect(text).toEqual([`"${name}":${JSON.stringify(json)}`])
          expect(side.ranges.some((range) => range.member === name)).toBe(true)
        }
      }
      expect(record.ranges).toEqual(sent.ranges)
      expect(record.plaintext).toEqual(sent.plaintext)
    },
  )

  it.each(STEP_NUMBERS)(
    'of step %i names all bytes of its frame, without going beyond them',
    async (step) => {
      const { record, frame } = run.moments[step]
      const named = new Set<number>()
      for (const { name, start, end } of record.ranges) {
        expect(start, name).toBeLessThan(end)
        expect(end, name).toBeLessThanOrEqual(frame.length)
        for (let at = start; at < end; at++) named.add(at)
      }
      expect(named.size).toBe(frame.length)
    },
  )

  it.each(STEP_NUMBERS)(
    'of step %i says which key closes it, which opens it, and where that one is from',
    async (step) => {
      const { record } = await judge(run.moments[step], run.moments[step].frame)
      expect(record.layers).toHaveLength(1)
      for (const layer of [...record.layers, ...run.moments[step].record.layers]) {
        expect(layer.origin).not.toBe('')
        expect(SUITES.classic.sheets[step].formula).toContain(`(${layer.key}:`)
      }
    },
  )
})

describe('a record without its secrets', () => {
  it.each(STEP_NUMBERS)('has none of the values of step %i that are secret, and all others', async (step) => {
    const { record: sent, frame } = run.moments[step]
    const { record } = await judge(run.moments[step], frame)
    expect(record.members.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(SECRETS[step])
    for (const side of [sent, record]) {
      const shown = withoutSecrets(side)
      for (const { name, value } of side.members) {
        const left = shown.members.find((member) => member.name === name)!
        if (SECRETS[step].includes(name)) expect(left).not.toHaveProperty('value')
        else expect(left.value).toEqual(value)
      }
    }
  })

  it.each(STEP_NUMBERS.filter((step) => SECRETS[step].length > 0))(
    'has no trace of those of step %i, however they are written',
    async (step) => {
      const members = membersOf(run.moments[step])
      const { record } = await judge(run.moments[step], run.moments[step].frame)
      for (const name of SECRETS[step]) {
        const value = String(members[name])
        // A piece from the middle of the value is enough to be a leak.
        const inside = value.slice(Math.floor(value.length / 2), Math.floor(value.length / 2) + 6)
        const json = JSON.stringify(value).slice(1, -1)
        for (const side of [record, run.moments[step].record]) {
          expect(everything(side)).toContain(inside)
          const shown = everything(withoutSecrets(side))
          expect(shown).not.toContain(inside)
          expect(shown).not.toContain(json)
          expect(shown).not.toContain(toHex(Buffer.from(inside)))
          if (name !== 'sk_s') expect(shown).not.toContain(toHex(Buffer.from(value, 'base64')))
        }
      }
    },
  )

  it('keeps the plaintext’s length, so that its ranges still fit, and the rest of its text', async () => {
    const { record } = run.moments[6]
    const shown = withoutSecrets(record)
    expect(shown.plaintext!.bytes).toHaveLength(record.plaintext!.bytes.length)
    expect(fromUtf8(shown.plaintext!.bytes)).toMatch(
      /^\{\*+,"lifetime_sess":60,"id_c":"ID-Client","ts6":\d+\}$/,
    )
  })

  it('leaves the record itself as it was', async () => {
    const before = everything(run.moments[6].record)
    withoutSecrets(run.moments[6].record)
    expect(everything(run.moments[6].record)).toBe(before)
  })

  it('has no trace of a secret either where the message was refused for its members', async () => {
    const { k_sess: key } = membersOf(run.moments[6])
    const record = await received(6, { lifetime_sess: 'text' })
    expect(record.outcome).toMatchObject({ ok: false, code: 'malformed' })
    expect(everything(record)).toContain(String(key))
    expect(everything(withoutSecrets(record))).not.toContain(String(key))
  })

  it('has no trace of a secret that is itself not allowed', async () => {
    const record = await received(6, { k_sess: 'c2VjcmV0IQ' })
    expect(record.outcome).toMatchObject({ ok: false, code: 'malformed' })
    expect(everything(withoutSecrets(record))).not.toContain('c2VjcmV0IQ')
  })

  it('has no trace of a secret that was said twice', async () => {
    const members = JSON.stringify(membersOf(run.moments[6]))
    const frame = await sealed(run.moments[6], members.replace('{', '{"k_sess":"Zmlyc3QhISE=",'))
    const { code, record } = await judge(run.moments[6], frame)
    expect(code).toBe('accepted')
    expect(everything(record)).toContain('Zmlyc3QhISE=')
    expect(everything(withoutSecrets(record))).not.toContain('Zmlyc3Qh')
  })

  it('has no trace of a secret that was said behind any number of other members, or very often', async () => {
    const members = JSON.stringify(membersOf(run.moments[6]))
    const many = Array.from({ length: 500 }, (_, index) => `"x${index}":1`).join(',')
    const often = Array.from({ length: 200 }, () => '"k_sess":"Zmlyc3QhISE="').join(',')
    for (const before of [many, often, `${often},${many}`]) {
      const frame = await sealed(run.moments[6], members.replace('{', `{${before},`))
      const { code, record } = await judge(run.moments[6], frame)
      expect(code).toBe('accepted')
      const shown = everything(withoutSecrets(record))
      expect(shown).not.toContain('Zmlyc3Qh')
      expect(shown).not.toContain(String(membersOf(run.moments[6])['k_sess']))
      expect(shown).toContain('ID-Client')
    }
  })

  it('has no trace of a secret in a plaintext that is no JSON', async () => {
    const frame = await sealed(run.moments[6], '{"k_sess":"c2VjcmV0ISE="x')
    const { code, record } = await judge(run.moments[6], frame)
    expect(code).toBe('decrypt_failed')
    expect(record.plaintext).toBeUndefined()
    expect(everything(record)).not.toContain('c2Vjcm')
    expect(everything(record)).not.toContain('ISE=')
  })
})

describe('the size of a record', () => {
  it('does not grow with members that nobody knows, nor with the length of their names', async () => {
    const members = JSON.stringify(membersOf(run.moments[6]))
    const many = Array.from({ length: 600 }, (_, index) => `"x${index}":1`).join(',')
    const frame = await sealed(run.moments[6], members.replace('{', `{${many},"${'n'.repeat(5_000)}":1,`))
    const { code, record } = await judge(run.moments[6], frame)
    expect(code).toBe('accepted')
    expect(record.plaintext!.ranges.length).toBeLessThan(100)
    expect(record.ranges.length).toBeLessThan(100)
    for (const { name } of [...record.ranges, ...record.plaintext!.ranges])
      expect(name.length).toBeLessThan(100)
    // The members of the step are named all the same, the last ones of each name.
    for (const { name } of record.members)
      expect(record.plaintext!.ranges.filter((range) => range.member === name)).toHaveLength(1)
    expect(recordBytes(record)).toBeLessThan(frame.length * 2 + 25_000)
  })
})

describe('a record of a role that has forgotten its secrets', () => {
  it('says which they were, and has no trace of them', () => {
    const { record } = run.moments[6]
    const shown = forgetSecrets(record)
    expect(shown.members.map(({ name, forgotten }) => [name, forgotten])).toEqual([
      ['k_sess', true],
      ['lifetime_sess', undefined],
      ['id_c', undefined],
      ['ts6', undefined],
    ])
    expect(everything(shown)).not.toContain(String(membersOf(run.moments[6])['k_sess']))
    expect(everything(withoutSecrets(shown))).toBe(everything(shown))
  })

  it('is the record itself where it has none', () => {
    expect(forgetSecrets(run.moments[3].record)).toBe(run.moments[3].record)
  })
})
