/** No reading grows faster than what it reads: sixteen times as much takes sixteen times as long, give or take a factor of three. */
import { describe, expect, it } from 'vitest'
import { concat, toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { describeValue } from '#shared/crypto/asn1/values'
import { readStructure } from '#shared/crypto/asn1/structure'
import { writeElement } from '#shared/crypto/encodings/der'
import { encodePem } from '#shared/crypto/encodings/pem'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { certificatesPkcs7 } from '#shared/crypto/pki/pkcs7'
import { readRequest } from '#shared/crypto/pki/request'
import { webCrypto } from '#shared/crypto/provider'
import { LabError } from '#shared/errors'
import type { Artifact, CertificateArtifact } from '#shared/inspect/artifact'
import { compareCertificates } from '#shared/inspect/compare'
import { privateKeyFacts } from '#shared/inspect/key-facts'
import { openFile } from '#shared/inspect/open'
import { summarise } from '#shared/inspect/summary'
import {
  arrangeCertificates,
  chainAbove,
  publicHalves,
  relatedTo,
} from '../../../../renderer/common/inspect/worker/related'
import { forgetRead } from '../../../../renderer/common/inspect/worker/read-once'
import { pack } from '../../../../renderer/common/inspect/structure/packed'
import { keyPair } from '../../../support/credentials'
import { bits, context, extension, integer, octets, oid, sequence, set, utf8 } from '../../../support/der'

const { publicKey } = await keyPair('other')
const NULL = writeElement(0x05)
const SIGNS = sequence(oid('1.2.840.113549.1.1.11'), NULL)
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const name = (...texts: readonly string[]): Bytes =>
  sequence(...texts.map((text) => set(sequence(oid('2.5.4.3'), utf8(text)))))
const time = (text: string): Bytes => writeElement(0x17, toUtf8(text))
const VALIDITY = sequence(time('260101000000Z'), time('360101000000Z'))

interface Parts {
  readonly serial?: number
  readonly subject?: Bytes
  readonly issuer?: Bytes
  readonly extensions?: readonly Bytes[]
}

/** A certificate that is well formed; nobody has signed it. */
function certificate({ serial = 1, subject = name('S'), issuer = name('I'), extensions = [] }: Parts): Bytes {
  const number = serial.toString(16).padStart(8, '0')
  return sequence(
    sequence(
      context(0, true, integer('02')),
      integer(`10${number}`),
      SIGNS,
      issuer,
      VALIDITY,
      subject,
      publicKey.spki,
      ...(extensions.length > 0 ? [context(3, true, sequence(...extensions))] : []),
    ),
    SIGNS,
    bits(new Uint8Array(256).fill(1)),
  )
}

const pem = (der: Bytes): string => encodePem('CERTIFICATE', der)
const ip = (index: number): Bytes =>
  context(7, false, Uint8Array.of(10, index >> 16, (index >> 8) & 255, index & 255))
const dns = (index: number): Bytes => context(2, false, toUtf8(`h${index}.example`))
const jwk = (index: number): object => ({ kty: 'OKP', crv: 'Ed25519', kid: `k${index}`, x: 'A'.repeat(43) })
const sshKey = (index: number): string => {
  const text = (value: Uint8Array): Bytes => concat(Uint8Array.of(0, 0, 0, value.length), value)
  const key = concat(text(toUtf8('ssh-ed25519')), text(new Uint8Array(32).fill(index & 255)))
  return `ssh-ed25519 ${toBase64(key)} k${index}\n`
}
/** A line whose end is on the other side of a character that ends no line for a split. */
const spaces = (count: number): string => `${sshKey(1).trimEnd()}${' '.repeat(count)}\u2028\n`

/** Certificates by their number, as links of a chain, the first one judged. */
const chain = (count: number): readonly Bytes[] =>
  numbers(count).map((at) => certificate({ serial: at, subject: name(`L${at}`), issuer: name(`L${at + 1}`) }))
/** Two authorities that have issued each other, each with many certificates: every one fits half of all. */
const crossed = (count: number): readonly Bytes[] =>
  numbers(count).map((at) =>
    certificate({ serial: at, subject: name(`A${at % 2}`), issuer: name(`A${(at + 1) % 2}`) }),
  )

const artifactsOf = (ders: readonly Bytes[]): readonly CertificateArtifact[] =>
  ders.map((der, at) => ({ kind: 'certificate', id: `c${at}`, title: '', source: '', der }))

/** By what a file has many of: the file, with so many. */
const CERTIFICATES: Readonly<Record<string, (count: number) => Bytes>> = {
  extensions: (count) =>
    certificate({ extensions: numbers(count).map((at) => extension(`1.3.6.1.4.1.${at + 1}`, octets())) }),
  'extensions of one kind': (count) =>
    certificate({ extensions: numbers(count).map(() => extension('1.3.6.1.4.1.1', octets())) }),
  'unreadable extensions': (count) =>
    certificate({ extensions: numbers(count).map(() => extension('2.5.29.15', octets())) }),
  'alternative names': (count) =>
    certificate({ extensions: [extension('2.5.29.17', sequence(...numbers(count).map(dns)))] }),
  addresses: (count) =>
    certificate({ extensions: [extension('2.5.29.17', sequence(...numbers(count).map(ip)))] }),
  policies: (count) =>
    certificate({
      extensions: [
        extension(
          '2.5.29.32',
          sequence(...numbers(count).map((at) => sequence(oid(`1.3.6.1.4.1.${at + 1}`)))),
        ),
      ],
    }),
  purposes: (count) =>
    certificate({
      extensions: [
        extension('2.5.29.37', sequence(...numbers(count).map((at) => oid(`1.3.6.1.4.1.${at + 1}`)))),
      ],
    }),
  'name constraints': (count) =>
    certificate({
      extensions: [
        extension('2.5.29.30', sequence(context(0, true, ...numbers(count).map((at) => sequence(dns(at)))))),
      ],
    }),
  'relative names': (count) =>
    certificate({
      subject: name(...numbers(count).map(String)),
      issuer: name(...numbers(count).map(String)),
    }),
  'attributes of one relative name': (count) => {
    const attributes = numbers(count).map((at) => sequence(oid('2.5.4.3'), utf8(String(at).padStart(9, '0'))))
    return certificate({ subject: sequence(set(...attributes)) })
  },
  'bytes of a serial number': (count) =>
    certificate({
      subject: name('S'),
      extensions: [extension('1.2.3', writeElement(0x02, new Uint8Array(count * 50).fill(1)))],
    }),
}

const FILES: Readonly<Record<string, (count: number) => Bytes>> = {
  ...CERTIFICATES,
  'PEM blocks': (count) =>
    toUtf8(
      numbers(count / 16)
        .map((at) => pem(certificate({ serial: at })))
        .join(''),
    ),
  'PEM blocks that can’t be read': (count) =>
    toUtf8(
      numbers(count / 16)
        .map((at) => encodePem('CERTIFICATE', octets(toUtf8(`${at}`))))
        .join(''),
    ),
  'lines around PEM': (count) => toUtf8('a line\n'.repeat(count * 10) + pem(certificate({}))),
  'equals signs in PEM': (count) =>
    toUtf8(`-----BEGIN CERTIFICATE-----\n${'='.repeat(count * 20)}\n-----END CERTIFICATE-----\n`),
  'headers in PEM': (count) =>
    toUtf8(
      `-----BEGIN CERTIFICATE-----\n${'A: b\n c\n'.repeat(count * 5)}\nAAAA\n-----END CERTIFICATE-----\n`,
    ),
  'elements behind one another': (count) =>
    concat(...numbers(count / 16).map((at) => certificate({ serial: at }))),
  'elements without an end': (count) =>
    concat(
      ...numbers(count / 16).map((at) => {
        const der = certificate({ serial: at })
        return concat(Uint8Array.of(0x30, 0x80), der.subarray(4), Uint8Array.of(0, 0))
      }),
    ),
  'certificates in PKCS#7': (count) =>
    certificatesPkcs7(numbers(count / 16).map((at) => certificate({ serial: at }))),
  'bags in PKCS#12': (count) => {
    const data = (content: Bytes): Bytes =>
      sequence(oid('1.2.840.113549.1.7.1'), context(0, true, octets(content)))
    const bags = numbers(count / 16).map((at) => {
      const held = sequence(
        oid('1.2.840.113549.1.9.22.1'),
        context(0, true, octets(certificate({ serial: at }))),
      )
      return sequence(oid('1.2.840.113549.1.12.10.1.3'), context(0, true, held))
    })
    return sequence(integer('03'), data(sequence(data(sequence(...bags)))))
  },
  'keys in a set': (count) => toUtf8(JSON.stringify({ keys: numbers(count / 16).map(jwk) })),
  'keys that are not known in a set': (count) =>
    toUtf8(JSON.stringify({ keys: numbers(count / 16).map((at) => ({ kty: `k${at}` })) })),
  'members in JSON': (count) =>
    toUtf8(JSON.stringify({ ...jwk(1), ...Object.fromEntries(numbers(count).map((at) => [`m${at}`, at])) })),
  'OpenSSH keys': (count) =>
    toUtf8(
      numbers(count / 16)
        .map(sshKey)
        .join(''),
    ),
  'spaces after an OpenSSH key': (count) => toUtf8(spaces(count * 4)),
  'attributes in a request': (count) => {
    const attributes = numbers(count).map((at) => sequence(oid(`1.3.6.1.4.1.${at + 1}`), set(NULL)))
    const info = sequence(integer('00'), name('S'), publicKey.spki, context(0, true, ...attributes))
    return sequence(info, SIGNS, bits(new Uint8Array(256)))
  },
  'entries of a revocation list': (count) => {
    const entries = numbers(count).map((at) =>
      sequence(integer(`10${at.toString(16).padStart(8, '0')}`), time('260101000000Z')),
    )
    const list = sequence(
      integer('01'),
      SIGNS,
      name('I'),
      time('260101000000Z'),
      time('270101000000Z'),
      sequence(...entries),
    )
    return sequence(list, SIGNS, bits(new Uint8Array(256)))
  },
  'elements of no known type': (count) => sequence(...numbers(count).map(() => sequence(NULL))),
  'strings inside strings': (count) =>
    sequence(...numbers(count).map(() => octets(sequence(octets(sequence(NULL)))))),
}

let read = 0

/** Files that have nothing in them that can be read: it takes no longer to say so. */
const REFUSED: ReadonlySet<string> = new Set([
  'PEM blocks that can’t be read',
  'equals signs in PEM',
  'headers in PEM',
  'keys that are not known in a set',
])

const SMALL = 500
const FACTORS = [1, 16] as const
/** Quadratic would be 256. */
const MOST = 48
/** What is shorter is not measured but by chance, in milliseconds. */
const LEAST_MS = 4
/** The shortest of so many counts. What seems to grow too fast is measured again so often: another program may have been at work. */
const [RUNS, TRIALS] = [2, 3] as const

async function timeOf(act: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run++) {
    forgetRead()
    const before = performance.now()
    await act()
    least = Math.min(least, performance.now() - before)
    if (least > 2_000) break
  }
  return least
}

async function expectLinear<T>(
  make: (count: number) => T,
  act: (made: T) => unknown,
  small = SMALL,
): Promise<void> {
  const [short, long] = FACTORS.map((factor) => make(small * factor)) as [T, T]
  let ratio = Number.POSITIVE_INFINITY
  for (let trial = 0; trial < TRIALS && ratio >= MOST; trial++) {
    await timeOf(() => act(short))
    const one = Math.max(LEAST_MS, await timeOf(() => act(short)))
    ratio = (await timeOf(() => act(long))) / one
  }
  expect(ratio).toBeLessThan(MOST)
}

const guarded = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw error
    return undefined
  }
}
const contextOf = (ders: readonly Bytes[] = []) => ({
  now: Date.UTC(2027, 0),
  trustAnchors: [],
  intermediates: ders,
  host: 'h1.example',
})

describe('a file with many', { timeout: 120_000 }, () => {
  for (const [what, make] of Object.entries(FILES)) {
    it(`${what} is opened and summarised`, () =>
      expectLinear(make, async (bytes) => {
        if (REFUSED.has(what)) return expect(openFile(bytes, 'file')).rejects.toThrow(LabError)
        const { artifacts } = await openFile(bytes, 'file')
        const [first] = artifacts as readonly [Artifact]
        await summarise(first, contextOf())
        guarded(() => relatedTo(first, []))
      }))

    it(`${what} is shown by its structure`, () =>
      expectLinear(make, (bytes) =>
        guarded(() => {
          if (bytes[0] !== 0x30) return
          const structure = readStructure(bytes)
          pack(1, structure, (node) => describeValue(structure, node).text)
        }),
      ))
  }
})

describe('a certificate with many', { timeout: 120_000 }, () => {
  for (const [what, make] of Object.entries(CERTIFICATES)) {
    it(`${what} is read as a peer’s`, () =>
      expectLinear(
        (count) => pem(make(count)),
        // What was read lately is remembered: another text each time.
        (text) => guarded(() => parseCertificate(text + '\n'.repeat(++read))),
      ))

    it(`${what} is compared with itself and with another`, () =>
      expectLinear(
        (count) => [make(count), make(count + 1)] as const,
        async ([left, right]) => {
          await compareCertificates(left, right)
        },
      ))
  }

  it('attributes is refused as a request of a peer’s', () =>
    expectLinear(
      (count) => encodePem('CERTIFICATE REQUEST', FILES['attributes in a request']!(count)),
      (text) => expect(readRequest(text, webCrypto)).rejects.toThrow('more than 1,000 elements'),
    ))
})

describe('many certificates', { timeout: 240_000 }, () => {
  for (const [what, make] of Object.entries({
    chain,
    crossed,
    unrelated: (count: number) =>
      numbers(count).map((serial) => certificate({ serial, subject: name(`U${serial}`) })),
    'of one name': (count: number) =>
      numbers(count).map((serial) => certificate({ serial, subject: name('U') })),
  })) {
    const small = 60
    it(`(${what}) are arranged as a tree`, () =>
      expectLinear(make, (ders) => arrangeCertificates(ders), small))
    it(`(${what}) lead from one to those above it`, () =>
      expectLinear(
        (count) => artifactsOf(make(count)),
        (artifacts) => chainAbove(artifacts[0]!, artifacts),
        small,
      ))
    it(`(${what}) have their keys found`, () =>
      expectLinear((count) => artifactsOf(make(count)), publicHalves, small))
    it(`(${what}) are searched for a path`, () =>
      expectLinear(
        (count) => artifactsOf(make(count)),
        (artifacts) => summarise(artifacts[0]!, contextOf(artifacts.map(({ der }) => der))),
        4 * small,
      ))
  }
})

it('more elements than a call can have arguments go over to the window', () => {
  const structure = readStructure(
    sequence(...numbers(2_000).map(() => sequence(...numbers(100).map(() => NULL)))),
  )
  const packed = pack(1, structure, () => 'x')
  expect(structure.nodes).toHaveLength(202_001)
  expect(packed.texts).toHaveLength(202_001)
})

describe('a private RSA key whose numbers are long', () => {
  const long = (bytes: number): Bytes => writeElement(0x02, new Uint8Array(bytes).fill(0x41))
  const [zero, e] = [integer('00'), integer('010001')]
  const keyOf = (...numbers: readonly Bytes[]): Bytes =>
    sequence(zero, sequence(oid('1.2.840.113549.1.1.1'), NULL), octets(sequence(...numbers)))
  const five = ['product', 'exponents', 'dp', 'dq', 'qi']

  it.each([
    [
      'of two primes',
      [zero, long(16_000), e, ...[15_900, 8_000, 7_999, 7_000, 7_000, 7_000].map(long)],
      five,
    ],
    [
      'of many primes',
      [
        integer('01'),
        ...[long(16_000), e, ...[15_900, 8_000, 7_999, 7_000, 7_000, 7_000].map(long)],
        sequence(...numbers(3_000).map(() => sequence(long(3), long(2), long(2)))),
      ],
      [],
    ],
  ] as const)('%s is not computed with', async (_what, numbers, notMade) => {
    const started = performance.now()
    const { checks } = await privateKeyFacts(keyOf(...numbers))
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(checks.filter(({ result }) => result === 'not_made').map(({ id }) => id)).toEqual(notMade)
    if (notMade.length === 0)
      expect(checks[0]).toMatchObject({ result: 'failed', reason: expect.stringContaining('not computed') })
  })
})
