/** The sheets against real frames: what each says of a message is what crosses the wire, in recordings and in a fresh run. */
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, fromBase64, fromUtf8, toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { webCrypto } from '#shared/crypto/provider'
import { verifyCertS } from '#shared/crypto/pki/cert-s'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { CHECKS } from '#shared/hl1/check-table'
import { HEADER_BYTES } from '#shared/hl1/frame'
import { KEY_SYMBOLS, KEYS } from '#shared/hl1/keys'
import { K_6, K_C2S, K_HS, K_S2C } from '#shared/hl1/modern/derivations'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Record } from '#shared/hl1/types'
import type { Derivation } from '#shared/record/derivation'
import { derivationText, formulaOf } from '#shared/record/formula'
import { layoutOf } from '#shared/record/layout'
import { carriedKey, isSecret, pemLabel } from '#shared/record/member'
import { partsOf, placesOf, type Term } from '#shared/record/term'
import { fakeEnvironment } from '../../support/environment'
import { judge, runHonestly } from '../../support/handshake'
import { recordedSession } from '../../support/recorded-session'
import { hex, readVector } from '../../support/vectors'

/** What a receiver recorded of a message: of the recorded session or of a run that was just made. */
interface Real {
  readonly suite: SuiteName
  readonly step: StepNumber
  readonly from: 'recording' | 'fresh run'
  record: () => Hl1Record
}

const records = new Map<string, Hl1Record>()
const name = (suite: SuiteName, from: Real['from'], step: StepNumber): string => `${suite} ${from} ${step}`
const real: readonly Real[] = SUITE_NAMES.flatMap((suite) =>
  (['recording', 'fresh run'] as const).flatMap((from) =>
    STEP_NUMBERS.map((step) => ({ suite, step, from, record: () => records.get(name(suite, from, step))! })),
  ),
)

beforeAll(async () => {
  for (const suite of SUITE_NAMES) {
    for (const moment of recordedSession(suite)) {
      const { record, code } = await judge(moment, moment.frame)
      expect(code).toBe('accepted')
      records.set(name(suite, 'recording', moment.step), record)
    }
    const { moments } = await runHonestly(fakeEnvironment(), { suite })
    for (const step of STEP_NUMBERS) {
      const { record } = await judge(moments[step], moments[step].frame)
      records.set(name(suite, 'fresh run', step), record)
      expect(moments[step].record.ranges).toEqual(record.ranges)
    }
  }
}, 60_000)

/** The text that the place of a member holds in the plaintext. */
function textsOf({ plaintext }: Hl1Record, member: string): readonly string[] {
  return plaintext!.ranges
    .filter((range) => range.member === member)
    .map(({ start, end }) => fromUtf8(plaintext!.bytes.subarray(start, end)))
}

describe.each(real)('step $step of suite $suite, $from', ({ suite, step, record }) => {
  const sheet = SUITES[suite].sheets[step]

  it('has the members of its sheet, each in the object where the term has it', () => {
    expect(record().members.map(({ name }) => name)).toEqual(sheet.members.map(({ name }) => name))
    expect(placesOf(sheet.term).map(({ member }) => member)).toEqual(sheet.members)
    const inside = new Set(sheet.objects.flat().map(({ name }) => name))
    for (const { name, value } of record().members) {
      const json = value instanceof Uint8Array ? toBase64(value) : value
      const expected = inside.has(name) ? [`"${name}":${JSON.stringify(json)}`] : []
      expect(textsOf(record(), name).map((text) => text.replace(/:\s+/, ':'))).toEqual(expected)
    }
  })

  it('has values that are what the sheet says they are', () => {
    for (const spec of sheet.members) {
      const member = record().members.find(({ name }) => name === spec.name)!
      expect(member.secret).toBe(isSecret(spec))
      expect(member.carries).toBe(carriedKey(spec))
      if (spec.length !== undefined) expect((member.value as Bytes).length).toBe(spec.length)
      const label = pemLabel(spec)
      expect(spec.kind === 'pem').toBe(label !== undefined)
      if (label !== undefined) expect(member.value).toContain(`-----BEGIN ${label}-----`)
      if (spec.nature.is === 'timestamp') expect(spec.kind).toBe('timestamp')
    }
  })

  it('has the layers of the term, outermost first, and every check of the sheet in its order', () => {
    expect(record().layers.map(({ key, opensWith, algorithm }) => ({ key, opensWith, algorithm }))).toEqual(
      sheet.layers.map(({ key, opensWith, algorithm }) => ({ key, opensWith, algorithm })),
    )
    for (const { key, opensWith } of sheet.layers) {
      expect(KEYS[key].kind === 'symmetric key').toBe(key === opensWith)
      if (key !== opensWith) expect(KEYS[opensWith].kind).toBe('private key')
    }
    const made = new Set<string>(record().checks.map(({ id }) => id))
    for (const id of sheet.checks) {
      expect(CHECKS).toHaveProperty(id)
      expect(made).toContain(id)
    }
  })

  it('has every byte of its body in one field of the sheet, of the size that it says', () => {
    const body = record().frame.slice(HEADER_BYTES)
    const { ranges } = layoutOf(sheet.term, body)
    const inner = ranges.filter(({ name }) => name !== 'last block')
    let at = 0
    for (const { start, end } of inner.toSorted((a, b) => a.start - b.start)) {
      expect(start).toBe(at)
      at = end
    }
    expect(at).toBe(body.length)
    const shifted = ranges.map((range) => ({
      ...range,
      start: range.start + HEADER_BYTES,
      end: range.end + HEADER_BYTES,
    }))
    expect(record().ranges).toEqual(expect.arrayContaining(shifted))
    for (const part of partsOf(sheet.term)) {
      if (part.is === 'raw') {
        const range = ranges.find(({ member }) => member === part.member.name)!
        expect(range.end - range.start).toBe(part.field.size)
      }
    }
  })

  it('has a member under a key where its bytes in the frame are', () => {
    const { ranges } = record()
    for (const { member, under } of placesOf(sheet.term)) {
      const place = ranges.find((range) => range.member === member.name)!
      const around = ranges.filter(
        (range) => range.key !== undefined && range.start <= place.start && range.end >= place.end,
      )
      // A layer inside another has no bytes of its own to be seen.
      expect(around.length > 0 ? [around[0]!.key] : []).toEqual(under.slice(0, 1).map(({ key }) => key))
    }
  })

  it('has a formula that names all that, and nothing else', () => {
    expect(sheet.formula).toBe(formulaOf(sheet.term))
    const symbols = sheet.formula.match(/\w+/g)!.filter((word) => !['RSA', 'DES', 'AES'].includes(word))
    expect(symbols.toSorted()).toEqual(
      [...sheet.layers.map(({ key }) => key), ...sheet.members.map(({ symbol }) => symbol)].toSorted(),
    )
  })
})

it('writes the formulas as they always stood', () => {
  const formulas = (suite: SuiteName): readonly string[] =>
    STEP_NUMBERS.map((step) => SUITES[suite].sheets[step].formula)
  expect(formulas('classic')).toEqual([
    'RSA(PK_CA: K_tmp1 ‖ ID_S ‖ TS1)',
    'DES(K_tmp1: PK_S ‖ SK_S ‖ Cert_S ‖ X509_S ‖ ID_S ‖ TS2)',
    'DES(K_boot: ID_C ‖ ID_S ‖ TS3)',
    'DES(K_boot: PK_S ‖ Cert_S ‖ X509_S ‖ TS4)',
    'RSA(PK_S: K_tmp2 ‖ ID_C ‖ IP_C ‖ Port_C ‖ TS5)',
    'DES(K_tmp2: K_sess ‖ Lifetime_sess ‖ ID_C ‖ TS6)',
    'DES(K_sess: Req ‖ TS7)',
    'DES(K_sess: Data ‖ TS8)',
  ])
  expect(formulas('modern')).toEqual([
    'RSA(PK_CA: K_tmp1 ‖ ID_S ‖ TS1) ‖ AES(K_tmp1: CSR_S ‖ Nonce_S)',
    'AES(K_tmp1: X509_S ‖ ID_S ‖ Nonce_S ‖ TS2)',
    'ID_S ‖ TS3 ‖ Nonce_C ‖ Share_C',
    'Share_S ‖ AES(K_hs: X509_S ‖ TS4 ‖ Nonce_S ‖ Proof)',
    'AES(K_hs: RSA(PK_S: K_tmp2 ‖ ID_C ‖ IP_C ‖ Port_C ‖ TS5))',
    'AES(K_6: K_sess ‖ Lifetime_sess ‖ ID_C ‖ TS6)',
    'Seq ‖ AES(K_c2s: Req ‖ TS7)',
    'Seq ‖ AES(K_s2c: Data ‖ TS8)',
  ])
})

describe('the derivations of suite modern', () => {
  const vector = readVector('modern')
  const shared = hex(vector.hkdf.find(({ info }) => info === 'HL/1 handshake')!.ikm)

  /** The values that derivations speak of, as the recording has them. */
  function valueOf(derivation: Derivation): Bytes {
    switch (derivation.is) {
      case 'symbol': {
        if (derivation.symbol === 'Z') return shared
        const found = STEP_NUMBERS.flatMap((step) => records.get(name('modern', 'recording', step))!.members)
        return found.find(({ symbol }) => symbol === derivation.symbol)!.value as Bytes
      }
      case 'text':
        return toUtf8(derivation.text)
      case 'transcript':
        return hex(vector.frames.find(({ step }) => step === derivation.step)!.hash_before)
      case 'concatenation':
        return concat(...derivation.parts.map(valueOf))
      default:
        throw new Error(`A value that is worked out: ${derivation.is}`)
    }
  }

  it.each([
    ['K_hs', K_HS],
    ['K_6', K_6],
    ['K_c2s', K_C2S],
    ['K_s2c', K_S2C],
  ] as const)('give %s as the other implementation has it', async (_symbol, { input, salt, label }) => {
    const key = await webCrypto.deriveKey(valueOf(input), valueOf(salt), toUtf8(label))
    expect(key).toEqual(hex(vector.hkdf.find(({ info }) => info === label)!.out))
  })

  it('give the text that the proof signs', async () => {
    const { members } = records.get(name('modern', 'recording', 4))!
    const proof = SUITES.modern.sheets[4].derivations['Proof']!
    if (proof.is !== 'signature') throw new Error('The proof is a signature.')
    // The transcript is that before step 4; the nonce and the share are those of step 4.
    const own = (part: Derivation): Bytes =>
      part.is === 'symbol'
        ? (members.find(({ symbol }) => symbol === part.symbol)!.value as Bytes)
        : valueOf(part)
    if (proof.over.is !== 'concatenation') throw new Error('It is over several parts.')
    const signed = concat(...proof.over.parts.map(own))
    const { publicKey } = parseCertificate(String(members.find(({ name }) => name === 'x509_s')!.value))
    const signature = members.find(({ name }) => name === 'proof')!.value as Bytes
    expect(await webCrypto.verifyPss(publicKey, signature, signed)).toBe(true)
  })

  it('are written as formulas', () => {
    const texts = STEP_NUMBERS.flatMap((step) =>
      Object.entries(SUITES.modern.sheets[step].derivations).map(
        ([symbol, derivation]) => `${symbol} = ${derivationText(derivation)}`,
      ),
    )
    expect(texts).toEqual([
      'Z = ECDH(Share_C, Share_S)',
      'K_hs = HKDF(Z, th4, "HL/1 handshake")',
      'Proof = RSA-PSS(SK_S: "HL/1 server proof" ‖ "\\u0000" ‖ th4 ‖ Share_S ‖ Nonce_S)',
      'K_6 = HKDF(K_tmp2 ‖ Z, th6, "HL/1 temporary")',
      'K_c2s = HKDF(K_sess ‖ Z, th7, "HL/1 client to server")',
      'K_s2c = HKDF(K_sess ‖ Z, th7, "HL/1 server to client")',
    ])
  })

  it('make every key that no message carries and nobody has from elsewhere', () => {
    const carried = new Set(
      STEP_NUMBERS.flatMap((step) =>
        SUITES.modern.sheets[step].members.flatMap((spec) => carriedKey(spec) ?? []),
      ),
    )
    const derived = STEP_NUMBERS.flatMap((step) => Object.keys(SUITES.modern.sheets[step].derivations))
    const used = STEP_NUMBERS.flatMap((step) => SUITES.modern.sheets[step].layers.map(({ key }) => key))
    for (const key of used.filter((symbol) => KEYS[symbol].kind === 'symmetric key'))
      expect(carried.has(key) || derived.includes(key), key).toBe(true)
  })
})

it('derives Cert_S as the recording has it signed', async () => {
  const { members } = records.get(name('classic', 'recording', 2))!
  const vector = readVector('classic')
  const cert = SUITES.classic.sheets[2].derivations['Cert_S']!
  expect(derivationText(cert)).toBe('RSA-PKCS1(SK_CA: ID_S ‖ "\\n" ‖ ID_CA ‖ "\\n" ‖ PK_S)')
  const text = (symbol: string): string => String(members.find((member) => member.symbol === symbol)!.value)
  const authority = parseCertificate(vector.ca_certificate).publicKey
  const signature = fromBase64(toBase64(members.find(({ name }) => name === 'cert_s')!.value as Bytes))!
  const parts = { idS: text('ID_S'), idCa: vector.id_ca, pkS: text('PK_S') }
  expect(await verifyCertS(authority, parts, signature, webCrypto)).toBe(true)
})

describe('the sheets of both suites', () => {
  it('speak only of keys that there are, and use each of them', () => {
    const keysIn = (term: Term): readonly string[] =>
      placesOf(term).flatMap(({ under }) => under.flatMap(({ key, opensWith }) => [key, opensWith]))
    const used = SUITE_NAMES.flatMap((suite) =>
      STEP_NUMBERS.flatMap((step) => keysIn(SUITES[suite].sheets[step].term)),
    )
    expect(new Set(used)).toEqual(new Set(KEY_SYMBOLS))
  })

  it('bind a step to the transcript before it, where the suite has one', () => {
    for (const step of STEP_NUMBERS) {
      for (const part of partsOf(SUITES.modern.sheets[step].term)) {
        if (part.is !== 'seal') continue
        expect(part.transcript).toBe(STEPS[step].phase === 'session' ? 7 : step)
        expect(part.nonce).toBe(STEPS[step].phase === 'session' ? 'seq' : undefined)
      }
    }
  })
})
