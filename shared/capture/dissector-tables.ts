/** What the dissector knows of the protocol: tables worked out of the sheets, and nothing that is written twice. */
import { fromHex } from '../bytes'
import { LabError } from '../errors'
import { ALERT_CODES } from '../hl1/alert-codes'
import * as classic from '../hl1/classic/ciphers'
import { HEADER, HEADER_BYTES, LENGTH_BYTES, lengthLimit, TYPE_ALERT, VERSION } from '../hl1/frame'
import { KEYS } from '../hl1/keys'
import * as modern from '../hl1/modern/ciphers'
import { HL1 } from '../hl1/protocol'
import { OBJECT_BOUNDS } from '../hl1/read-object'
import { STEP_NUMBERS, STEPS } from '../hl1/steps'
import { SUITES, type Suite } from '../hl1/suites'
import { HL1_ID } from '../hl1/types'
import type { Derivation } from '../record/derivation'
import { carriedKey, type MemberSpec } from '../record/member'
import { roleInfo } from '../record/protocol'
import { partsOf, type Cipher, type Term } from '../record/term'
import { DEFAULT_SETTINGS } from '../settings'
import type { LuaRecord, LuaValue } from './lua-literal'

/** By which of the dissector's ways each cipher is opened; what is under RSA is not opened there. */
const OPENED_BY: ReadonlyMap<Cipher, string> = new Map([
  [classic.RSA, 'RSA'],
  [modern.RSA, 'RSA'],
  [classic.DES, 'DES-CBC'],
  [modern.SEAL, 'AES-256-GCM'],
  [modern.SEQUENCED, 'AES-256-GCM, numbered'],
])

/** Fields of the header as they are called in the tree. */
const titleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

/** The tables of the dissector, as they stand in it. */
export function dissectorTables(): LuaRecord {
  const suites = Object.values(SUITES)
  return {
    empty: HL1_ID,
    version: VERSION,
    alert: TYPE_ALERT,
    header_bytes: HEADER_BYTES,
    length_bytes: LENGTH_BYTES,
    header: Object.entries(HEADER).map(([name, field]) => ({ name, title: titleOf(name), ...field })),
    handshake_limit: lengthLimit(TYPE_ALERT),
    limits: byNumber(STEP_NUMBERS, lengthLimit),
    most_members: OBJECT_BOUNDS.namedMembers,
    ports: [DEFAULT_SETTINGS.authorityPort, DEFAULT_SETTINGS.serverPort],
    open: openKeys(),
    steps: byNumber(STEP_NUMBERS, (step) => {
      const { title, from, to } = STEPS[step]
      return { title, from: roleInfo(HL1, from).title, to: roleInfo(HL1, to).title }
    }),
    alerts: ALERT_CODES,
    parts: [...new Set([...suites.flatMap(partNames), 'JSON', 'body'])],
    members: memberFields(suites),
    suites: new Map(suites.map((suite) => [suite.byte, suiteTable(suite)])),
  }
}

/** Keys that every copy of the program has, by their symbols, as this copy has them. */
function openKeys(): LuaRecord {
  return Object.fromEntries(
    Object.values(KEYS).flatMap(({ symbol, setting }) => {
      const hex =
        setting === undefined
          ? undefined
          : Object.entries(DEFAULT_SETTINGS).find(([name]) => name === setting)?.[1]
      return typeof hex === 'string' && fromHex(hex) ? [[symbol, hex] as const] : []
    }),
  )
}

function byNumber<N extends number>(numbers: readonly N[], make: (number: N) => LuaValue): LuaValue {
  return new Map(numbers.map((number) => [number, make(number)]))
}

function suiteTable({ name, transcript, sheets }: Suite): LuaRecord {
  const derivations = STEP_NUMBERS.flatMap((step) => Object.entries(sheets[step].derivations))
  return {
    name,
    transcript: byNumber(transcript, () => true),
    derived: Object.fromEntries(
      derivations.flatMap(([symbol, by]) =>
        by.is === 'derived' ? [[symbol, derivedTable(by)] as const] : [],
      ),
    ),
    steps: byNumber(STEP_NUMBERS, (step) => {
      const { formula, story, term } = sheets[step]
      return { formula, story, parts: partsOf(term).map(partTable) }
    }),
  }
}

type Derived = Extract<Derivation, { readonly is: 'derived' }>

function derivedTable({ input, salt, label }: Derived): LuaRecord {
  if (salt.is !== 'transcript') throw unforeseen('A salt that is no transcript')
  return { input: symbolsOf(input), salt: salt.step, label }
}

function symbolsOf(input: Derivation): readonly string[] {
  if (input.is === 'symbol') return [input.symbol]
  if (input.is === 'concatenation') return input.parts.flatMap(symbolsOf)
  throw unforeseen('An input that is no symbol')
}

function partTable(term: Term): LuaRecord {
  switch (term.is) {
    case 'raw':
      return { is: 'raw', member: term.member.name, spec: specTable(term.member), field: { ...term.field } }
    case 'object':
      return {
        is: 'object',
        members: Object.fromEntries(term.members.map((member) => [member.name, specTable(member)])),
      }
    case 'prefixed':
      return { is: 'prefixed', field: { ...term.field }, body: partTable(term.body) }
    case 'join':
      throw unforeseen('Parts inside a layer')
    default:
      return {
        is: term.is,
        key: term.key,
        opens_with: term.is === 'asym' ? term.opensWith : term.key,
        cipher: cipherTable(term.cipher),
        ...(term.is === 'seal'
          ? { transcript: term.transcript, nonce: term.nonce, called: term.called }
          : {}),
        body: partTable(term.body),
      }
  }
}

function cipherTable(cipher: Cipher): LuaRecord {
  const opens = OPENED_BY.get(cipher)
  if (opens === undefined) throw unforeseen(`The cipher ${cipher.full}`)
  const { full, before, text, last, after, spread } = cipher
  return {
    opens,
    full,
    before: before.map((field) => ({ ...field })),
    text: { ...text },
    last: last && { ...last },
    after: after.map((field) => ({ ...field })),
    block: typeof spread === 'object' ? spread.block : undefined,
  }
}

function specTable(spec: MemberSpec): LuaRecord {
  const { symbol, kind, meaning, length } = spec
  return { symbol, kind, meaning, length, carries: spec.nature.is === 'key' ? carriedKey(spec) : undefined }
}

/** A field for each name of a member: whatever step has it, it is of one kind. */
function memberFields(suites: readonly Suite[]): readonly LuaRecord[] {
  const kinds = new Map<string, string>()
  for (const { name, kind } of suites.flatMap(({ sheets }) =>
    STEP_NUMBERS.flatMap((step) => sheets[step].members),
  )) {
    if ((kinds.get(name) ?? kind) !== kind) throw unforeseen(`The member ${name} of two kinds`)
    kinds.set(name, kind)
  }
  return [...kinds].map(([name, kind]) => ({ name, kind }))
}

/** What the parts of a suite's bodies are called. */
function partNames({ sheets }: Suite): readonly string[] {
  return STEP_NUMBERS.flatMap((step) => partsOf(sheets[step].term).flatMap(namesIn))
}

function namesIn(term: Term): readonly string[] {
  switch (term.is) {
    case 'raw':
      return [term.field.name]
    case 'prefixed':
      return [term.field.name, ...namesIn(term.body)]
    case 'object':
    case 'join':
      return []
    default: {
      const { before, text, last, after } = term.cipher
      const called = term.is === 'seal' ? term.called : undefined
      return [...before, { name: called ?? text.name }, ...(last ? [last] : []), ...after].map(
        ({ name }) => name,
      )
    }
  }
}

function unforeseen(what: string): LabError {
  return new LabError('internal_error', `${what}: the dissector has no way for it.`)
}
