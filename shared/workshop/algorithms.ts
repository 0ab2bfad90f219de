/** How signatures of the workshop are named (RFC 3279, RFC 4055, RFC 5758, RFC 8410) and made. */
import type { Bytes } from '../bytes'
import { context, integer, nothing, oid, sequence } from '../crypto/encodings/asn1'
import { oidNamed } from '../crypto/encodings/oids'
import { hashSizes } from '../crypto/primitives/hashes'
import { LabError } from '../errors'
import type { HashName, KeyKind, SignaturePlan } from './chain'
import type { SigningMethod } from './crypto'

const RSA_NAMES: Readonly<Record<HashName, string>> = {
  MD5: 'md5WithRSAEncryption',
  'SHA-1': 'sha1WithRSAEncryption',
  'SHA-256': 'sha256WithRSAEncryption',
  'SHA-384': 'sha384WithRSAEncryption',
  'SHA-512': 'sha512WithRSAEncryption',
}
const ECDSA_NAMES: Readonly<Partial<Record<HashName, string>>> = {
  'SHA-1': 'ecdsa-with-SHA1',
  'SHA-256': 'ecdsa-with-SHA256',
  'SHA-384': 'ecdsa-with-SHA384',
  'SHA-512': 'ecdsa-with-SHA512',
}
const HASH_NAMES: Readonly<Record<HashName, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** AlgorithmIdentifiers of a signature by a key of a kind: as it stands in the signed part, and outside. */
export function writeAlgorithms(
  plan: SignaturePlan,
  key: KeyKind['kind'],
): { readonly inside: Bytes; readonly outside: Bytes } {
  return {
    inside: writeAlgorithm(plan, key, plan.hash),
    outside: writeAlgorithm(plan, key, plan.outside ?? plan.hash),
  }
}

/** What is to be asked of whoever signs. */
export function methodOf(plan: SignaturePlan, key: KeyKind['kind']): SigningMethod {
  if (plan.scheme !== 'PSS') return { key, hash: plan.hash }
  return { key, hash: plan.hash, pss: { saltLength: hashSizes(plan.hash).output } }
}

function writeAlgorithm(plan: SignaturePlan, key: KeyKind['kind'], hash: HashName): Bytes {
  if (plan.scheme === 'PSS') return writePss(plan, hash)
  switch (key) {
    case 'RSA':
      return identifier(RSA_NAMES[hash], plan.parameters !== 'left out')
    case 'EC': {
      const name = ECDSA_NAMES[hash]
      if (name === undefined) throw new LabError('bad_argument', `There is no ECDSA with ${hash}.`)
      return identifier(name, plan.parameters === 'NULL')
    }
    case 'Ed25519':
      return identifier('Ed25519', plan.parameters === 'NULL')
  }
}

/** RSASSA-PSS-params (RFC 4055 section 3.1); the trailer is its default, and left out. */
function writePss(plan: SignaturePlan, hash: HashName): Bytes {
  const mask = sequence(oid(oidNamed('id-mgf1')), identifier(HASH_NAMES[hash], true))
  return sequence(
    oid(oidNamed('id-RSASSA-PSS')),
    sequence(
      context(0, identifier(HASH_NAMES[hash], true)),
      context(1, mask),
      context(2, integer(plan.parameters === 'salt of 20 bytes' ? 20 : hashSizes(hash).output)),
    ),
  )
}

function identifier(name: string, hasNull: boolean): Bytes {
  return sequence(oid(oidNamed(name)), ...(hasNull ? [nothing()] : []))
}
