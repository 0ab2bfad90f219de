/** Faults of signatures, of extensions, and of the certificate's own form. */
import { generateKeyPairSync } from 'node:crypto'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { childAt, contentBytes, readElement } from '#shared/crypto/encodings/der'
import { bits, context, extension, hex, integer, octets, oid, sequence, set } from '../der'
import { CHAIN_HOST, dns, element, IDS, NULL, signerOf } from './chain'
import { faultsIn, withMore, withValue, type Fault } from './fault'

type Spoil = Parameters<typeof faultsIn>[2][string]

const P256_ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'

/** Signatures by an authority on P-256, with their numbers bent. */
function ecdsaSpoils(): Readonly<Record<string, Spoil>> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const signer = signerOf(pair, sequence(oid('1.2.840.10045.4.3.2')), 'sha256')
  const order = BigInt(`0x${P256_ORDER}`)
  const write = (value: bigint): Bytes => {
    const digits = value.toString(16)
    const even = digits.length % 2 === 0 ? digits : `0${digits}`
    return integer(/^[89a-f]/.test(even) ? `00${even}` : even)
  }
  const spoil = (bend: (r: bigint, s: bigint, whole: Bytes) => Bytes): Spoil => {
    return (certificate, plan) => {
      plan.betweenSigner = signer
      certificate.signature = (signature) => {
        // Another fault of a pair may have given the authority another key.
        if (plan.betweenSigner !== signer) return signature
        const [r, s] = [0, 1].map((index) =>
          BigInt(
            `0x${Buffer.from(contentBytes(signature, childAt(signature, readElement(signature), index))).toString('hex')}`,
          ),
        )
        return bend(r!, s!, signature)
      }
    }
  }
  const padded = (value: bigint): Bytes => {
    const plain = write(value)
    return element(0x02, concat(hex('00'), contentBytes(plain, readElement(plain))))
  }
  const long = (whole: Bytes): Bytes => concat(hex('3081'), whole.slice(1))
  return {
    'ECDSA as it should be': spoil((r, s) => sequence(write(r), write(s))),
    'ECDSA, the high half of s': spoil((r, s) => sequence(write(r), write(s > order / 2n ? s : order - s))),
    'ECDSA, the low half of s': spoil((r, s) => sequence(write(r), write(s > order / 2n ? order - s : s))),
    'ECDSA, r padded': spoil((r, s) => sequence(padded(r), write(s))),
    'ECDSA, s padded': spoil((r, s) => sequence(write(r), padded(s))),
    'ECDSA, r zero': spoil((_, s) => sequence(integer('00'), write(s))),
    'ECDSA, s zero': spoil((r) => sequence(write(r), integer('00'))),
    'ECDSA, both zero': spoil(() => sequence(integer('00'), integer('00'))),
    'ECDSA, r is the order': spoil((_, s) => sequence(write(order), write(s))),
    'ECDSA, s past the order': spoil((r, s) => sequence(write(r), write(s + order))),
    'ECDSA, r past the order': spoil((r, s) => sequence(write(r + order), write(s))),
    'ECDSA, r negative': spoil((r, s) => sequence(element(0x02, toNegative(r)), write(s))),
    'ECDSA, three numbers': spoil((r, s) => sequence(write(r), write(s), integer('01'))),
    'ECDSA, one number': spoil((r) => sequence(write(r))),
    'ECDSA, bytes behind': spoil((_, __, whole) => concat(whole, hex('00'))),
    'ECDSA, bytes behind its numbers': spoil((r, s) => sequence(write(r), write(s), NULL)),
    'ECDSA, a length too long': spoil((_, __, whole) => long(whole)),
    'ECDSA, a SET': spoil((r, s) => set(write(r), write(s))),
    'ECDSA, an open length': spoil((r, s) => concat(hex('3080'), write(r), write(s), hex('0000'))),
    'ECDSA, empty': spoil(() => hex('')),
    'ECDSA, by WebCrypto’s form': spoil((r, s) =>
      hex(r.toString(16).padStart(64, '0') + s.toString(16).padStart(64, '0')),
    ),
  }
}

function toNegative(value: bigint): Bytes {
  const positive = value.toString(16).padStart(64, '0')
  return hex(/^[89a-f]/.test(positive) ? positive : `80${positive}`)
}

function signatures(): readonly Fault[] {
  const both = (algorithm: Bytes): Spoil => {
    return (certificate) => {
      certificate.inner = algorithm
      certificate.outer = algorithm
    }
  }
  const inner = (algorithm: Bytes): Spoil => {
    return (certificate) => (certificate.inner = algorithm)
  }
  const outer = (algorithm: Bytes): Spoil => {
    return (certificate) => (certificate.outer = algorithm)
  }
  const bent = (bend: (signature: Bytes) => Bytes): Spoil => {
    return (certificate) => (certificate.signature = bend)
  }
  const sha256 = oid('1.2.840.113549.1.1.11')
  const sha384 = sequence(oid('1.2.840.113549.1.1.12'), NULL)
  const spoils: Readonly<Record<string, Spoil>> = {
    'another algorithm inside': inner(sha384),
    'another algorithm outside': outer(sha384),
    'another algorithm': both(sha384),
    'parameters missing': both(sequence(sha256)),
    'parameters missing inside': inner(sequence(sha256)),
    'parameters missing outside': outer(sequence(sha256)),
    'parameters that are no NULL': both(sequence(sha256, octets(hex('00')))),
    'parameters twice': both(sequence(sha256, NULL, NULL)),
    'an unknown algorithm': both(sequence(oid('1.2.3.4'))),
    'the key’s algorithm': both(sequence(oid('1.2.840.113549.1.1.1'), NULL)),
    'an algorithm of another key': both(sequence(oid('1.2.840.10045.4.3.2'))),
    'a post-quantum algorithm': both(sequence(oid('2.16.840.1.101.3.4.3.18'))),
    'an algorithm without a hash': both(sequence(oid('1.2.840.113549.1.1.10'))),
    'SHA-1 that isn’t': both(sequence(oid('1.2.840.113549.1.1.5'), NULL)),
    'a bit changed': bent((signature) => signature.map((byte, index) => (index === 9 ? byte ^ 1 : byte))),
    'a byte more in front': bent((signature) => concat(hex('00'), signature)),
    'a byte more behind': bent((signature) => concat(signature, hex('00'))),
    'a byte less': bent((signature) => signature.slice(1)),
    empty: bent(() => hex('')),
    zeros: bent((signature) => new Uint8Array(signature.length)),
    ones: bent((signature) => new Uint8Array(signature.length).fill(0xff)),
  }
  return [
    ...faultsIn('signatures', ['leaf', 'between', 'root'], spoils),
    ...faultsIn('signatures', ['leaf'], ecdsaSpoils()),
  ]
}

const host = sequence(dns(CHAIN_HOST))

/** Of any certificate: an extension of no known meaning, or one that says nothing here. */
function anywhere(): Readonly<Record<string, Spoil>> {
  const flagged = (flag: Bytes): Spoil => withMore(sequence(oid('1.2.3.4'), flag, octets(NULL)))
  const known = (dotted: string, value: Bytes, critical = false): Spoil =>
    withMore(extension(dotted, value, critical))
  const wrapped = (wrap: (certificate: Bytes) => Bytes): Spoil => {
    return (certificate) => (certificate.whole = wrap)
  }
  return {
    'an unknown one': known('1.2.3.4', NULL),
    'an unknown one that is critical': known('1.2.3.4', NULL, true),
    'an unknown one of garbage': known('1.2.3.4', hex('deadbeef')),
    'an unknown one, empty': known('1.2.3.4', hex('')),
    'an unknown one twice': withMore(extension('1.2.3.4', NULL), extension('1.2.3.4', NULL)),
    'critical as 01': flagged(element(0x01, '01')),
    'critical as 00': flagged(element(0x01, '00')),
    'critical in two bytes': flagged(element(0x01, 'ffff')),
    'critical, empty': flagged(element(0x01, '')),
    'critical as INTEGER': flagged(integer('01')),
    'no value': withMore(sequence(oid('1.2.3.4'))),
    'a value that is a BIT STRING': withMore(sequence(oid('1.2.3.4'), bits(NULL))),
    'something behind the value': withMore(sequence(oid('1.2.3.4'), octets(NULL), NULL)),
    'no list around them': (certificate) => {
      certificate.between = context(3, true, NULL)
      certificate.extensions.clear()
    },
    policies: known('2.5.29.32', sequence(sequence(oid('2.5.29.32.0')))),
    'policies, critical': known('2.5.29.32', sequence(sequence(oid('1.2.3.4'))), true),
    'policies of garbage': known('2.5.29.32', hex('0500')),
    'policies of garbage, critical': known('2.5.29.32', hex('0500'), true),
    'policies twice the same': known(
      '2.5.29.32',
      sequence(sequence(oid('1.2.3.4')), sequence(oid('1.2.3.4'))),
    ),
    'policy constraints': known('2.5.29.36', sequence(element(0x80, '00')), true),
    'policy mappings': known('2.5.29.33', sequence(sequence(oid('1.2.3.4'), oid('1.2.3.5')))),
    'no policy but any': known('2.5.29.54', integer('00'), true),
    'distribution points': known(
      '2.5.29.31',
      sequence(sequence(context(0, true, context(0, true, element(0x86, toUtf8('http://a.example/')))))),
    ),
    'distribution points of garbage': known('2.5.29.31', hex('0500')),
    'distribution points, empty': known('2.5.29.31', sequence()),
    'access to the authority': known(
      '1.3.6.1.5.5.7.1.1',
      sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), element(0x86, toUtf8('http://a.example')))),
    ),
    'access to the authority of garbage': known('1.3.6.1.5.5.7.1.1', hex('0500')),
    'must-staple': known('1.3.6.1.5.5.7.1.24', sequence(integer('05'))),
    'must-staple, critical': known('1.3.6.1.5.5.7.1.24', sequence(integer('05')), true),
    'a proxy’s': known('1.3.6.1.5.5.7.1.14', sequence(sequence(oid('1.3.6.1.5.5.7.21.1'))), true),
    'Netscape’s type for servers': known('2.16.840.1.113730.1.1', hex('03020640')),
    'Netscape’s type for clients': known('2.16.840.1.113730.1.1', hex('03020780')),
    'Netscape’s type of garbage': known('2.16.840.1.113730.1.1', hex('0500')),
    'Netscape’s type, critical': known('2.16.840.1.113730.1.1', hex('03020640'), true),
    'a poison of precertificates': known('1.3.6.1.4.1.11129.2.4.3', NULL, true),
    'time stamps of logs, empty': known('1.3.6.1.4.1.11129.2.4.2', octets(hex('0000'))),
    'address blocks': known('1.3.6.1.5.5.7.1.7', sequence(sequence(octets(hex('0001')), NULL)), true),
    'a private key’s period': known('2.5.29.16', sequence(element(0x80, toUtf8('20250101000000Z')))),
    'a byte behind the certificate': wrapped((whole) => concat(whole, hex('00'))),
    'a length too long around the certificate': wrapped((whole) =>
      concat(hex('308300'), whole.slice(2, 4), whole.slice(4)),
    ),
    'a fourth part of the certificate': wrapped((whole) =>
      sequence(contentBytes(whole, readElement(whole)), NULL),
    ),
  }
}

function extensionsFaults(): readonly Fault[] {
  const without =
    (name: string): Spoil =>
    (certificate) =>
      certificate.extensions.delete(name)
  const twice = (name: string): Spoil => {
    return (certificate) => {
      const held = certificate.extensions.get(name)
      if (held) certificate.extensions.set('again', held)
      else certificate.extensions.clear()
    }
  }
  const usage = (value: string): Spoil => withValue('keyUsage', hex(value), true)
  const cA = hex('0101ff')
  const purposes = (...ids: readonly string[]): Spoil => withValue('purposes', sequence(...ids.map(oid)))
  const known: Readonly<Record<string, Spoil>> = {
    'basic constraints missing': without('basic'),
    'basic constraints of an authority': withValue('basic', sequence(cA), true),
    'basic constraints that aren’t critical': withValue('basic', sequence(cA)),
    'basic constraints of nobody': withValue('basic', sequence(), true),
    'basic constraints with FALSE written': withValue('basic', sequence(hex('010100')), true),
    'basic constraints with TRUE as 01': withValue('basic', sequence(hex('010101')), true),
    'basic constraints of an INTEGER': withValue('basic', integer('01'), true),
    'basic constraints, empty': withValue('basic', hex(''), true),
    'basic constraints and a byte behind': withValue('basic', concat(sequence(cA), hex('00')), true),
    'basic constraints with a third part': withValue('basic', sequence(cA, integer('00'), NULL), true),
    'basic constraints with a path length': withValue('basic', sequence(cA, integer('03')), true),
    'basic constraints with a path length of 0': withValue('basic', sequence(cA, integer('00')), true),
    'a path length of nobody': withValue('basic', sequence(integer('00')), true),
    'key usage missing': without('keyUsage'),
    'key usage that isn’t critical': withValue('keyUsage', hex('030205a0')),
    'key usage of no bits': usage('030100'),
    'key usage of a zero bit': usage('03020700'),
    'key usage with needless zeros': usage('030204a0'),
    'key usage with unused bits set': usage('030205bf'),
    'key usage with 8 unused bits': usage('030208a0'),
    'key usage of an INTEGER': usage('020101'),
    'key usage for signing certificates': usage('03020204'),
    'key usage for signing data': usage('03020780'),
    'key usage for keys': usage('03020520'),
    'key usage for agreeing': usage('03020308'),
    'key usage for data alone': usage('03020410'),
    'key usage for binding alone': usage('03020640'),
    'key usage of all': usage('030307ff80'),
    'purposes missing': without('purposes'),
    'purposes, empty': withValue('purposes', sequence()),
    'purposes of clients': purposes('1.3.6.1.5.5.7.3.2'),
    'purposes of both': purposes('1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'),
    'purposes, any': purposes('2.5.29.37.0'),
    'purposes, critical': withValue('purposes', sequence(oid('1.3.6.1.5.5.7.3.1')), true),
    'purposes of old': purposes('2.16.840.1.113730.4.1'),
    'purposes, unknown': purposes('1.2.3.4'),
    'purposes of garbage': withValue('purposes', hex('0500')),
    'purposes, one that is no OID': withValue('purposes', sequence(element(0x06, '80'))),
    'subject key identifier missing': without('subjectKey'),
    'subject key identifier, empty': withValue('subjectKey', octets(hex(''))),
    'subject key identifier, critical': withValue('subjectKey', octets(hex('00')), true),
    'subject key identifier of garbage': withValue('subjectKey', hex('0500')),
    'authority key identifier missing': without('issuerKey'),
    'authority key identifier, empty': withValue('issuerKey', sequence()),
    'authority key identifier of another key': withValue(
      'issuerKey',
      sequence(element(0x80, 'ee'.repeat(20))),
    ),
    'authority key identifier, critical': (certificate) =>
      certificate.extensions.set('issuerKey', critical(certificate.extensions.get('issuerKey'))),
    'authority key identifier of garbage': withValue('issuerKey', hex('0500')),
    'authority key identifier with another serial': withValue(
      'issuerKey',
      sequence(context(1, true, context(4, true, sequence())), element(0x82, '01')),
    ),
    'basic constraints twice': twice('basic'),
    'key usage twice': twice('keyUsage'),
    'purposes twice': twice('purposes'),
    'subject key identifier twice': twice('subjectKey'),
    'authority key identifier twice': twice('issuerKey'),
  }
  const leaf: Readonly<Record<string, Spoil>> = {
    'names, critical': withValue('names', host, true),
    'names, empty': withValue('names', sequence()),
    'names of garbage': withValue('names', hex('0500')),
    'names of garbage, critical': withValue('names', hex('0500'), true),
    'names twice': twice('names'),
    'names with a name of no kind': withValue('names', sequence(dns(CHAIN_HOST), element(0x89, '00'))),
    'names with a universal tag': withValue('names', sequence(dns(CHAIN_HOST), octets(hex('00')))),
    'names and bytes behind': withValue('names', concat(host, hex('00'))),
    'names with a directory name that is none': withValue(
      'names',
      sequence(dns(CHAIN_HOST), context(4, true, NULL)),
    ),
    'names with a registered number that is none': withValue(
      'names',
      sequence(dns(CHAIN_HOST), element(0x88, '80')),
    ),
    'names with an other name that is none': withValue(
      'names',
      sequence(dns(CHAIN_HOST), context(0, true, NULL)),
    ),
    'constraints in a server’s certificate': withValue(
      'constraints',
      sequence(context(0, true, sequence(dns('lab.example')))),
      true,
    ),
    'all of them taken away': (certificate) => certificate.extensions.clear(),
  }
  const constraints: Readonly<Record<string, Spoil>> = {
    'constraints of garbage': withValue('constraints', hex('0500'), true),
    'constraints, empty': withValue('constraints', sequence(), true),
    'constraints with a minimum': withValue(
      'constraints',
      sequence(context(0, true, sequence(dns('lab.example'), element(0x80, '01')))),
      true,
    ),
    'constraints with a maximum': withValue(
      'constraints',
      sequence(context(0, true, sequence(dns('lab.example'), element(0x81, '01')))),
      true,
    ),
    'constraints that aren’t critical': withValue(
      'constraints',
      sequence(context(0, true, sequence(dns('lab.example')))),
    ),
    'constraints of no kind of name': withValue(
      'constraints',
      sequence(context(0, true, sequence(element(0x89, '00')))),
      true,
    ),
  }
  return [
    ...faultsIn('extensions', ['leaf', 'between', 'root'], { ...anywhere(), ...known }),
    ...faultsIn('extensions', ['leaf'], leaf),
    ...faultsIn('extensions', ['between', 'root'], constraints),
  ]
}

function critical(value: Bytes | undefined): Bytes {
  const whole = value ?? extension(IDS.issuerKey, sequence())
  const [name, holder] = [0, 1].map((index) => childAt(whole, readElement(whole), index))
  const part = ({ start, end }: { start: number; end: number }): Bytes => whole.slice(start, end)
  return sequence(part(name!), hex('0101ff'), part(holder!))
}

/** All faults of form. */
export function formFaults(): readonly Fault[] {
  return [...signatures(), ...extensionsFaults()]
}
