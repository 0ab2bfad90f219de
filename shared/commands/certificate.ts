/** Commands about a certificate or a request. */
import type { Bytes } from '../bytes'
import { orUndefined } from '../errors'
import { readChildren, readElement } from '../crypto/encodings/der'
import { addressBytes } from '../crypto/pki/host-name'
import { signatureAlgorithm } from '../crypto/pki/verify'
import type { CertificateArtifact, RequestArtifact } from '../inspect/artifact'
import type { Command } from './lines'
import { extensionOf, EXTENSIONS, isSelfSigned } from '../inspect/path/facts'
import { readCertificate } from '../inspect/x509/certificate'
import { readCertificationRequest } from '../inspect/x509/request'
import type { CertificateDescription } from '../inspect/x509/types'
import type { CommandFiles } from './files'
import { isCommonKey, publicKeyPrints } from './keys'
import { command, line, piped, verbatim } from './lines'
import { askCerttool, askKeytool, askOpenssl, inForm, nameOf, sameKey, verifying } from './reading'

/** What can stand in a command line as it is. */
const PLAIN_HOST = /^[A-Za-z0-9:][A-Za-z0-9.:_-]*$/

/** @throws LabError as `readCertificate` does */
export function certificateCommands(
  { der }: CertificateArtifact,
  files: CommandFiles,
  host: string,
): readonly Command[] {
  const certificate = readCertificate(der)
  const { certificate: file, key } = files
  const isRsa = certificate.publicKey.family === 'RSA'
  const isCommon = isCommonKey(certificate.publicKey)
  return [
    ...command(
      'certificate_text',
      'openssl',
      'Shows everything that stands in it.',
      askOpenssl('openssl x509', file, '-noout -text'),
    ),
    ...command(
      'certificate_names',
      'openssl',
      'Shows subject, issuer, serial number and dates.',
      askOpenssl('openssl x509', file, '-noout -subject -issuer -serial -dates'),
    ),
    ...command(
      'certificate_hosts',
      'openssl',
      'Shows the hosts that it is for.',
      extensionOf(certificate, EXTENSIONS.subjectAltName) &&
        askOpenssl('openssl x509', file, '-noout -ext subjectAltName'),
    ),
    ...command(
      'certificate_fingerprint',
      'openssl',
      'Prints its SHA-256 fingerprint.',
      askOpenssl('openssl x509', file, '-noout -fingerprint -sha256'),
    ),
    ...verifyCommand(certificate, files, host),
    ...signatureCommands(certificate, files),
    ...command(
      'certificate_modulus',
      'openssl',
      'Prints the key’s modulus.',
      isRsa ? askOpenssl('openssl x509', file, '-noout -modulus') : undefined,
    ),
    ...publicKeyPrints(askOpenssl('openssl x509', file, '-noout -pubkey'), isRsa),
    ...command(
      'certificate_key',
      'openssl',
      'Says whether the private key belongs to it.',
      sameKey(askOpenssl('openssl x509', file, '-noout -pubkey'), askOpenssl('openssl pkey', key, '-pubout')),
    ),
    ...command(
      'certificate_structure',
      'openssl',
      'Shows its ASN.1 structure with offsets.',
      askOpenssl('openssl asn1parse', file, '-i'),
    ),
    ...chainCommands(files),
    ...command(
      'certificate_certtool',
      'certtool',
      'Shows it as GnuTLS reads it.',
      isCommon ? askCerttool('--certificate-info', file) : undefined,
    ),
    ...command(
      'certificate_keytool',
      'keytool',
      'Shows it as Java reads it.',
      isCommon ? askKeytool('-printcert', file) : undefined,
    ),
  ]
}

/** @throws LabError as `readCertificationRequest` does */
export function requestCommands(
  { der }: RequestArtifact,
  { request: file }: CommandFiles,
): readonly Command[] {
  const { publicKey } = readCertificationRequest(der)
  const isRsa = publicKey.family === 'RSA'
  const isCommon = isCommonKey(publicKey)
  return [
    ...command(
      'request_text',
      'openssl',
      'Shows everything that stands in it.',
      askOpenssl('openssl req', file, '-noout -text'),
    ),
    ...command(
      'request_verify',
      'openssl',
      'Checks its signature: whoever asks has the private key.',
      askOpenssl('openssl req', file, '-noout -verify'),
    ),
    ...command(
      'request_subject',
      'openssl',
      'Shows for whom the certificate is asked.',
      askOpenssl('openssl req', file, '-noout -subject'),
    ),
    ...command(
      'request_modulus',
      'openssl',
      'Prints the key’s modulus.',
      isRsa ? askOpenssl('openssl req', file, '-noout -modulus') : undefined,
    ),
    ...publicKeyPrints(askOpenssl('openssl req', file, '-noout -pubkey'), isRsa),
    ...command(
      'request_structure',
      'openssl',
      'Shows its ASN.1 structure with offsets.',
      askOpenssl('openssl asn1parse', file, '-i'),
    ),
    ...command(
      'request_certtool',
      'certtool',
      'Shows it as GnuTLS reads it.',
      isCommon ? askCerttool('--crq-info', file) : undefined,
    ),
    ...command(
      'request_keytool',
      'keytool',
      'Shows it as Java reads it.',
      isCommon ? askKeytool('-printcertreq', file) : undefined,
    ),
  ]
}

/** The command whose verdict the summary has (docs/decisions/0014). */
function verifyCommand(
  certificate: CertificateDescription,
  { certificate: file, authority, intermediates, list }: CommandFiles,
  host: string,
): readonly Command[] {
  const isAuthority = certificate.standard.basicConstraints?.authority === true
  const isNamed = !isAuthority && PLAIN_HOST.test(host)
  const purpose = isAuthority ? '' : '-purpose sslserver '
  const name = isNamed ? `${addressBytes(host) ? '-verify_ip' : '-verify_hostname'} ${host} ` : ''
  const others = line`-untrusted ${intermediates} ` ?? ''
  const lists = line`-crl_check -CRLfile ${list} ` ?? ''
  const options = line`openssl verify -x509_strict -auth_level 2 ${verbatim(purpose + name)}-CAfile ${nameOf(authority)} ${verbatim(others + lists)}`
  const text = options && file && verifying(options, file)
  const what = `${isNamed ? ` for ${host}` : ''}${list === undefined ? '' : ', along with the revocation list'}`
  return command(
    'certificate_verify',
    'openssl',
    `Judges its path to the trust anchor${what}, as the summary does.`,
    text,
  )
}

/** Takes signature and signed part out, and opens the one with the issuer's key. */
function signatureCommands(
  certificate: CertificateDescription,
  { certificate: file, issuer }: CommandFiles,
): readonly Command[] {
  const { oid, hash } = certificate.signatureAlgorithm
  const offsets = offsetsOf(certificate.der)
  if (!offsets || hash === undefined || signatureAlgorithm(oid)?.scheme !== 'RSASSA-PKCS1-v1_5') return []
  // A container is asked for its passphrase twice, and reads it from where the signature comes.
  const signer = inForm(isSelfSigned(certificate) ? file : issuer, ['pem', 'der'])
  const cut = (offset: number): string | undefined =>
    askOpenssl('openssl asn1parse', file, `-strparse ${offset} -noout -out /dev/stdout`)
  return [
    ...command(
      'signature_open',
      'openssl',
      'Takes the signature out and opens it with the issuer’s key: the digest inside.',
      piped(
        cut(offsets.signature),
        line`openssl pkeyutl -verifyrecover -certin -inkey ${nameOf(signer)} -asn1parse`,
      ),
    ),
    ...command(
      'signature_digest',
      'openssl',
      'Takes the signed part out and prints its digest: it has to be the same.',
      piped(cut(offsets.signedPart), `openssl dgst -${digestOption(hash)}`),
    ),
  ]
}

function chainCommands({ chain, pkcs7, pkcs12, checksums }: CommandFiles): readonly Command[] {
  return [
    ...command(
      'chain_list',
      'openssl',
      'Shows the certificates of the chain, one after another.',
      line`openssl storeutl -noout -text -certs ${chain}`,
    ),
    ...command(
      'pkcs7_list',
      'openssl',
      'Lists the certificates in the PKCS#7 file.',
      line`openssl pkcs7 -in ${pkcs7} -print_certs -noout`,
    ),
    ...command(
      'pkcs12_list',
      'openssl',
      'Tells how the PKCS#12 file is locked; asks for its passphrase.',
      line`openssl pkcs12 -in ${pkcs12} -noout -info`,
    ),
    ...command(
      'pkcs12_keytool',
      'keytool',
      'Lists what Java finds in the PKCS#12 file; asks for its passphrase.',
      line`keytool -list -storetype PKCS12 -keystore ${pkcs12}`,
    ),
    ...command(
      'checksums',
      'sha256sum',
      'Tells whether an exported file was changed.',
      line`sha256sum -c ${checksums}`,
    ),
  ]
}

/** `sha256` for `SHA-256`. */
export function digestOption(hash: string): string {
  return hash.toLowerCase().replace('-', '')
}

/** Where the signed part and the BIT STRING of the signature begin. */
function offsetsOf(der: Bytes): { readonly signedPart: number; readonly signature: number } | undefined {
  return orUndefined(() => {
    const [signedPart, , signature] = readChildren(der, readElement(der))
    return signedPart && signature ? { signedPart: signedPart.start, signature: signature.start } : undefined
  })
}
