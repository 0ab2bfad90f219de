/** Faults of keys: of the server's own, and of the authority's that signs it. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { concat, fromHex, type Bytes } from '#shared/bytes'
import { childAt, contentBytes, readElement, writeElement } from '#shared/crypto/encodings/der'
import { bits, hex, integer, oid, octets, sequence } from '../der'
import { element, NULL, rsaPair, SHA256_WITH_RSA, signerOf, type ChainPlan } from './chain'
import type { Fault } from './fault'

const RSA = '1.2.840.113549.1.1.1'
const PSS = '1.2.840.113549.1.1.10'
const EC = '1.2.840.10045.2.1'
const P256 = '1.2.840.10045.3.1.7'
const spkiOf = (key: KeyObject): Bytes => new Uint8Array(key.export({ type: 'spki', format: 'der' }))
const spki = (algorithm: Bytes, key: Bytes, unused = 0): Bytes =>
  sequence(algorithm, writeElement(0x03, Uint8Array.of(unused), key))
const keyBytes = (der: Bytes): Bytes => contentBytes(der, childAt(der, readElement(der), 1)).slice(1)
const ofCurve = (curve: string): Bytes => sequence(oid(EC), oid(curve))
const made = (curve: string): Bytes => spkiOf(generateKeyPairSync('ec', { namedCurve: curve }).publicKey)
const number = (value: bigint): Bytes => {
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return integer(/^[89a-f]/.test(even) ? `00${even}` : even)
}

/** Keys on curves: with their points bent. */
function ecKeys(): Readonly<Record<string, Bytes>> {
  const good = made('prime256v1')
  const point = keyBytes(good)
  const off = point.slice()
  off[64]! ^= 1
  const [x, y] = [point.slice(1, 33), point.slice(33)]
  const parity = y[31]! & 1
  const p256 = ofCurve(P256)
  const form = (byte: number, ...parts: readonly Bytes[]): Bytes =>
    spki(p256, concat(Uint8Array.of(byte), ...parts))
  const all: Record<string, Bytes> = {
    'P-256': good,
    'P-256, off its curve': spki(p256, off),
    'P-256, the origin': form(4, new Uint8Array(64)),
    'P-256, infinity': spki(p256, hex('00')),
    'P-256, compressed': form(2 + parity, x),
    'P-256, compressed, the other half': form(3 - parity, x),
    'P-256, compressed, no such x': form(2, noSuchX()),
    'P-256, compressed, too long': form(2, x, hex('00')),
    'P-256, hybrid': form(6 + parity, x, y),
    'P-256, hybrid of the wrong half': form(7 - parity, x, y),
    'P-256, an unknown form': form(5, x, y),
    'P-256, cut short': form(4, x, y.slice(1)),
    'P-256, too long': form(4, x, y, hex('00')),
    'P-256, empty': spki(p256, hex('')),
    'P-256, the form alone': form(4),
    'P-256, x too large': form(4, hex('ff'.repeat(32)), y),
    'P-256, in an OCTET STRING': spki(p256, octets(point)),
    'P-256, unused bits': spki(p256, point, 1),
    'P-256, eight unused bits': spki(p256, point, 8),
    'P-256’s point on P-384': spki(ofCurve('1.3.132.0.34'), point),
    'P-256’s point on secp256k1': spki(ofCurve('1.3.132.0.10'), point),
    'without a curve': spki(sequence(oid(EC)), point),
    'on a NULL curve': spki(sequence(oid(EC), NULL), point),
    'on an unknown curve': spki(ofCurve('1.2.3.4'), point),
    'on a curve and something more': spki(sequence(oid(EC), oid(P256), NULL), point),
    'for ECDH alone': spki(sequence(oid('1.3.132.1.12'), oid(P256)), point),
    'spelt out, with nothing in it': spki(sequence(oid(EC), sequence()), point),
  }
  const curves = `secp192r1:prime192v1 secp224r1 secp224k1 secp256k1 secp384r1 secp521r1 secp112r1 secp160r1 prime239v1
    brainpoolP160r1 brainpoolP224r1 brainpoolP256r1 brainpoolP256t1 brainpoolP384r1 brainpoolP512r1 brainpoolP512t1 SM2
    sect163k1 sect233k1 sect233r1 sect239k1 sect283r1 sect409k1 sect571r1 c2pnb272w1 c2tnb431r1 wap-wsg-idm-ecid-wtls12`
  for (const curve of curves.split(/\s+/)) {
    const key = made(curve.split(':').at(-1)!)
    all[`on ${curve.split(':')[0]}`] = key
    const bent = key.slice()
    bent[bent.length - 1]! ^= 1
    if (['secp384r1', 'secp256k1', 'brainpoolP256r1', 'SM2', 'sect283r1', 'sect571r1'].includes(curve))
      all[`on ${curve}, off its curve`] = bent
  }
  const explicit = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' })
  all['P-256 spelt out'] = spkiOf(explicit.publicKey)
  return all
}

/** An x below the prime of P-256 that no point has: found by trying. */
function noSuchX(): Bytes {
  const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
  const b = BigInt('0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b')
  const power = (base: bigint, exponent: bigint): bigint => {
    let [result, factor] = [1n, base % prime]
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = (result * factor) % prime
      factor = (factor * factor) % prime
    }
    return result
  }
  for (let x = 5n; ; x++) {
    const square = (x ** 3n - 3n * x + b) % prime
    if (power(square, (prime - 1n) / 2n) !== 1n) return fromHex(x.toString(16).padStart(64, '0'))!
  }
}

function curveKeys(): Readonly<Record<string, Bytes>> {
  const all: Record<string, Bytes> = {}
  const sizes = { Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 } as const
  const dotted = { Ed25519: '1.3.101.112', Ed448: '1.3.101.113', X25519: '1.3.101.110', X448: '1.3.101.111' }
  for (const [name, size] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
    const algorithm = sequence(oid(dotted[name]))
    const kind = name.toLowerCase() as 'ed25519'
    const good = spkiOf(generateKeyPairSync(kind).publicKey)
    const key = keyBytes(good)
    all[name] = good
    all[`${name}, a byte short`] = spki(algorithm, key.slice(1))
    all[`${name}, a byte long`] = spki(algorithm, concat(key, hex('00')))
    all[`${name}, empty`] = spki(algorithm, hex(''))
    all[`${name} with a NULL`] = spki(sequence(oid(dotted[name]), NULL), key)
    all[`${name}, unused bits`] = spki(algorithm, key, 1)
    all[`${name}, zeros`] = spki(algorithm, new Uint8Array(size))
    all[`${name}, one`] = spki(algorithm, concat(hex('01'), new Uint8Array(size - 1)))
  }
  all['Ed25519, all bits'] = spki(sequence(oid(dotted.Ed25519)), hex('ff'.repeat(32)))
  all['Ed25519, off its curve'] = spki(sequence(oid(dotted.Ed25519)), hex(`02${'00'.repeat(31)}`))
  return all
}

function rsaKeys(): Readonly<Record<string, Bytes>> {
  const good = spkiOf(rsaPair(2).publicKey)
  const inner = keyBytes(good)
  const modulus = contentBytes(inner, childAt(inner, readElement(inner), 0)).slice(1)
  const n = BigInt(`0x${Buffer.from(modulus).toString('hex')}`)
  const key = (value: Bytes, exponent: Bytes): Bytes => sequence(value, exponent)
  const rsa = sequence(oid(RSA), NULL)
  const e = number(65537n)
  const withExponent = (exponent: Bytes, value = number(n)): Bytes => spki(rsa, key(value, exponent))
  const pss = (parameters: Bytes): Bytes => spki(sequence(oid(PSS), parameters), inner)
  const hash = sequence(oid('2.16.840.1.101.3.4.2.1'), NULL)
  const all: Record<string, Bytes> = {
    'RSA with exponent 1': withExponent(number(1n)),
    'RSA with exponent 2': withExponent(number(2n)),
    'RSA with exponent 3': withExponent(number(3n)),
    'RSA with exponent 0': withExponent(integer('00')),
    'RSA with a negative exponent': withExponent(integer('ff')),
    'RSA with an empty exponent': withExponent(integer('')),
    'RSA with an exponent of 40 bits': withExponent(number(2n ** 39n + 1n)),
    'RSA with an exponent of 257 bits': withExponent(number(2n ** 256n + 1n)),
    'RSA with its modulus as exponent': withExponent(number(n)),
    'RSA with a needless zero in its exponent': withExponent(integer('00010001')),
    'RSA with a negative modulus': withExponent(e, element(0x02, modulus)),
    'RSA with an even modulus': withExponent(e, number(n - 1n)),
    'RSA with modulus 0': withExponent(e, integer('00')),
    'RSA with modulus 1': withExponent(e, integer('01')),
    'RSA with a modulus that 3 divides': withExponent(e, number(n - (n % 6n) + 3n)),
    'RSA with a modulus of 512 bits': withExponent(e, number((n >> 1536n) | 1n)),
    'RSA with a modulus of 1024 bits': withExponent(e, number((n >> 1024n) | 1n)),
    'RSA with a modulus of 2047 bits': withExponent(e, number((n >> 1n) | 1n)),
    'RSA with three numbers': spki(rsa, sequence(number(n), e, integer('01'))),
    'RSA with one number': spki(rsa, sequence(number(n))),
    'RSA with something behind its key': spki(rsa, concat(inner, NULL)),
    'RSA that is no SEQUENCE': spki(rsa, number(n)),
    'RSA, empty': spki(rsa, hex('')),
    'RSA, unused bits': spki(rsa, inner, 1),
    'RSA without parameters': spki(sequence(oid(RSA)), inner),
    'RSA with odd parameters': spki(sequence(oid(RSA), integer('01')), inner),
    'RSA by its old name': spki(sequence(oid('2.5.8.1.1'), integer('0800')), inner),
    'RSA for OAEP alone': spki(sequence(oid('1.2.840.113549.1.1.7')), inner),
    'RSA by a signature’s name': spki(SHA256_WITH_RSA, inner),
    'RSASSA-PSS without restrictions': spki(sequence(oid(PSS)), inner),
    'RSASSA-PSS with a NULL': pss(NULL),
    'RSASSA-PSS with empty restrictions': pss(sequence()),
    'RSASSA-PSS with restrictions': pss(
      sequence(element(0xa0, hash), element(0xa1, sequence(oid('1.2.840.113549.1.1.8'), hash))),
    ),
    'RSASSA-PSS with an unknown hash': pss(sequence(element(0xa0, sequence(oid('1.2.3.4'))))),
    'RSASSA-PSS with another mask': pss(sequence(element(0xa1, sequence(oid('1.2.840.113549.1.1.9'), hash)))),
    'RSASSA-PSS with another trailer': pss(sequence(element(0xa3, integer('02')))),
    'RSASSA-PSS with a negative salt': pss(sequence(element(0xa2, integer('ff')))),
    'RSASSA-PSS with garbage': pss(octets(hex('00'))),
  }
  return all
}

function groupKeys(): Readonly<Record<string, Bytes>> {
  const good = spkiOf(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).publicKey)
  const small = spkiOf(generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).publicKey)
  const algorithm = childAt(good, readElement(good), 0)
  const parameters = childAt(good, algorithm, 1)
  const [p, q, g] = [0, 1, 2].map((index) => contentBytes(good, childAt(good, parameters, index)))
  const y = keyBytes(good)
  const id = oid('1.2.840.10040.4.1')
  const at = (bytes: Bytes): Bytes => element(0x02, bytes)
  const key = (value: Bytes, ...numbers: readonly Bytes[]): Bytes =>
    spki(sequence(id, sequence(...numbers)), value)
  const dh = dhKey('modp14')
  const smallDh = dhKey('modp2')
  return {
    DSA: good,
    'DSA of 1024 bits': small,
    'DSA without parameters': spki(sequence(id), y),
    'DSA with a NULL': spki(sequence(id, NULL), y),
    'DSA with key 0': key(integer('00'), at(p!), at(q!), at(g!)),
    'DSA with key 1': key(integer('01'), at(p!), at(q!), at(g!)),
    'DSA with key p': key(at(p!), at(p!), at(q!), at(g!)),
    'DSA with a key outside of its group': key(integer('02'), at(p!), at(q!), at(g!)),
    'DSA with generator 1': key(y, at(p!), at(q!), integer('01')),
    'DSA with an even prime': key(
      y,
      number(BigInt(`0x${Buffer.from(p!).toString('hex')}`) - 1n),
      at(q!),
      at(g!),
    ),
    'DSA with a short q': key(y, at(p!), integer('7f'.repeat(20)), at(g!)),
    'DSA with two parameters': key(y, at(p!), at(q!)),
    'DSA with a negative key': key(integer('ff'), at(p!), at(q!), at(g!)),
    'Diffie-Hellman': spkiOf(dh),
    'Diffie-Hellman of 1024 bits': spkiOf(smallDh),
  }
}

/** Node's types leave the kind out. */
export function dhKey(group: string): KeyObject {
  const generate = generateKeyPairSync as unknown as (
    kind: 'dh',
    options: { group: string },
  ) => { publicKey: KeyObject }
  return generate('dh', { group }).publicKey
}

/** Kinds that neither judge has. */
function unknownKeys(): Readonly<Record<string, Bytes>> {
  const of = (dotted: string, length: number): Bytes =>
    spki(sequence(oid(dotted)), new Uint8Array(length).fill(7))
  return {
    'ML-DSA-65': of('2.16.840.1.101.3.4.3.18', 1952),
    'SLH-DSA-SHA2-128s': of('2.16.840.1.101.3.4.3.20', 32),
    'ML-KEM-768': of('2.16.840.1.101.3.4.4.2', 1184),
    Falcon: of('1.3.9999.3.11', 897),
    'a composite': of('1.3.6.1.5.5.7.6.40', 1377),
    GOST: of('1.2.643.7.1.1.1.1', 66),
    'of an unknown kind': of('1.2.3.4', 32),
    'an empty key': sequence(),
    'a key without an algorithm': sequence(bits(hex('00'))),
    'a key in an OCTET STRING': sequence(sequence(oid(RSA), NULL), octets(hex('00'))),
    'a key with a third part': sequence(sequence(oid(RSA), NULL), bits(hex('00')), NULL),
  }
}

const PSS_SHA256 = sequence(
  oid(PSS),
  sequence(
    element(0xa0, sequence(oid('2.16.840.1.101.3.4.2.1'), NULL)),
    element(0xa1, sequence(oid('1.2.840.113549.1.1.8'), sequence(oid('2.16.840.1.101.3.4.2.1'), NULL))),
    element(0xa2, integer('20')),
  ),
)

/** Of the authority: it signs with them, so they are real ones. */
function authorityKeys(): readonly Fault[] {
  const ecdsa = (hash: number): Bytes => sequence(oid(`1.2.840.10045.4.3.${hash}`))
  const ec = (curve: string): { publicKey: KeyObject; privateKey: KeyObject } =>
    generateKeyPairSync('ec', { namedCurve: curve })
  const ed = sequence(oid('1.3.101.112'))
  const compressed = (plan: ChainPlan): void => {
    const pair = ec('prime256v1')
    const signer = signerOf(pair, ecdsa(2), 'sha256')
    const point = keyBytes(signer.spki)
    const short = concat(Uint8Array.of(2 + (point[64]! & 1)), point.slice(1, 33))
    plan.betweenSigner = { ...signer, spki: spki(ofCurve(P256), short) }
  }
  const authorities: Record<string, (plan: ChainPlan) => void> = {
    'P-256': (plan) => (plan.betweenSigner = signerOf(ec('prime256v1'), ecdsa(2), 'sha256')),
    'P-384': (plan) => (plan.betweenSigner = signerOf(ec('secp384r1'), ecdsa(3), 'sha384')),
    'P-521': (plan) => (plan.betweenSigner = signerOf(ec('secp521r1'), ecdsa(4), 'sha512')),
    'P-256 with SHA-512': (plan) => (plan.betweenSigner = signerOf(ec('prime256v1'), ecdsa(4), 'sha512')),
    'P-256 with SHA-224': (plan) => (plan.betweenSigner = signerOf(ec('prime256v1'), ecdsa(1), 'sha224')),
    'P-256, compressed': compressed,
    'P-256 with a NULL beside its signature': (plan) => {
      const algorithm = sequence(oid('1.2.840.10045.4.3.2'), NULL)
      plan.betweenSigner = signerOf(ec('prime256v1'), algorithm, 'sha256')
    },
    'P-256 with SHA3-256': (plan) =>
      (plan.betweenSigner = signerOf(ec('prime256v1'), sequence(oid('2.16.840.1.101.3.4.3.10')), 'sha3-256')),
    DSA: (plan) =>
      (plan.betweenSigner = signerOf(
        generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
        sequence(oid('2.16.840.1.101.3.4.3.2')),
        'sha256',
      )),
    'ML-DSA-65': (plan) => {
      const algorithm = sequence(oid('2.16.840.1.101.3.4.3.18'))
      const key = spki(algorithm, new Uint8Array(1952).fill(7))
      plan.betweenSigner = { spki: key, algorithm, sign: () => new Uint8Array(3309).fill(5) }
    },
    secp256k1: (plan) => (plan.betweenSigner = signerOf(ec('secp256k1'), ecdsa(2), 'sha256')),
    Ed25519: (plan) => (plan.betweenSigner = signerOf(generateKeyPairSync('ed25519'), ed, undefined)),
    'Ed25519 with a NULL beside its signature': (plan) =>
      (plan.betweenSigner = signerOf(
        generateKeyPairSync('ed25519'),
        sequence(oid('1.3.101.112'), NULL),
        undefined,
      )),
    Ed448: (plan) =>
      (plan.betweenSigner = signerOf(generateKeyPairSync('ed448'), sequence(oid('1.3.101.113')), undefined)),
    'RSA with SHA-224': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), sequence(oid('1.2.840.113549.1.1.14'), NULL), 'sha224')),
    'RSA with SHA3-256': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), sequence(oid('2.16.840.1.101.3.4.3.14'), NULL), 'sha3-256')),
    'RSA with SHA-512/256': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), sequence(oid('1.2.840.113549.1.1.16'), NULL), 'sha512-256')),
    'RSA with SHA-1': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), sequence(oid('1.2.840.113549.1.1.5'), NULL), 'sha1')),
    'RSASSA-PSS': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), PSS_SHA256, 'sha256', { saltLength: 32 })),
    'RSASSA-PSS, a salt of another length': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), PSS_SHA256, 'sha256', { saltLength: 20 })),
    'RSASSA-PSS without a salt': (plan) =>
      (plan.betweenSigner = signerOf(
        rsaPair(3),
        sequence(oid(PSS), pssParameters('2.16.840.1.101.3.4.2.1', '00')),
        'sha256',
        { saltLength: 0 },
      )),
    'RSASSA-PSS without parameters': (plan) =>
      (plan.betweenSigner = signerOf(rsaPair(3), sequence(oid(PSS)), 'sha256', { saltLength: 32 })),
    'RSASSA-PSS with another trailer': (plan) =>
      (plan.betweenSigner = signerOf(
        rsaPair(3),
        sequence(oid(PSS), pssParameters('2.16.840.1.101.3.4.2.1', '20', element(0xa3, integer('02')))),
        'sha256',
        { saltLength: 32 },
      )),
  }
  for (const [name, dotted, hash] of [
    ['SHA-512/256', '2.16.840.1.101.3.4.2.6', 'sha512-256'],
    ['SHA3-256', '2.16.840.1.101.3.4.2.8', 'sha3-256'],
    ['SHA-224', '2.16.840.1.101.3.4.2.4', 'sha224'],
    ['SHA-1', '1.3.14.3.2.26', 'sha1'],
  ] as const)
    authorities[`RSASSA-PSS with ${name}`] = (plan) => {
      const algorithm = sequence(oid(PSS), pssParameters(dotted, '15'))
      plan.betweenSigner = signerOf(rsaPair(3), algorithm, hash, { saltLength: 21 })
    }
  authorities['RSASSA-PSS with its default salt written out'] = (plan) => {
    const algorithm = sequence(oid(PSS), pssParameters('2.16.840.1.101.3.4.2.1', '14'))
    plan.betweenSigner = signerOf(rsaPair(3), algorithm, 'sha256', { saltLength: 20 })
  }
  for (const [restriction, parameters] of Object.entries({
    'its own hash': pssParameters('2.16.840.1.101.3.4.2.1', '20'),
    'a shorter salt': pssParameters('2.16.840.1.101.3.4.2.1', '10'),
    'a longer salt': pssParameters('2.16.840.1.101.3.4.2.1', '28'),
    'another hash': pssParameters('2.16.840.1.101.3.4.2.3', '20'),
    'the hash of old': sequence(),
  }))
    authorities[`for RSASSA-PSS with ${restriction} alone`] = (plan) => {
      const signer = signerOf(rsaPair(3), PSS_SHA256, 'sha256', { saltLength: 32 })
      const restricted = spki(sequence(oid(PSS), parameters), keyBytes(signer.spki))
      plan.betweenSigner = { ...signer, spki: restricted }
    }
  authorities['for RSASSA-PSS, that signs with PKCS #1'] = (plan) => {
    const signer = signerOf(rsaPair(3), SHA256_WITH_RSA, 'sha256')
    plan.betweenSigner = { ...signer, spki: spki(sequence(oid(PSS)), keyBytes(signer.spki)) }
  }
  authorities['RSA, its modulus written as negative'] = (plan) => {
    const signer = signerOf(rsaPair(3), SHA256_WITH_RSA, 'sha256')
    const inner = keyBytes(signer.spki)
    const modulus = contentBytes(inner, childAt(inner, readElement(inner), 0)).slice(1)
    const key = sequence(element(0x02, modulus), number(65537n))
    plan.betweenSigner = { ...signer, spki: spki(sequence(oid(RSA), NULL), key) }
  }
  return Object.entries(authorities).map(([name, apply]) => ({
    kind: 'keys',
    name: `keys: authority’s ${name}`,
    apply,
  }))
}

function pssParameters(hash: string, salt: string, ...more: readonly Bytes[]): Bytes {
  const name = sequence(oid(hash), NULL)
  return sequence(
    element(0xa0, name),
    element(0xa1, sequence(oid('1.2.840.113549.1.1.8'), name)),
    element(0xa2, integer(salt)),
    ...more,
  )
}

/** All faults of keys. */
export function keyFaults(): readonly Fault[] {
  const own = { ...ecKeys(), ...curveKeys(), ...rsaKeys(), ...groupKeys(), ...unknownKeys() }
  return [
    ...Object.entries(own).map(([name, key]): Fault => ({
      kind: 'keys',
      name: `keys: ${name}`,
      apply: (plan) => (plan.leaf.spki = key),
    })),
    ...authorityKeys(),
  ]
}
