/** The contract, `docs/protocol.md`, and the data of the suites say the same. */
import { describe, expect, it } from 'vitest'
import { ALERT_CODES } from '#shared/hl1/alert-codes'
import { CHECKS, X509_CHECKS, type CheckId } from '#shared/hl1/check-table'
import { encodeHeader, headerRanges, lengthLimit, TYPE_ALERT } from '#shared/hl1/frame'
import { isIdentity } from '#shared/hl1/identity'
import type { MemberSpec } from '#shared/record/member'
import { ROLES } from '#shared/hl1/roles'
import { STEP_NUMBERS, STEPS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { section, sectionText, stepsOf, tableOf, type StepData } from '../../support/contract'

const codesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
const LETTERS: Readonly<Record<string, string>> = { authority: 'CA', server: 'S', client: 'C' }

describe('introduction and section 1', () => {
  it('names the suites with their bytes', () => {
    const rows = tableOf(undefined).map(({ suite = '', byte }) => ({ suite: codesIn(suite)[0], byte }))
    expect(rows).toEqual(SUITE_NAMES.map((suite) => ({ suite, byte: String(SUITES[suite].byte) })))
  })

  it('names three parties, one letter each', () => {
    const parties = /Three roles: (.*?)\./s.exec(introduction())?.[1]
    for (const role of ROLES)
      expect(parties, role).toContain(`${role === 'server' ? 'application ' : ''}${role}`)
  })

  it('draws the header as it is written', () => {
    const [drawing] = section('1').flatMap((block) => (block.kind === 'code' ? [block.text] : []))
    const [offsets = '', , fields = ''] = drawing?.split('\n') ?? []
    const [starts, names] = [offsets.match(/\d+/g)?.map(Number), fields.match(/\w+(?= |\s*\()/g)]
    const header = { length: 4, version: 1, type: 1, suite: 1, flags: 0 }
    const ranges = headerRanges(header, '', '')
    expect(starts).toEqual([...ranges.map(({ start }) => start), ranges.at(-1)?.end])
    expect(names?.slice(0, ranges.length)).toEqual(ranges.map(({ name }) => name.replace('version', 'ver')))
  })

  it('gives the fields their values', () => {
    const text = sectionText('1')
    const [, version, flags] = /`ver`: (\d+)\. `flags`: (\d+)\./.exec(text)?.map(Number) ?? []
    const alert = Number(/`(0x[\da-f]+)` is an alert/.exec(text)?.[1])
    const header = encodeHeader(alert, 2, 3)
    expect(header).toEqual(new Uint8Array([0, 0, 0, 7, version ?? -1, TYPE_ALERT, 2, flags ?? -1]))
    expect(text).toContain('body length + 4')
  })

  it('limits a frame’s length', () => {
    const match =
      /`length`: ([\d,]+) for types 1 to 6 and alerts; ([\d,]+) for types 7 and 8/.exec(sectionText('1')) ??
      []
    const [handshake, session] = match.slice(1).map((text) => Number(text.replaceAll(',', '')))
    for (const type of [1, 2, 3, 4, 5, 6, TYPE_ALERT])
      expect(lengthLimit(type), `type ${type}`).toBe(handshake)
    for (const type of [7, 8]) expect(lengthLimit(type), `type ${type}`).toBe(session)
  })

  it('orders the steps of a connection', () => {
    expect(sectionText('1')).toContain(
      'On a connection to the CA: 1, 2, then the CA closes. On a connection to S: 3, 4, 5, 6, then any number\nof pairs 7, 8',
    )
    const next = STEP_NUMBERS.map((step) => STEPS[step].then)
    expect(next).toEqual([2, undefined, 4, 5, 6, 7, 8, 7])
  })
})

describe('defaults', () => {
  it.each([
    ['1', /CA on 127\.0\.0\.1:(\d+)/, DEFAULT_SETTINGS.authorityPort],
    ['1', /S on 127\.0\.0\.1:(\d+)/, DEFAULT_SETTINGS.serverPort],
    ['1', /idle limit \(default (\d+) s/, DEFAULT_SETTINGS.idleLimit],
    ['2', /Defaults: `([^`]+)`/, DEFAULT_SETTINGS.authorityIdentity],
    ['2', /Defaults: `[^`]+`, `([^`]+)`/, DEFAULT_SETTINGS.serverIdentity],
    ['2', /Defaults: `[^`]+`, `[^`]+`, `([^`]+)`/, DEFAULT_SETTINGS.clientIdentity],
    ['2', /`max_age` its setting \(seconds, default (\d+)\)/, DEFAULT_SETTINGS.maxAge],
    ['2', /RSA keys have (\d+) bits/, DEFAULT_SETTINGS.rsaBits],
    [
      '3',
      /`K_boot` is a constant that every copy of the program knows, `([^`]+)`/,
      DEFAULT_SETTINGS.bootstrapKey,
    ],
    ['5', /`lifetime_sess` seconds later \(default (\d+);/, DEFAULT_SETTINGS.lifetime],
  ])('section %s: %s', (number, pattern, value) => {
    expect(pattern.exec(sectionText(number))?.[1]).toBe(String(value))
  })

  it('says which identities there may be', () => {
    const pattern = new RegExp(`^${/Identities match `([^`]+)`/.exec(sectionText('2'))?.[1]}$`)
    for (const text of ['a', 'ID-CA', 'x._-9', 'x'.repeat(48), 'x'.repeat(49), '', 'a b', 'ä', 'a\n'])
      expect(pattern.test(text), text).toBe(isIdentity(text))
  })
})

describe.each(SUITE_NAMES)('members and keys of suite %s', (suite) => {
  const rows = tableOf(suite === 'classic' ? '3' : '4')

  it.each(stepsOf(suite))('step $step', ({ step, objects, outside, keys }) => {
    const row = rows[step - 1]!
    expect(row['step']).toBe(String(step))
    const parts = (row['plaintext members'] ?? '').split(';')
    for (const [part, text] of parts.entries()) {
      const inside = objects[part] ?? []
      expect(codesIn(text.replace(/\(.*?\)/g, ''))).toEqual(inside.map(({ name }) => name))
      for (const member of inside) expectType(member, text)
    }
    expect(objects).toHaveLength(parts.length)
    const body = row['body'] ?? ''
    expect(outside.length, body).toBe(/share of S|sequence number/.test(body) ? 1 : 0)
    for (const { length } of outside) if (length !== undefined) expect(body).toContain(`(${length} bytes)`)
    expect(body.match(/\bP?K_\w+/g) ?? []).toEqual(inTheOrderOf(body, keys))
  })

  it('has a row for each step', () => expect(rows).toHaveLength(STEP_NUMBERS.length))
})

/** A step names each of its keys once, in the order in which it speaks of them. */
function inTheOrderOf(text: string, keys: readonly string[]): readonly string[] {
  return keys.toSorted((a, b) => text.indexOf(a) - text.indexOf(b))
}

/** What a table says of a member in parentheses. */
function expectType({ name, kind, length }: MemberSpec, text: string): void {
  const said = new RegExp(`\`${name}\` \\((.*?)\\)`).exec(text)?.[1]
  const bytes = /^(\d+) bytes/.exec(said ?? '')?.[1]
  if (bytes !== undefined) expect({ kind, length }, name).toEqual({ kind: 'bytes', length: Number(bytes) })
  if (said?.includes('PEM')) expect(kind, name).toBe('pem')
}

describe('alerts', () => {
  it('have the codes of section 6, in its order', () => {
    const codes = section('6')
      .flatMap((block) => (block.kind === 'paragraph' ? [block.line] : []))
      .map((line) => line.flatMap((part) => (part.kind === 'code' ? [part.text] : [])))
      .find((list) => list.includes('malformed'))
    expect(codes).toEqual(Object.keys(ALERT_CODES))
  })
})

/** What section 7 says of each of a step's own checks, word for word, and the code of the alert. */
const WORDS: readonly {
  readonly words: string
  readonly checks: readonly CheckId[]
  readonly code: string
}[] = [
  { words: 'the authority’s policy for names (below)', checks: ['name'], code: 'unknown_identity' },
  { words: '`id_s` is its own', checks: ['identity'], code: 'unknown_identity' },
  { words: '`id_c` is its own', checks: ['identity'], code: 'unknown_identity' },
  { words: '`id_c` is that of step 3', checks: ['identity'], code: 'unknown_identity' },
  { words: 'the request’s signature', checks: ['request_signature'], code: 'bad_certificate' },
  { words: 'subject `CN` = `id_s`', checks: ['request_subject'], code: 'bad_certificate' },
  {
    words: 'RSA of at least 2048 bits with exponent 65537 and a positive odd modulus',
    checks: ['request_key_size'],
    code: 'bad_certificate',
  },
  { words: 'not seen before', checks: ['not_seen'], code: 'replayed' },
  { words: '`sk_s` belongs to `pk_s`', checks: ['key_pair'], code: 'bad_certificate' },
  {
    words: '`cert_s` verifies, rebuilt from `ID_S`, `ID_CA` and the received `pk_s`',
    checks: ['cert_s_signature'],
    code: 'bad_certificate',
  },
  { words: '`cert_s` verifies', checks: ['cert_s_signature'], code: 'bad_certificate' },
  { words: '`pk_s` is the key in `x509_s`', checks: ['same_key'], code: 'bad_certificate' },
  { words: '`x509_s` verifies', checks: X509_CHECKS, code: 'bad_certificate' },
  { words: 'holds its public key', checks: ['same_key'], code: 'bad_certificate' },
  { words: 'the nonce is its own', checks: ['nonce'], code: 'replayed' },
  { words: '`proof` verifies', checks: ['proof'], code: 'bad_certificate' },
  {
    words: '`ip_c`, `port_c` against the connection’s address: recorded, not enforced unless set to be',
    checks: ['address'],
    code: 'unknown_identity',
  },
  { words: '1 ≤ `lifetime_sess` ≤ 86,400', checks: ['lifetime'], code: 'malformed' },
  { words: 'the session lives (asked first of all)', checks: ['session_alive'], code: 'session_expired' },
  { words: 'the sequence number', checks: ['sequence'], code: 'replayed' },
]

/** The checks of a row by the suites they are in: a clause that names a suite is that one's, the others any one's. */
function readChecks(text: string) {
  const clauses = text.replaceAll("'", '’').split(/; |\. /)
  return clauses.flatMap((clause) => {
    const [, suite] = /^`(classic|modern)`: /.exec(clause) ?? []
    let rest = clause.replace(/^`\w+`: /, '')
    const found = []
    for (const entry of WORDS) {
      const place = rest.indexOf(entry.words)
      if (place < 0) continue
      found.push({ ...entry, suite, place })
      rest = rest.replace(entry.words, '#'.repeat(entry.words.length))
    }
    expect(rest, `“${clause}” says what no check is known for`).toMatch(/^(#|, | and )+$/)
    return found.toSorted((a, b) => a.place - b.place)
  })
}

describe('checks of section 7', () => {
  const rows = tableOf('7')
  /** Asked before a body is opened, so it is no check between members and freshness. */
  const ownChecks = ({ step, checks }: StepData): readonly CheckId[] =>
    step === 7 ? ['session_alive', ...checks] : checks

  it.each(STEP_NUMBERS)('step %i', (step) => {
    const { receiver, checks: text = '', code: codes = '' } = rows[step - 1]!
    expect(receiver).toBe(LETTERS[STEPS[step].to])
    const said = readChecks(text)
    const made = SUITE_NAMES.map((suite) => stepsOf(suite)[step - 1]!)
    for (const data of made) {
      const here = said.filter(({ suite }) => suite === undefined || suite === data.suite)
      const there = new Set(here.flatMap(({ checks }) => checks))
      expect([...there], data.suite).toEqual(expect.arrayContaining([...ownChecks(data)]))
    }
    for (const { suite, checks, words } of said) {
      const where = made.filter((data) => suite === undefined || data.suite === suite)
      for (const check of checks) expect(where.flatMap(ownChecks), words).toContain(check)
    }
    expect([...new Set(said.map(({ code }) => code))]).toEqual(codesIn(codes))
  })

  it('has words for every check that there is', () => {
    const common: readonly CheckId[] = ['frame', 'decryption', 'members', 'freshness']
    const known = new Set([...common, ...WORDS.flatMap(({ checks }) => checks)])
    expect([...known].sort()).toEqual(Object.keys(CHECKS).sort())
  })
})

function introduction(): string {
  return section(undefined)
    .map((block) =>
      block.kind === 'paragraph'
        ? block.line
            .map((part) =>
              'text' in part
                ? part.text
                : part.inside.map((inner) => ('text' in inner ? inner.text : '')).join(''),
            )
            .join('')
        : '',
    )
    .join('\n')
}
