/** Certification requests (PKCS#10, RFC 2986): node-forge writes the structure, the provider signs and verifies. */
import forge from 'node-forge'
import { equalBytes, fromBinaryString, toBinaryString, type Bytes } from '../../bytes'
import { LabError, otherwise } from '../../errors'
import { requireDer } from '../asn1/strict'
import { childAt, contentBytes, DerError, readElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidNamed } from '../encodings/oids'
import { decodePem, encodePem } from '../encodings/pem'
import { publicKeyFromSpki, type RsaKeyPair, type RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'
import { readName } from './names'
import { faultOfSize } from './request-size'
import { judgeRsaKey, requireRsaKey, type RsaKeyVerdict } from './rsa-key'

const SHA256_WITH_RSA = oidNamed('sha256WithRSAEncryption')
/** v1, the only one that there is. */
const VERSION_1 = new Uint8Array(1)

/**
 * A request as data, and what is to be said of its key; `isSigned`: the key made the signature (proof of possession). With a
 * key that has a fault nothing is computed, as its owner chooses how long that would take: then nothing is signed.
 */
export interface CertificationRequest extends RsaKeyVerdict {
  readonly commonName: string | undefined
  readonly publicKey: RsaPublicKey
  readonly isSigned: boolean
}

/** Writes a request for the subject `CN=identity`, signed with the key it is about. */
export async function makeRequest(
  identity: string,
  keyPair: RsaKeyPair,
  { signPkcs1 }: Pick<CryptoProvider, 'signPkcs1'>,
): Promise<string> {
  const request = forge.pki.createCertificationRequest()
  request.publicKey = forge.pki.publicKeyFromAsn1(
    forge.asn1.fromDer(toBinaryString(keyPair.publicKey.spki)),
  ) as forge.pki.rsa.PublicKey
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class
  request.setSubject([{ name: 'commonName', value: identity, valueTagClass }])
  request.signatureOid = SHA256_WITH_RSA
  request.siginfo.algorithmOid = SHA256_WITH_RSA
  request.certificationRequestInfo = forge.pki.getCertificationRequestInfo(request)
  const signedPart = fromBinaryString(forge.asn1.toDer(request.certificationRequestInfo).getBytes())
  request.signature = toBinaryString(await signPkcs1(keyPair.privateKey, signedPart))
  const der = forge.asn1.toDer(forge.pki.certificationRequestToAsn1(request)).getBytes()
  return encodePem('CERTIFICATE REQUEST', fromBinaryString(der))
}

/**
 * Reads a request, as strictly as certificates are read, judges its key, and verifies its own signature, over the bytes as they stand.
 * @throws LabError `bad_request_text` when it can't be read; what is wrong with it is in the message
 */
export async function readRequest(
  pem: string,
  { verifyPkcs1 }: Pick<CryptoProvider, 'verifyPkcs1'>,
  isAnyKeyTaken = false,
): Promise<CertificationRequest> {
  const { signature, signedPart, signatureOid, commonName, publicKey } = parseRequest(pem)
  // Whatever keeps the key from verifying, it has not made the signature.
  const verified = (): Promise<boolean> =>
    verifyPkcs1(publicKey, signature, signedPart).catch(otherwise(false))
  const verdict = judgeRsaKey(publicKey)
  const isToVerify = (isAnyKeyTaken || verdict.fault === undefined) && signatureOid === SHA256_WITH_RSA
  return { commonName, publicKey, ...verdict, isSigned: isToVerify && (await verified()) }
}

interface ParsedRequest {
  readonly signedPart: Bytes
  readonly signature: Bytes
  readonly signatureOid: string | undefined
  readonly commonName: string | undefined
  readonly publicKey: RsaPublicKey
}

function parseRequest(pem: string): ParsedRequest {
  try {
    return takeApart(decodePem('CERTIFICATE REQUEST', pem))
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause
    throw new LabError(
      'bad_request_text',
      `The text is not a certification request with an RSA key. ${cause.message}`,
      { cause },
    )
  }
}

/** RFC 2986 section 4. */
function takeApart(der: Bytes): ParsedRequest {
  const fault = faultOfSize(der)
  if (fault !== undefined) throw new DerError('asn1_too_many', fault, 0)
  requireDer(der, 'CertificationRequest')
  const whole = readElement(der)
  const signedPart = childAt(der, whole, 0)
  // version, subject, subjectPKInfo, attributes
  const [version, subject, key] = [0, 1, 2].map((index) => childAt(der, signedPart, index))
  if (!version || !subject || !key) throw new DerError('bad_der', 'The request is not whole.', 0)
  if (!equalBytes(contentBytes(der, version), VERSION_1)) {
    throw new DerError('bad_der', 'Its version does not exist.', version.start)
  }
  const spki = der.slice(key.start, key.end)
  requireRsaKey(spki)
  return {
    signedPart: der.slice(signedPart.start, signedPart.end),
    signature: contentBytes(der, childAt(der, whole, 2)).slice(1),
    signatureOid: decodeOid(contentBytes(der, childAt(der, childAt(der, whole, 1), 0))),
    commonName: readName(der, subject).commonName,
    publicKey: publicKeyFromSpki(spki),
  }
}
