/** Certification requests (PKCS#10, RFC 2986): node-forge writes and reads the structure, the provider signs and verifies. */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString } from '../../bytes'
import { LabError, otherwise, passOwnFault } from '../../errors'
import { byForge } from '../encodings/asn1'
import { readChildren, readElement } from '../encodings/der'
import { decodePem, encodePem } from '../encodings/pem'
import { describePublicKey, publicKeyFromSpki, type RsaKeyPair, type RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'
import { oidNamed } from '../encodings/oids'

const SHA256_WITH_RSA = oidNamed('sha256WithRSAEncryption')

/** A request as data; `isSigned` tells whether the key in it made its signature (proof of possession). */
export interface CertificationRequest {
  readonly commonName: string | undefined
  readonly publicKey: RsaPublicKey
  readonly bits: number
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
 * Reads a request and verifies its own signature, over the bytes as they stand.
 * @throws LabError `bad_request_text` when it can't be read
 */
export async function readRequest(
  pem: string,
  { verifyPkcs1 }: Pick<CryptoProvider, 'verifyPkcs1'>,
): Promise<CertificationRequest> {
  try {
    const der = decodePem('CERTIFICATE REQUEST', pem)
    const parsed = byForge('There is no request.', () =>
      forge.pki.certificationRequestFromAsn1(forge.asn1.fromDer(toBinaryString(der))),
    )
    const outer = readElement(der)
    const [signedPart] = readChildren(der, outer)
    // version, subject, subjectPKInfo, attributes
    const spki = signedPart && readChildren(der, signedPart)[2]
    if (!signedPart || !spki || outer.end !== der.length) throw new SyntaxError('Not a whole request.')
    const publicKey = publicKeyFromSpki(der.slice(spki.start, spki.end))
    const signed = der.slice(signedPart.start, signedPart.end)
    const signature = fromBinaryString(parsed.signature as string)
    const names = parsed.subject.attributes.filter((attribute) => attribute.type === oidNamed('commonName'))
    // Whatever keeps the key from verifying, it has not made the signature.
    const verified = (): Promise<boolean> => verifyPkcs1(publicKey, signature, signed).catch(otherwise(false))
    return {
      commonName: names.length === 1 ? String(names[0]?.value) : undefined,
      publicKey,
      bits: (await describePublicKey(publicKey)).bits,
      isSigned: parsed.signatureOid === SHA256_WITH_RSA && (await verified()),
    }
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_request_text', 'The text is not a certification request with an RSA key.', {
      cause,
    })
  }
}
