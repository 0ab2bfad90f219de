/** Commands about signatures, Cert_S, symmetric keys and anything else. */
import type { Bytes } from '../bytes'
import type { FileForm, OtherArtifact, SignatureArtifact } from '../inspect/artifact'
import { opensslOpens } from '../inspect/open/own-file'
import { readPssParameters } from '../crypto/pki/pss-parameters'
import { signatureAlgorithm } from '../crypto/pki/verify'
import type { Command } from './lines'
import type { CommandFiles } from './files'
import { beside, command, line, piped, verbatim } from './lines'
import { askOpenssl, formOf, inForm, nameOf, type CommandFile } from './reading'
import { digestOption } from './certificate'

/** The signer's key is a file of its own. */
export function signatureCommands(
  artifact: SignatureArtifact,
  { signature: file, publicKey: key, signed }: CommandFiles,
): readonly Command[] {
  const publicKey = nameOf(key)
  const { scheme, algorithm } = artifact
  const pss = scheme === 'RSASSA-PSS'
  const parameters = pss && algorithm ? readPssParameters(algorithm.parameters) : undefined
  const hash = parameters?.hash ?? (algorithm && signatureAlgorithm(algorithm.oid)?.hash) ?? 'SHA-256'
  const options = pss
    ? ` -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:${parameters?.saltLength ?? 32}`
    : ''
  return [
    ...command('signature_bytes', 'od', 'Shows its bytes.', line`od -A d -t x1 ${file}`),
    ...command(
      'signature_block',
      'openssl',
      pss
        ? 'Opens it with the signer’s key: the block.'
        : 'Opens it with the signer’s key: the digest inside.',
      scheme === 'RSASSA-PKCS1-v1_5'
        ? line`openssl pkeyutl -verifyrecover -pubin -inkey ${publicKey} -in ${file} -asn1parse`
        : pss
          ? line`openssl pkeyutl -verifyrecover -pubin -inkey ${publicKey} -in ${file} -pkeyopt rsa_padding_mode:none | od -A d -t x1`
          : undefined,
    ),
    ...command(
      'signature_verify',
      'openssl',
      'Verifies it over the signed bytes.',
      scheme === 'EdDSA'
        ? line`openssl pkeyutl -verify -pubin -inkey ${publicKey} -rawin -in ${signed} -sigfile ${file}`
        : line`openssl dgst -${verbatim(digestOption(hash))} -verify ${publicKey}${verbatim(options)} -signature ${file} ${signed}`,
    ),
  ]
}

/** What OpenSSL says of a type that it knows. */
interface TypeQuestion {
  readonly purpose: string
  /** Forms that it reads. */
  readonly forms: readonly FileForm[]
  readonly ask: (file: CommandFile, der: Bytes) => string | undefined
}

const OF_TYPES: Readonly<Record<string, TypeQuestion>> = {
  CertificateList: {
    purpose: 'Shows whose list it is, and what it revokes.',
    forms: ['pem', 'der'],
    ask: (file) => askOpenssl('openssl crl', file, '-noout -text'),
  },
  OCSPResponse: {
    purpose: 'Shows what it answers, without checking who answered.',
    forms: ['der'],
    ask: (file) => line`openssl ocsp -respin ${nameOf(file)} -resp_text -noverify`,
  },
  OCSPRequest: {
    purpose: 'Shows what it asks.',
    forms: ['der'],
    ask: (file) => line`openssl ocsp -reqin ${nameOf(file)} -req_text`,
  },
  TimeStampResp: {
    purpose: 'Shows which bytes were there, and when.',
    forms: ['der'],
    ask: (file) => line`openssl ts -reply -in ${nameOf(file)} -text`,
  },
  TimeStampReq: {
    purpose: 'Shows what it asks.',
    forms: ['der'],
    ask: (file) => line`openssl ts -query -in ${nameOf(file)} -text`,
  },
  ContentInfo: {
    purpose: 'Shows everything that stands in it.',
    forms: ['pem', 'der', 'smime'],
    ask: (file) =>
      line`openssl cms -cmsout -print -noout -inform ${verbatim(formOf(file).toUpperCase())} -in ${nameOf(file)}`,
  },
  PFX: {
    purpose: 'Tells how it is locked; asks for its passphrase.',
    forms: ['der'],
    ask: (file, der) => {
      const opens = opensslOpens(der, 'PFX')
      const option = verbatim(opens === 'legacy' ? ' -legacy' : '')
      return opens === 'never' ? undefined : line`openssl pkcs12 -in ${nameOf(file)} -noout -info${option}`
    },
  },
  'Dss-Parms': {
    purpose: 'Shows the numbers.',
    forms: ['pem', 'der'],
    ask: (file) =>
      formOf(file) === 'pem'
        ? askOpenssl('openssl dsaparam', file, '-noout -text')
        : // In DER, OpenSSL takes them for those of Diffie and Hellman.
          line`{ echo '-----BEGIN DSA PARAMETERS-----'; openssl base64 -in ${nameOf(file)}; echo '-----END DSA PARAMETERS-----'; } | openssl dsaparam -noout -text`,
  },
  DHParameter: {
    purpose: 'Shows the numbers.',
    forms: ['pem', 'der'],
    ask: (file) => askOpenssl('openssl dhparam', file, '-noout -text'),
  },
}

/** True for a type that OpenSSL reads from a file as it lies; its structure is shown of PEM and DER alone. */
export function readsOther(what: string, form: FileForm): boolean {
  const question = Object.hasOwn(OF_TYPES, what) ? OF_TYPES[what] : undefined
  return (question?.forms ?? ['pem', 'der']).includes(form)
}

/** JSON has to be taken apart first: Python does that. */
export function certSCommands({ certS, authority }: CommandFiles): readonly Command[] {
  const file = nameOf(certS)
  const [text, signature, key] = [beside(file, 'txt'), beside(file, 'sig'), beside(authority, 'pub')]
  const script = verbatim(
    `python3 -c 'import base64, json, sys; d = json.load(open(sys.argv[1])); open(sys.argv[2], "w", newline="").write(d["signed_text"]); open(sys.argv[3], "wb").write(base64.b64decode(d["signature"]))'`,
  )
  return [
    ...command(
      'cert_s_parts',
      'python3',
      'Writes the signed text and the signature into files of their own.',
      line`${script} ${file} ${text} ${signature}`,
    ),
    ...command(
      'cert_s_verify',
      'openssl',
      'Verifies the one over the other, with the key of the authority. Run the command above first.',
      line`openssl x509 -in ${authority} -noout -pubkey -out ${key} && openssl dgst -sha256 -verify ${key} -signature ${signature} ${text}`,
    ),
    ...command(
      'cert_s_open',
      'openssl',
      'Opens the signature with the authority’s key: the digest inside.',
      line`openssl pkeyutl -verifyrecover -certin -inkey ${authority} -in ${signature} -asn1parse`,
    ),
    ...command(
      'cert_s_digest',
      'openssl',
      'Prints the digest of the signed text: it has to be the same.',
      line`openssl dgst -sha256 ${text}`,
    ),
  ]
}

export function symmetricKeyCommands({ secret: file }: CommandFiles): readonly Command[] {
  return [
    ...command('secret_bytes', 'od', 'Shows its bytes.', line`od -A d -t x1 ${file}`),
    ...command(
      'secret_digest',
      'openssl',
      'Prints its SHA-256, to compare it without showing it.',
      line`openssl dgst -sha256 ${file}`,
    ),
  ]
}

export function otherCommands({ what, der }: OtherArtifact, { der: file }: CommandFiles): readonly Command[] {
  if (file === undefined) return []
  const question = Object.hasOwn(OF_TYPES, what) ? OF_TYPES[what] : undefined
  const plain = inForm(file, ['pem', 'der'])
  return [
    ...(question ? command('other_text', 'openssl', question.purpose, question.ask(file, der)) : []),
    ...command(
      'other_structure',
      'openssl',
      'Shows its ASN.1 structure with offsets.',
      askOpenssl('openssl asn1parse', plain, '-i'),
    ),
    ...command(
      'other_digest',
      'openssl',
      'Prints its SHA-256.',
      formOf(file) === 'der'
        ? line`openssl dgst -sha256 ${nameOf(file)}`
        : piped(askOpenssl('openssl asn1parse', plain, '-noout -out /dev/stdout'), 'openssl dgst -sha256'),
    ),
  ]
}
