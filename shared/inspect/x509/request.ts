/** Certification requests (PKCS#10, RFC 2986) of any key type, read as far as they can be read. */
import type { Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { requireDer } from '../../crypto/asn1/strict'
import { oidName, oidNamed } from '../../crypto/encodings/oids'
import { readAlgorithm } from './algorithms'
import { noteEnd, readVersion } from './certificate'
import { leavesOf } from './extension-texts'
import { readExtensions } from './extensions'
import { readPublicKeyPart } from './keys'
import { readName } from './names'
import { bitsOfPart, faultOfDer, fieldOf, oidOfPart, partsOf, readWhole, required, wholeBytes } from './parts'
import type { RequestDescription } from './types'

const WHAT =
  'The bytes are no certification request: certificationRequestInfo, signatureAlgorithm and signature are expected (RFC 2986 section 4.2).'
/** Characters of an attribute that are shown. */
const MAX_ATTRIBUTE_TEXT = 500
/** extensionRequest, and Microsoft's older name for it. */
const EXTENSION_REQUESTS = new Set([oidNamed('extensionRequest'), oidNamed('msExtensionRequest')])

/**
 * Reads a request, DER. What is broken inside it is told in `problems`.
 * @throws LabError `bad_request_bytes` when the bytes are no request at all
 */
export function readCertificationRequest(der: Bytes): RequestDescription {
  const whole = readWhole(der, 'CertificationRequest', 'bad_request_bytes')
  const signed = required(fieldOf(whole, 'certificationRequestInfo'), 'bad_request_bytes', WHAT)
  if (!signed.node.constructed || !fieldOf(signed, 'subjectPKInfo')) {
    throw new LabError('bad_request_bytes', WHAT)
  }
  const problems: string[] = []
  noteEnd(whole, problems, 'request')
  const signature = bitsOfPart(fieldOf(whole, 'signature'))
  if (!signature) problems.push('The signature can’t be read.')
  const attributePart = fieldOf(signed, 'attributes')
  const attributes = (attributePart ? partsOf(attributePart) : []).map((part) => {
    const oid = oidOfPart(fieldOf(part, 'type')) ?? ''
    return { oid, name: oidName(oid) ?? oid, values: fieldOf(part, 'values') }
  })
  const [asked, ...more] = attributes.flatMap(({ oid, values }) =>
    EXTENSION_REQUESTS.has(oid) && values ? partsOf(values) : [],
  )
  if (more.length > 0) {
    problems.push(
      `Extensions are asked for in ${more.length + 1} places (extensionRequest); the first counts here, and an authority may take another.`,
    )
  }
  const { extensions, standard, oddities } = readExtensions(asked, problems)
  problems.push(...oddities)
  const notDer = faultOfDer(() => requireDer(der, 'CertificationRequest'))
  const description = {
    der,
    signedPart: wholeBytes(signed),
    signature: signature ?? new Uint8Array(),
    signatureAlgorithm: readAlgorithm(fieldOf(whole, 'signatureAlgorithm')),
    notDer,
    version: readVersion(fieldOf(signed, 'version'), 1, problems),
    subject: readName(fieldOf(signed, 'subject'), problems, 'The subject'),
    publicKey: readPublicKeyPart(fieldOf(signed, 'subjectPKInfo'), problems),
    attributes: attributes.map(({ oid, name, values }) => ({
      oid,
      name,
      text: EXTENSION_REQUESTS.has(oid) ? '' : leavesOf(values).slice(0, MAX_ATTRIBUTE_TEXT),
    })),
    extensions,
    standard,
    problems,
  }
  // What was found already says more.
  if (notDer !== undefined && problems.length === 0) problems.push(`It is not DER. ${notDer}`)
  return description
}
