/** A protocol of two messages that is not HL/1: a question in clear, and an answer under a password that both know. */
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import type { Connection } from '#shared/record/connection'
import { no, partly, yes } from '#shared/record/explanation'
import { layoutOf } from '#shared/record/layout'
import type { MemberSpec, MemberValue } from '#shared/record/member'
import type { Protocol } from '#shared/record/protocol'
import { recordMembers, type JournalEntry } from '#shared/record/record'
import { completeSheet, type ProtocolTypes } from '#shared/record/sheet'
import { symbolTable } from '#shared/record/symbol'
import { object, sym, type Cipher } from '#shared/record/term'

interface Toy extends ProtocolTypes {
  readonly role: 'asker' | 'oracle'
  readonly suite: 'plain'
  readonly key: 'K_pass' | 'K_gift'
  readonly check: 'whole' | 'honest'
  readonly code: 'nonsense'
  readonly weakness: 'guessable'
}

const XOR: Cipher = {
  name: 'XOR',
  full: 'every byte with a byte of the password',
  before: [{ name: 'mark', size: 2, note: 'the letters XO' }],
  text: { name: 'masked', note: 'under {key}' },
  after: [],
  spread: 'byte',
}

const question = {
  name: 'question',
  symbol: 'Q1',
  kind: 'text',
  nature: { is: 'payload' },
  meaning: 'What the asker wants to know.',
} as const satisfies MemberSpec<Toy['key']>

const answer = {
  name: 'answer',
  symbol: 'Answer_1',
  kind: 'text',
  nature: { is: 'payload' },
  meaning: 'What the oracle says.',
} as const satisfies MemberSpec<Toy['key']>

const gift = {
  name: 'gift',
  symbol: 'K_gift',
  kind: 'bytes',
  nature: { is: 'key', key: 'K_gift' },
  meaning: 'A key for the next time.',
} as const satisfies MemberSpec<Toy['key']>

const sheets = {
  1: completeSheet<Toy>({
    term: object(question),
    derivations: {},
    checks: [],
    story: 'The asker asks.',
    guarantees: {
      confidentiality: no('in clear'),
      integrity: no('in clear'),
      freshness: no('nothing'),
      sender: no('anyone'),
      forwardSecrecy: no('in clear'),
    },
    weaknesses: [{ weakness: 'guessable', text: 'Everyone can read it.', source: 'nowhere' }],
    repairs: [],
  }),
  2: completeSheet<Toy>({
    term: sym(XOR, 'K_pass', object(answer, gift)),
    derivations: {},
    checks: ['honest'],
    story: 'The oracle answers under the password.',
    guarantees: {
      confidentiality: partly('K_pass'),
      integrity: no('nothing'),
      freshness: no('nothing'),
      sender: yes('K_pass'),
      forwardSecrecy: no('K_pass'),
    },
    weaknesses: [{ weakness: 'guessable', text: 'K_pass is a word.', source: 'a dictionary' }],
    repairs: [],
  }),
} as const

const keys = {
  K_pass: {
    symbol: 'K_pass',
    family: 'bootstrap',
    name: 'password of the oracle',
    kind: 'symmetric key',
    about: 'Both have it from a whisper.',
    setting: 'password',
    origin: { oracle: 'A whisper.' },
  },
  K_gift: {
    symbol: 'K_gift',
    family: 'session',
    name: 'key for the next time',
    kind: 'symmetric key',
    about: 'The oracle makes it.',
    origin: {},
  },
} as const satisfies Protocol<Toy>['keys']

export const TOY: Protocol<Toy> = {
  id: 'TOY/2',
  title: 'Ask the oracle',
  roles: [
    { role: 'asker', title: 'Asker', symbol: 'A' },
    { role: 'oracle', title: 'Oracle', symbol: 'O' },
  ],
  steps: [
    { step: 1, from: 'asker', to: 'oracle', phase: 'only', title: 'A question', then: 2 },
    { step: 2, from: 'oracle', to: 'asker', phase: 'only', title: 'An answer', then: undefined },
  ],
  suites: { plain: { name: 'plain', title: 'Plain', about: 'The only one.', sheets } },
  keys,
  symbols: { ...symbolTable(keys, Object.values(sheets)), Q1: { stem: 'Q', index: '1' } },
  checks: {
    whole: { title: 'Nothing is missing', ifIgnored: 'Half an answer would do.' },
    honest: { title: 'The oracle is honest', ifIgnored: 'Lies would be believed.' },
  },
  checksOfAll: { before: ['whole'], after: [] },
  alerts: { nonsense: 'It makes no sense.' },
  weaknesses: { guessable: { title: 'A word in a dictionary', repaired: 'A long password' } },
}

const CONNECTION: Connection = {
  id: 'toy-1',
  opener: 'asker',
  acceptor: 'oracle',
  from: { address: '127.0.0.1', port: 40_001 },
  to: { address: '127.0.0.1', port: 40_002 },
  suite: 'plain',
}
const PASSWORD = toUtf8('delphi')

/** The records that both ends have made of a question and its answer, oldest first. */
export function toyEntries(): readonly JournalEntry[] {
  const asked = toUtf8('{"question":"Who am I?"}')
  const told = toUtf8('{"answer":"Nobody.","gift":"AQID"}')
  const masked = concat(
    toUtf8('XO'),
    told.map((byte, index) => byte ^ (PASSWORD[index % PASSWORD.length] ?? 0)),
  )
  return [
    entry(1, 'sent', asked, asked, { question: 'Who am I?' }),
    entry(1, 'received', asked, asked, { question: 'Who am I?' }),
    entry(2, 'sent', masked, told, { answer: 'Nobody.', gift: new Uint8Array([1, 2, 3]) }),
    entry(2, 'received', masked, told, { answer: 'Nobody.', gift: new Uint8Array([1, 2, 3]) }),
  ]
}

function entry(
  step: 1 | 2,
  direction: 'sent' | 'received',
  frame: Bytes,
  plaintext: Bytes,
  values: Readonly<Record<string, MemberValue>>,
): JournalEntry<Toy> {
  const { from, to } = TOY.steps.find((each) => each.step === step)!
  const sheet = sheets[step]
  const text = new TextDecoder().decode(plaintext)
  const places = sheet.members.map(({ name, meaning }) => {
    const start = text.indexOf(`"${name}"`)
    const end = text.indexOf(step === 2 && name === 'answer' ? ',' : '}', start)
    return { name, member: name, start, end, note: meaning }
  })
  const layout = layoutOf(sheet.term, frame)
  return {
    protocol: TOY.id,
    id: `${step}-${direction}`,
    connection: CONNECTION,
    kind: 'message',
    suite: 'plain',
    step,
    role: direction === 'sent' ? from : to,
    direction,
    at: 1_700_000_000_000 + step * 10 + (direction === 'sent' ? 0 : 1),
    took: 1,
    frame,
    ranges: [
      ...layout.ranges,
      ...places.map((place) => ({ ...place, note: 'made from this member', ...layout.project(0, place) })),
    ],
    layers: sheet.layers.map((layer) => ({ ...layer, origin: 'A whisper.' })),
    plaintext: { bytes: plaintext, ranges: places, parts: [plaintext.length] },
    members: recordMembers(sheet.members, values),
    checks:
      direction === 'sent'
        ? []
        : [
            { id: 'whole', result: 'passed', reason: 'It ends in a bracket.' },
            ...(step === 2
              ? [{ id: 'honest', result: 'failed', reason: 'Nobody is nobody.', found: 'a riddle' } as const]
              : []),
          ],
    outcome:
      step === 2 && direction === 'received'
        ? { ok: false, code: 'nonsense', message: 'Nobody is nobody.' }
        : { ok: true },
  }
}
