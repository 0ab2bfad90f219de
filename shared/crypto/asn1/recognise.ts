/** Tells what a whole tree is by its form: the types of files and of what messages carry. */
import type { Asn1Node, Asn1Tree } from './node'
import { oidName } from '../encodings/oids'
import { decodeOid } from '../encodings/oid-text'
import { assignFields, canBeImplicit, matches, resolve, typeNamed, type ResolvedType } from './schema'
import type { Asn1Type } from './notation'
import { contentOf, isUniversal, valuesIn } from './walk'

/** Types in the order in which they are tried: where two have the same form, the first one is meant. */
const CANDIDATES = [
  'Certificate',
  'CertificationRequest',
  'CertificateList',
  'AttributeCertificate',
  'BasicOCSPResponse',
  'PFX',
  'ContentInfo',
  'SubjectPublicKeyInfo',
  'OneAsymmetricKey',
  'DigestInfo',
  'EncryptedPrivateKeyInfo',
  'RSAPrivateKey',
  'ECPrivateKey',
  'DSAPrivateKey',
  'RSAPublicKey',
  'Dss-Parms',
  'DomainParameters',
  'DHParameter',
  'TimeStampResp',
  'TimeStampReq',
  'OCSPResponse',
  'OCSPRequest',
  'TBSCertificate',
  'CertificationRequestInfo',
  'Extensions',
  'Extension',
  'Name',
  'AlgorithmIdentifier',
] as const

/** Levels of fields that have to be right; below them a broken structure is recognised still. */
const LEVELS = 2
/** Elements of a list that are looked at. */
const SAMPLES = 3
/** Largest public exponent that tells an RSA key from other pairs of numbers, in bytes. */
const MAX_EXPONENT_BYTES = 8
const MIN_MODULUS_BYTES = 32
/** The order of a group, 160 bits and more, and what is reckoned in it. */
const MIN_GROUP_BYTES = 20
const OBJECT_IDENTIFIER = 6

/** The type of the first element; undefined when it is none that is known here, or others follow it. */
export function recogniseType(tree: Asn1Tree): string | undefined {
  const [whole, ...others] = valuesIn(tree)
  if (!whole || others.length > 0) return undefined
  return CANDIDATES.find((name) => fits(tree, whole, typeNamed(name), LEVELS) && isMeant(tree, whole, name))
}

/** True when a node has the form of a type, at its own level and one below. */
export function hasForm(tree: Asn1Tree, node: Asn1Node, type: string): boolean {
  const resolved = typeNamed(type)
  return matches(resolved.type, node)
    ? fits(tree, node, resolved, LEVELS)
    : fitsContent(tree, node, resolved.type, LEVELS)
}

/** Tells apart what has the same form. */
function isMeant(tree: Asn1Tree, whole: Asn1Node, type: string): boolean {
  const [first, second, third] = valuesIn(tree, whole)
  if (!first) return false
  switch (type) {
    case 'RSAPublicKey':
      return isLarge(first) && second !== undefined && isExponent(contentOf(tree.bytes, second))
    case 'Dss-Parms':
      return isDsaGroup(tree, first, second, third)
    case 'DomainParameters':
      return isLarge(first) && third !== undefined && third.contentLength >= MIN_GROUP_BYTES
    case 'TimeStampResp':
      return second !== undefined || first.contentLength > 3
    case 'DHParameter':
      return isLarge(first) && second !== undefined && !isLarge(second)
    case 'DigestInfo':
      return isHash(algorithmOf(tree, first))
    default:
      return true
  }
}

/** p, q and g of DSA: q is far shorter than p, and odd; a base of Diffie-Hellman is small or as long as p. */
function isDsaGroup(tree: Asn1Tree, p: Asn1Node, q: Asn1Node | undefined, g: Asn1Node | undefined): boolean {
  if (!isLarge(p) || !q || !g || g.contentLength < MIN_GROUP_BYTES) return false
  const isShort = q.contentLength >= MIN_GROUP_BYTES && q.contentLength * 2 < p.contentLength
  return isShort && (contentOf(tree.bytes, q).at(-1) ?? 0) % 2 === 1
}

function isLarge(number: Asn1Node): boolean {
  return number.contentLength >= MIN_MODULUS_BYTES
}

/** Public exponents are odd; 5 is not in use, but a usual base of Diffie-Hellman. */
function isExponent(content: Uint8Array): boolean {
  const isBase = content.length === 1 && content[0] === 5
  return content.length <= MAX_EXPONENT_BYTES && (content.at(-1) ?? 0) % 2 === 1 && !isBase
}

function isHash(name: string | undefined): boolean {
  return name !== undefined && /^(?:md[245]|sha\d|ripemd160)/.test(name) && !/with/i.test(name)
}

function algorithmOf(tree: Asn1Tree, identifier: Asn1Node): string | undefined {
  const [oid] = valuesIn(tree, identifier)
  if (!isUniversal(oid, OBJECT_IDENTIFIER)) return undefined
  return oidName(decodeOid(contentOf(tree.bytes, oid)) ?? '')
}

/** True when an element has the form of a type: tags alone once `levels` are used up. */
function fits(tree: Asn1Tree, node: Asn1Node, { type }: ResolvedType, levels: number): boolean {
  if (!matches(type, node)) return false
  switch (type.kind) {
    case 'choice':
      return type.options.some((option) => fits(tree, node, resolve(option.type), levels))
    case 'tagged':
      return fitsTagged(tree, node, type, levels)
    default:
      return fitsContent(tree, node, type, levels)
  }
}

function fitsTagged(
  tree: Asn1Tree,
  node: Asn1Node,
  type: Extract<Asn1Type, { kind: 'tagged' }>,
  levels: number,
): boolean {
  if (type.implicit && canBeImplicit(type.of)) {
    return fitsContent(tree, node, resolve(type.of).type, levels)
  }
  const [inner, ...others] = valuesIn(tree, node)
  return inner !== undefined && others.length === 0 && fits(tree, inner, resolve(type.of), levels)
}

function fitsContent(tree: Asn1Tree, node: Asn1Node, type: ResolvedType['type'], levels: number): boolean {
  if (type.kind !== 'fields' && type.kind !== 'list') return true
  if (!node.constructed) return false
  if (levels === 0) return true
  const children = valuesIn(tree, node)
  if (type.kind === 'list') {
    return children.slice(0, SAMPLES).every((child) => fits(tree, child, resolve(type.of), levels))
  }
  const fields = assignFields(type, children)
  const missing = type.fields.some((field) => !field.optional && !fields.includes(field))
  return (
    !missing &&
    children.every((child, at) => {
      const field = fields[at]
      return field !== undefined && fits(tree, child, resolve(field.type), levels - 1)
    })
  )
}
