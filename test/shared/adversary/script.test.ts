/** Scripts are read within bounds and as a whole: whatever a file says, it is a script of the format or no script. */
import { describe, expect, it } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import {
  memberValue,
  readScript,
  ruleText,
  SCRIPT_BOUNDS,
  SCRIPT_FORMAT,
  scriptValue,
  writeScript,
} from '#shared/adversary/script'
import type { Action, Rule } from '#shared/adversary/script'

const ON = { step: 7, direction: 'client_to_server', nth: 2 } as const
const ACTIONS: readonly Action[] = [
  { does: 'flip', byte: 9, bit: 7 },
  { does: 'bytes', hex: '00ff', length: 'recomputed' },
  { does: 'member', member: 'req', value: 'time' },
  { does: 'replace', by: { ...ON, nth: 1 } },
  { does: 'wait', seconds: 1.5 },
  { does: 'hold' },
  { does: 'drop' },
  { does: 'send', frame: ON, on: 'new', to: 'acceptor' },
  {
    does: 'forge',
    suite: 'classic',
    step: 3,
    values: { id_s: 'ID-S', ts3: 1, x: { hex: '0a' } },
    on: 'same',
    to: 'opener',
  },
  { does: 'cut' },
]
const file = (changes: object): Bytes =>
  toUtf8(JSON.stringify({ format: SCRIPT_FORMAT, version: 1, title: 'x', rules: [], ...changes }))
const withAction = (action: unknown): Bytes => file({ rules: [{ on: ON, do: [action] }] })

it('what is written is read again, every action of it', () => {
  const rules: Rule[] = [{ on: ON, do: [...ACTIONS] }]
  expect(readScript(writeScript({ title: 'All', rules }))).toEqual({
    format: SCRIPT_FORMAT,
    version: 1,
    title: 'All',
    rules,
  })
  expect(ruleText(rules[0]!)).toMatch(
    /^At number 2 of step 7 from client to server: flip bit 7 of byte 9, then put 2 other bytes/,
  )
})

it('values of members are texts, numbers, and bytes in hex', () => {
  for (const value of ['text', 7, new Uint8Array([1, 2, 255])])
    expect(memberValue(scriptValue(value))).toEqual(value)
})

describe('no script is', () => {
  it.each([
    ['empty', new Uint8Array()],
    ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x00])],
    ['no JSON', toUtf8('{"format":')],
    ['a list', toUtf8('[]')],
    ['nothing', toUtf8('null')],
    ['of another format', file({ format: 'another' })],
    ['of another version', file({ version: 2 })],
    ['with more than the format has', file({ leak: 'SK_S' })],
    [
      'with a prototype',
      toUtf8(`{"__proto__":{"rules":[]},"format":"${SCRIPT_FORMAT}","version":1,"title":""}`),
    ],
    ['with a title of megabytes', file({ title: 'x'.repeat(201) })],
    ['with a rule without actions', file({ rules: [{ on: ON, do: [] }] })],
    [
      'with too many rules',
      file({ rules: Array.from({ length: SCRIPT_BOUNDS.rules + 1 }, () => ({ on: ON, do: [ACTIONS[0]] })) }),
    ],
    [
      'with too many actions',
      file({ rules: [{ on: ON, do: Array(SCRIPT_BOUNDS.actions + 1).fill({ does: 'cut' }) }] }),
    ],
    ['about step 9', file({ rules: [{ on: { ...ON, step: 9 }, do: [ACTIONS[0]] }] })],
    ['about the frame before the first', file({ rules: [{ on: { ...ON, nth: 0 }, do: [ACTIONS[0]] }] })],
    [
      'about a way that there is not',
      file({ rules: [{ on: { ...ON, direction: 'client_to_authority' }, do: [ACTIONS[0]] }] }),
    ],
    ['one that leaks', withAction({ does: 'leak', key: 'SK_S' })],
    ['one that does what nobody knows', withAction({ does: 'toString' })],
    ['one that flips a ninth bit', withAction({ does: 'flip', byte: 0, bit: 8 })],
    ['one that waits for days', withAction({ does: 'wait', seconds: 1e9 })],
    ['one with half a byte', withAction({ does: 'bytes', hex: 'abc', length: 'kept' })],
    ['one with no hex', withAction({ does: 'bytes', hex: '<script>', length: 'kept' })],
    ['one whose values are objects', withAction({ ...ACTIONS[8], values: { id_s: { toString: 1 } } })],
    ['longer than it may be', toUtf8(' '.repeat(SCRIPT_BOUNDS.bytes + 1))],
  ])('%s', (_, bytes) => {
    expect(() => readScript(bytes)).toThrow(expect.objectContaining({ code: 'bad_script' }))
  })
})
