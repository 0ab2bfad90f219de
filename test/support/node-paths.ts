/** A node as the person takes it away: tag, path, DER, hex, PEM. */
import { toBase64, toHex, type Bytes } from '../../bytes'
import type { Asn1Structure, NamedNode } from './node'
import { UNIVERSAL_NAMES } from './notation'
import { bytesOf, childrenOf, contentOf, valuesIn } from './walk'

const END_MARK = 0

/** PEM labels (RFC 7468, and OpenSSL's for what that leaves out) by type. */
const PEM_LABELS: Readonly<Record<string, string>> = {
  Certificate: 'CERTIFICATE',
  CertificationRequest: 'CERTIFICATE REQUEST',
  CertificateList: 'X509 CRL',
  SubjectPublicKeyInfo: 'PUBLIC KEY',
  OneAsymmetricKey: 'PRIVATE KEY',
  EncryptedPrivateKeyInfo: 'ENCRYPTED PRIVATE KEY',
  RSAPublicKey: 'RSA PUBLIC KEY',
  RSAPrivateKey: 'RSA PRIVATE KEY',
  ECPrivateKey: 'EC PRIVATE KEY',
  ECParameters: 'EC PARAMETERS',
  DSAPrivateKey: 'DSA PRIVATE KEY',
  ContentInfo: 'PKCS7',
}
const OTHER_LABEL = 'ASN1'
const LINE = 64

/** The tag as a person writes it: `SEQUENCE`, `[0]`, `[APPLICATION 3]`. */
export function tagText(node: NamedNode): string {
  switch (node.tagClass) {
    case 'universal':
      if (node.tagNumber === END_MARK) return 'END-OF-CONTENTS'
      return UNIVERSAL_NAMES.get(node.tagNumber) ?? `[UNIVERSAL ${node.tagNumber}]`
    case 'context':
      return `[${node.tagNumber}]`
    default:
      return `[${node.tagClass.toUpperCase()} ${node.tagNumber}]`
  }
}

/**
 * The way to a node by its fields, for instance `tbsCertificate.validity.notBefore` or `tbsCertificate.extensions[2].extnID`;
 * places without a name are counted from 0. Empty for the whole.
 */
export function nodePath(structure: Asn1Structure, node: NamedNode): string {
  const parent = node.parent === undefined ? undefined : structure.nodes[node.parent]
  if (!parent) {
    const tops = childrenOf(structure)
    return tops.length === 1 ? '' : `[${tops.indexOf(node)}]`
  }
  const before = nodePath(structure, parent)
  const siblings = childrenOf(structure, parent)
  if (node.field !== undefined) {
    // In a list of a CHOICE several may have the name.
    const isOnly = siblings.every((sibling) => sibling === node || sibling.field !== node.field)
    const name = isOnly ? node.field : `${node.field}[${siblings.indexOf(node)}]`
    return before === '' ? name : `${before}.${name}`
  }
  // What an EXPLICIT tag or a string holds is the same thing as that.
  const isOnly = valuesIn(structure, parent).length === 1
  const isSame = isOnly && (node.encapsulated || isWrapper(parent))
  return isSame ? before : `${before}[${siblings.indexOf(node)}]`
}

/** Header and content. */
export function nodeDer(structure: Asn1Structure, node: NamedNode): Bytes {
  return bytesOf(structure.bytes, node).slice()
}

/** Lower-case hex of header and content. */
export function nodeHex(structure: Asn1Structure, node: NamedNode): string {
  return toHex(bytesOf(structure.bytes, node))
}

/** Lower-case hex of the content alone. */
export function contentHex(structure: Asn1Structure, node: NamedNode): string {
  return toHex(contentOf(structure.bytes, node))
}

/** The PEM label of a node: by its type where that has one, else `ASN1`, which `openssl asn1parse` takes as any. */
export function pemLabel(node: NamedNode): string {
  return (node.type !== undefined && PEM_LABELS[node.type]) || OTHER_LABEL
}

/** The node as PEM, with a line feed at the end. */
export function nodePem(structure: Asn1Structure, node: NamedNode): string {
  const label = pemLabel(node)
  const base64 = toBase64(bytesOf(structure.bytes, node))
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** An element that is there for its tag only: it has a field and no type. */
function isWrapper(node: NamedNode): boolean {
  return (
    node.tagClass === 'context' && node.constructed && node.type === undefined && node.field !== undefined
  )
}
