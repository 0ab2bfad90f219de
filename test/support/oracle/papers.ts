/**
 * Keys, certificates and requests, good ones and ones with a fault each. What is known of them is known because they were made
 * here; one that wasn't is no good, as nobody else has the authority's key.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { AuthorityCredentials } from '#shared/hl1/state'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import {
  issueFaulty,
  SERVER_EXTENSIONS,
  type CertificateTemplate,
  type ExtensionTemplate,
} from '../certificates'
import { bits, context, integer, oid, sequence, set, utf8 } from '../der'
import { malformedCertificates } from '../malformed-certificates'
import { keyPair, type KeyOwner } from '../credentials'
import { insideOfPem } from './members'
import { bytesOf, join, type Bytes } from './primitives'
import type { Pair } from './line'

const DAY = 86_400_000
/** Where the version of a PKCS#8 key of 2048 bits is. */
const VERSION_AT = 6

/** What a certificate says, as far as its receiver's verdict goes by it; dates in milliseconds since the epoch. */
export interface CertificateFacts {
  readonly spki: string
  readonly isSound: boolean
  readonly from: number
  readonly to: number
}

export interface RequestFacts {
  readonly spki: string
  readonly name: string
  readonly isSound: boolean
}

/** A text to put into a member, by name. */
export interface Paper {
  readonly name: string
  readonly pem: string
}

/** Odd keys that can be used all the same. */
const WEAK = ['of 1024 bits', 'of exponent 3']

/**
 * Well formed after all, and taken by OpenSSL too: section 7 asks for no key identifiers, and one is any bytes; a value of one piece
 * that has more at its start is what it was; the default of an empty basicConstraints is CA:FALSE; RFC 5280 has odd serial numbers
 * handled gracefully, and dates in either form read.
 */
const SOUND_AFTER_ALL = [
  ...['akid: is missing', 'skid: is missing', 'skid: holds nothing', 'skid: holds something more at its end'],
  ...['skid: holds something more at its start', 'keyUsage: holds something more at its start'],
  ...['basic: holds nothing', 'validity: GeneralizedTime before 2050'],
  ...['serial: zero', 'serial: negative', 'serial: of 21 bytes'],
]

export class Papers {
  readonly certificates: readonly Paper[]
  readonly requests: readonly Paper[]
  readonly publicKeys: readonly Paper[]
  readonly privateKeys: readonly Paper[]
  readonly pairs: Readonly<Record<KeyOwner, Pair>>
  /** Keys that nobody is to take, with a certificate each; both halves of each are one pair. */
  readonly weak: readonly (Pair & { readonly certificate: string })[]
  readonly #certificates = new Map<string, CertificateFacts>()
  readonly #requests = new Map<string, RequestFacts>()
  /** By what is inside of either half's text. */
  readonly #publicKeys = new Map<string, Pair>()
  readonly #privateKeys = new Map<string, Pair>()
  readonly #now: number

  private constructor(
    private readonly authority: AuthorityCredentials,
    private readonly keys: Readonly<Record<KeyOwner, RsaKeyPair>>,
    private readonly idS: string,
    now: number,
  ) {
    this.#now = now
    const pairs = Object.entries(keys).map(([owner, { publicKey, privateKey }]) => {
      const pair = { publicPem: publicKey.pem, privatePem: privateKey.pem }
      this.#publicKeys.set(insideOfPem(publicKey.pem), pair)
      this.#privateKeys.set(insideOfPem(privateKey.pem), pair)
      return [owner, pair]
    })
    this.pairs = Object.fromEntries(pairs) as Record<KeyOwner, Pair>
    const odd = oddKeys()
    this.certificates = [...this.#faultyCertificates(odd), ...this.#malformedCertificates()]
    this.weak = WEAK.map((name) => {
      const { spki, pem } = odd[name]!
      const pair = { publicPem: pemOf('PUBLIC KEY', spki), privatePem: pem }
      this.#publicKeys.set(insideOfPem(pair.publicPem), pair)
      this.#privateKeys.set(insideOfPem(pem), pair)
      return {
        ...pair,
        certificate: this.certificates.find((each) => each.name === `with a key ${name}`)!.pem,
      }
    })
    this.requests = this.#faultyRequests(odd)
    this.publicKeys = [
      { name: 'of another pair', pem: this.pairs.other.publicPem },
      ...Object.entries(odd).map(([name, { spki }]) => ({ name, pem: pemOf('PUBLIC KEY', spki) })),
    ]
    // Of version 2, as where the public key is inside too (RFC 5958 section 2).
    const { pkcs8 } = keys.server.privateKey
    const later = pemOf('PRIVATE KEY', pkcs8.with(VERSION_AT, 1))
    this.#privateKeys.set(insideOfPem(later), this.pairs.server)
    const twice = pemOf('PRIVATE KEY', join(pkcs8, pkcs8))
    this.privateKeys = [
      { name: 'good, of version 2', pem: later },
      { name: 'twice', pem: twice },
      { name: 'of another pair', pem: this.pairs.other.privatePem },
      ...Object.entries(odd).map(([name, { pkcs8 }]) => ({ name, pem: pemOf('PRIVATE KEY', pkcs8) })),
      { name: 'its public half', pem: this.pairs.server.publicPem.replaceAll('PUBLIC', 'PRIVATE') },
    ]
  }

  /** `now`: a moment that good certificates hold at, milliseconds since the epoch. */
  static async make(authority: AuthorityCredentials, idS: string, now: number): Promise<Papers> {
    const owners = ['server', 'other', 'stranger'] as const
    const pairs = await Promise.all(owners.map(async (owner) => [owner, await keyPair(owner)] as const))
    const keys = { ...Object.fromEntries(pairs), authority: authority.keyPair } as Record<
      KeyOwner,
      RsaKeyPair
    >
    return new Papers(authority, keys, idS, now)
  }

  certificate(pem: string): CertificateFacts | undefined {
    return this.#certificates.get(insideOfPem(pem))
  }

  request(pem: string): RequestFacts | undefined {
    return this.#requests.get(insideOfPem(pem))
  }

  /** A public key's text in its one form; undefined where it is no good key. */
  spki(pem: string): string | undefined {
    return this.#publicKeys.get(insideOfPem(pem))?.publicPem
  }

  /** The public key that belongs to a private one. */
  publicOf(privatePem: string): string | undefined {
    return this.#privateKeys.get(insideOfPem(privatePem))?.publicPem
  }

  secretOf(publicPem: string): string | undefined {
    return this.#publicKeys.get(insideOfPem(publicPem))?.privatePem
  }

  /** Takes down a good certificate that a role has issued or was issued. */
  note(pem: string, spki: string): void {
    this.#certificates.set(insideOfPem(pem), { spki, isSound: true, from: 0, to: this.#now + 300 * DAY })
  }

  /** Takes down a good request that a role has made. */
  noteRequest(pem: string, spki: string, name: string): void {
    this.#requests.set(insideOfPem(pem), { spki, name, isSound: true })
  }

  /** A certificate as section 2 has it, but for the changes. */
  issue(
    changes: Partial<CertificateTemplate>,
    facts: Partial<CertificateFacts> = {},
    owner: KeyOwner = 'server',
  ): string {
    const { publicKey } = this.keys[owner]
    const template = {
      signer: this.authority.keyPair.privateKey,
      issuer: this.authority.identity,
      subject: [this.idS],
      publicKey,
      notBefore: this.#now - DAY,
      notAfter: this.#now + 300 * DAY,
      extensions: Object.values(SERVER_EXTENSIONS),
      ...changes,
    }
    const pem = issueFaulty(template)
    const dates = { from: template.notBefore, to: template.notAfter }
    this.#certificates.set(insideOfPem(pem), { spki: publicKey.pem, isSound: true, ...dates, ...facts })
    return pem
  }

  #faultyCertificates(odd: OddKeys): readonly Paper[] {
    const { other, stranger, server } = this.keys
    const bad = { isSound: false }
    const now = this.#now
    const extended = (changes: Readonly<Record<string, ExtensionTemplate | undefined>>) => ({
      extensions: Object.values({ ...SERVER_EXTENSIONS, ...changes }).filter((each) => each !== undefined),
    })
    const usage = { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true }
    const named = (...altNames: readonly object[]) =>
      extended({ subjectAltName: { name: 'subjectAltName', altNames } })
    const strange = { name: 'strange', id: '1.2.3.4.5', value: '\u0005\u0000' }
    const faults: Readonly<Record<string, Partial<CertificateTemplate>>> = {
      'another subject': { subject: ['ID-Other'] },
      'a subject in small letters': { subject: [this.idS.toLowerCase()] },
      'no subject': { subject: [] },
      'another issuer': { issuer: 'ID-CB' },
      'signed by a stranger': { signer: stranger.privateKey },
      'signed by itself': { signer: server.privateKey },
      'issued to itself by itself': { signer: server.privateKey, issuer: this.idS },
      'signed with SHA-1': { hash: 'sha1' },
      'signed with another hash than it says': { hash: 'sha1', statedHash: 'sha256' },
      expired: { notBefore: now - 30 * DAY, notAfter: now - DAY },
      'not valid yet': { notBefore: now + DAY, notAfter: now + 30 * DAY },
      'of an authority': extended({
        basicConstraints: { name: 'basicConstraints', critical: true, cA: true },
      }),
      'without basicConstraints': extended({ basicConstraints: undefined }),
      'without keyUsage': extended({ keyUsage: undefined }),
      'not for signatures': extended({ keyUsage: { ...usage, digitalSignature: false } }),
      'not for encryption': extended({ keyUsage: { ...usage, keyEncipherment: false } }),
      'for certificates too': extended({ keyUsage: { ...usage, keyCertSign: true } }),
      'for revocations too': extended({ keyUsage: { ...usage, cRLSign: true } }),
      'without extKeyUsage': extended({ extKeyUsage: undefined }),
      'for clients': extended({ extKeyUsage: { name: 'extKeyUsage', clientAuth: true } }),
      'for mail': extended({ extKeyUsage: { name: 'extKeyUsage', emailProtection: true } }),
      'without names': extended({ subjectAltName: undefined }),
      'for another address': named({ type: 7, ip: '127.0.0.2' }),
      'for a name alone': named({ type: 2, value: 'localhost' }),
      'for the address as a name': named({ type: 2, value: '127.0.0.1' }),
      'with an unknown critical extension': extended({ strange: { ...strange, critical: true } }),
      'with an extension twice': {
        extensions: [...Object.values(SERVER_EXTENSIONS), SERVER_EXTENSIONS.keyUsage],
      },
      ...Object.fromEntries(
        Object.entries(odd).map(([name, { spki }]) => [`with a key ${name}`, { otherKey: spki }]),
      ),
    }
    return [
      { name: 'good', pem: this.issue({}) },
      { name: 'good, with an unknown extension', pem: this.issue(extended({ strange })) },
      {
        name: 'good, for other uses too',
        pem: this.issue(extended({ keyUsage: { ...usage, dataEncipherment: true } })),
      },
      {
        name: 'good, for clients too',
        pem: this.issue(
          extended({ extKeyUsage: { name: 'extKeyUsage', serverAuth: true, clientAuth: true } }),
        ),
      },
      {
        name: 'good, for more names',
        pem: this.issue(named({ type: 7, ip: '10.0.0.1' }, { type: 7, ip: '127.0.0.1' })),
      },
      { name: 'of another key', pem: this.issue({ publicKey: other.publicKey }, {}, 'other') },
      { name: 'of the authority', pem: this.authority.certificate.pem },
      ...Object.entries(faults).map(([name, fault]) => ({ name, pem: this.issue(fault, bad) })),
    ]
  }

  /** All that test/integration/malformed-certificates.test.ts asks OpenSSL about. */
  #malformedCertificates(): readonly Paper[] {
    const { pem: spki } = this.keys.server.publicKey
    const { malformed } = malformedCertificates(this.authority, this.keys.server.publicKey.spki, this.#now)
    const dates = { from: 0, to: this.#now + 300 * DAY }
    return malformed.map(({ name, pem }) => {
      const isSound = SOUND_AFTER_ALL.includes(name)
      this.#certificates.set(insideOfPem(pem), { spki, isSound, ...dates })
      return { name: `malformed, ${name}`, pem }
    })
  }

  /** A request of RFC 2986 as step 1 asks for it, but for the changes. */
  requestFor(name: string, changes: Partial<RequestParts> = {}, isSound = true): string {
    const { publicKey, privateKey } = this.keys.server
    const parts: RequestParts = {
      version: integer('00'),
      subject: nameOf(name),
      spki: publicKey.spki,
      attributes: context(0, true),
      signer: privateKey.pem,
      hash: 'sha256',
      algorithm: SHA256_WITH_RSA,
      after: new Uint8Array(),
      ...changes,
    }
    const signed = sequence(parts.version, parts.subject, parts.spki, parts.attributes)
    const signature = changes.signature ?? bytesOf(sign(parts.hash, signed, parts.signer))
    const pem = pemOf(
      'CERTIFICATE REQUEST',
      join(sequence(signed, parts.algorithm, bits(signature)), parts.after),
    )
    const spki = pemOf('PUBLIC KEY', parts.spki)
    this.#requests.set(insideOfPem(pem), { spki: this.spki(spki) ?? spki, name, isSound })
    return pem
  }

  #faultyRequests(odd: OddKeys): readonly Paper[] {
    const { idS } = this
    const { other } = this.keys
    const faults: Readonly<Record<string, Partial<RequestParts>>> = {
      'signed by another key': { signer: other.privateKey.pem },
      'signed with SHA-1': { hash: 'sha1', algorithm: SHA1_WITH_RSA },
      'signed with another hash than it says': { hash: 'sha1' },
      'with an empty signature': { signature: new Uint8Array() },
      'with a signature of zeros': { signature: new Uint8Array(256) },
      'of version 2': { version: integer('01') },
      'with bytes behind it': { after: Uint8Array.of(0) },
      'with fields in another order': { version: nameOf(idS), subject: integer('00') },
      'with the key of somebody else': { spki: other.publicKey.spki },
      ...Object.fromEntries(
        Object.entries(odd).map(([name, { spki, pem }]) => [`with a key ${name}`, { spki, signer: pem }]),
      ),
    }
    const extra = set(sequence(oid('2.5.4.10'), utf8('Lab')))
    return [
      { name: 'good', pem: this.requestFor(idS) },
      {
        name: 'good, of another key',
        pem: this.requestFor(idS, { spki: other.publicKey.spki, signer: other.privateKey.pem }),
      },
      {
        name: 'good, with an organisation',
        pem: this.requestFor(idS, { subject: sequence(extra, nameSet(idS)) }),
      },
      { name: 'good, without attributes', pem: this.requestFor(idS, { attributes: new Uint8Array() }) },
      { name: 'for another name', pem: this.requestFor('ID-Other') },
      { name: 'for the name in small letters', pem: this.requestFor(idS.toLowerCase()) },
      { name: 'for no name', pem: this.requestFor('', { subject: sequence() }) },
      ...Object.entries(faults).map(([name, fault]) => ({ name, pem: this.requestFor(idS, fault, false) })),
    ]
  }
}

interface RequestParts {
  readonly version: Bytes
  readonly subject: Bytes
  readonly spki: Bytes
  readonly attributes: Bytes
  /** The private key in PEM. */
  readonly signer: string
  readonly hash: 'sha256' | 'sha1'
  readonly algorithm: Bytes
  readonly signature?: Bytes
  readonly after: Bytes
}

const NULL = Uint8Array.of(5, 0)
const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), NULL)
const SHA1_WITH_RSA = sequence(oid('1.2.840.113549.1.1.5'), NULL)
const nameSet = (name: string): Bytes => set(sequence(oid('2.5.4.3'), utf8(name)))
const nameOf = (name: string): Bytes => sequence(nameSet(name))

/** A key that nobody is to take: both halves in DER, the private one also in PEM. */
interface OddKey {
  readonly spki: Bytes
  readonly pkcs8: Bytes
  readonly pem: string
}
type OddKeys = Readonly<Record<string, OddKey>>

function oddKeys(): OddKeys {
  const made = {
    'of 1024 bits': generateKeyPairSync('rsa', { modulusLength: 1024 }),
    'of exponent 3': generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }),
    'for PSS alone': generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    'on a curve': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  }
  const keys = Object.entries(made).map(([name, { publicKey, privateKey }]) => {
    const pkcs8 = bytesOf(privateKey.export({ type: 'pkcs8', format: 'der' }))
    const spki = bytesOf(publicKey.export({ type: 'spki', format: 'der' }))
    return [name, { spki, pkcs8, pem: pemOf('PRIVATE KEY', pkcs8) }]
  })
  return Object.fromEntries(keys) as OddKeys
}

export function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
