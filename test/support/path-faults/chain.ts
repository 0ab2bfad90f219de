/** Chains of three certificates written by hand: a root, an authority below it, a server's. Any part of them can be replaced. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { encodePem } from '#shared/crypto/encodings/pem'
import { bits, context, extension, hex, integer, octets, oid, sequence, set, utf8 } from '../der'
import { storedPairs } from '../key-pairs'

/** A key pair, and how it signs. */
export interface Signer {
  readonly spki: Bytes
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Bytes
  readonly sign: (signed: Bytes) => Bytes
}

/** Extensions by a name of their own, each whole. */
export type Extensions = Map<string, Bytes>

/** The parts of a certificate, each an element in DER. */
export interface CertificatePlan {
  version: Bytes
  serial: Bytes
  inner: Bytes | undefined
  issuer: Bytes
  notBefore: Bytes
  notAfter: Bytes
  subject: Bytes
  spki: Bytes
  /** Unique identifiers. */
  between: Bytes
  extensions: Extensions
  outer: Bytes | undefined
  /** What becomes of its signature's bytes. */
  signature: (signature: Bytes) => Bytes
  /** What becomes of the whole. */
  whole: (certificate: Bytes) => Bytes
}

/** What a chain is made of. */
export interface ChainPlan {
  readonly root: CertificatePlan
  readonly between: CertificatePlan
  readonly leaf: CertificatePlan
  rootSigner: Signer
  betweenSigner: Signer
  host: string
  /** The server's certificate signs itself and is trusted, with nobody above it. */
  alone: boolean
}

/** A chain, for OpenSSL and for the program. */
export interface Chain {
  readonly root: string
  readonly between: string
  readonly leaf: string
  readonly host: string
}

/** Milliseconds since the Unix epoch: the moment at which chains are judged. */
export const CHAIN_NOW = Date.UTC(2025, 5, 15, 12)
export const CHAIN_HOST = 'www.lab.example'
export const NULL = hex('0500')
export const NONE = new Uint8Array()
export const IDS = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  basic: '2.5.29.19',
  constraints: '2.5.29.30',
  policies: '2.5.29.32',
  issuerKey: '2.5.29.35',
  purposes: '2.5.29.37',
} as const

export const element = (tag: number, content: string | Bytes): Bytes =>
  writeElement(tag, typeof content === 'string' ? hex(content) : content)
export const utc = (text: string): Bytes => element(0x17, toUtf8(text))
export const general = (text: string): Bytes => element(0x18, toUtf8(text))
export const attribute = (type: string, value: Bytes): Bytes => set(sequence(oid(type), value))
export const commonName = (text: string): Bytes => attribute('2.5.4.3', utf8(text))
export const dns = (name: string): Bytes => element(0x82, toUtf8(name))

const spkiBytes = (key: KeyObject): Bytes => new Uint8Array(key.export({ type: 'spki', format: 'der' }))
const [ROOT_ID, BETWEEN_ID, LEAF_ID] = ['a1', 'b2', 'c3'].map((byte) => hex(byte.repeat(20)))
const LAB = attribute('2.5.4.10', utf8('Lab'))
const ROOT_NAME = sequence(LAB, commonName('Root'))
const BETWEEN_NAME = sequence(LAB, commonName('Between'))
const LEAF_NAME = sequence(LAB, commonName('Server'))
export const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), NULL)

/** An RSA key of this run that signs with PKCS#1 v1.5 and SHA-256. */
export function rsaPair(place: number): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  const stored = storedPairs()[place]
  if (!stored) return generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = Buffer.from(stored.pkcs8, 'base64')
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** The same or another kind of key with an algorithm by its OID; `hash` is undefined for those that have their own. */
export function signerOf(
  pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  algorithm: Bytes,
  hash: string | undefined,
  pss?: { readonly saltLength: number },
): Signer {
  const { publicKey, privateKey } = pair
  const options = pss
    ? { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength }
    : privateKey
  return {
    spki: spkiBytes(publicKey),
    algorithm,
    sign: (signed) => new Uint8Array(sign(hash, signed, options)),
  }
}

const [rootPair, betweenPair, leafPair] = [rsaPair(0), rsaPair(1), rsaPair(2)]
const leafSigner = signerOf(leafPair, SHA256_WITH_RSA, 'sha256')
const base = {
  root: signerOf(rootPair, SHA256_WITH_RSA, 'sha256'),
  between: signerOf(betweenPair, SHA256_WITH_RSA, 'sha256'),
  leaf: leafSigner,
}

/** A good chain, to be spoilt. */
export function goodChain(): ChainPlan {
  const dates = { notBefore: utc('250101000000Z'), notAfter: utc('260101000000Z') }
  const plain = {
    version: context(0, true, integer('02')),
    inner: undefined,
    outer: undefined,
    between: NONE,
    ...dates,
    signature: (signature: Bytes) => signature,
    whole: (certificate: Bytes) => certificate,
  }
  const key = (id: Bytes): Bytes => extension(IDS.subjectKey, octets(id))
  const issuerKey = (id: Bytes): Bytes => extension(IDS.issuerKey, sequence(element(0x80, id)))
  const authority: readonly (readonly [string, Bytes])[] = [
    ['basic', extension(IDS.basic, sequence(hex('0101ff')), true)],
    ['keyUsage', extension(IDS.keyUsage, hex('03020106'), true)],
  ]
  return {
    rootSigner: base.root,
    betweenSigner: base.between,
    host: CHAIN_HOST,
    alone: false,
    root: {
      ...plain,
      serial: integer('11'.repeat(8)),
      issuer: ROOT_NAME,
      subject: ROOT_NAME,
      spki: NONE,
      extensions: new Map([...authority, ['subjectKey', key(ROOT_ID!)]]),
    },
    between: {
      ...plain,
      serial: integer('22'.repeat(8)),
      issuer: ROOT_NAME,
      subject: BETWEEN_NAME,
      spki: NONE,
      extensions: new Map([
        ...authority,
        ['subjectKey', key(BETWEEN_ID!)],
        ['issuerKey', issuerKey(ROOT_ID!)],
      ]),
    },
    leaf: {
      ...plain,
      serial: integer('33'.repeat(8)),
      issuer: BETWEEN_NAME,
      subject: LEAF_NAME,
      spki: base.leaf.spki,
      extensions: new Map([
        ['basic', extension(IDS.basic, sequence(), true)],
        ['keyUsage', extension(IDS.keyUsage, hex('030205a0'), true)],
        ['purposes', extension(IDS.purposes, sequence(oid('1.3.6.1.5.5.7.3.1')))],
        ['subjectKey', key(LEAF_ID!)],
        ['issuerKey', issuerKey(BETWEEN_ID!)],
        ['names', extension(IDS.names, sequence(dns(CHAIN_HOST)))],
      ]),
    },
  }
}

/** Signs a chain as it is planned. */
export function makeChain(plan: ChainPlan): Chain {
  const { root, between, leaf, rootSigner, betweenSigner, host } = plan
  if (plan.alone) {
    const own = written({ ...leaf, issuer: leaf.subject }, leafSigner, NONE)
    return { root: own, between: written(between, rootSigner, betweenSigner.spki), leaf: own, host }
  }
  return {
    root: written(root, rootSigner, rootSigner.spki),
    between: written(between, rootSigner, betweenSigner.spki),
    leaf: written(leaf, betweenSigner, NONE),
    host,
  }
}

function written(plan: CertificatePlan, signer: Signer, ownKey: Bytes): string {
  const extensions = concat(...plan.extensions.values())
  const held = plan.extensions.size === 0 ? NONE : context(3, true, sequence(extensions))
  const signed = sequence(
    plan.version,
    plan.serial,
    plan.inner ?? signer.algorithm,
    plan.issuer,
    sequence(plan.notBefore, plan.notAfter),
    plan.subject,
    plan.spki.length > 0 ? plan.spki : ownKey,
    plan.between,
    held,
  )
  const signature = bits(plan.signature(signer.sign(signed)))
  return encodePem('CERTIFICATE', plan.whole(sequence(signed, plan.outer ?? signer.algorithm, signature)))
}
