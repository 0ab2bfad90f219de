/** Commands about keys. */
import type { PrivateKeyArtifact, PublicKeyArtifact } from '../inspect/artifact'
import type { Command } from './lines'
import { describePrivateKeyInfo, readPublicKey } from '../inspect/x509/keys'
import type { KeyFamily, PublicKeyDescription } from '../inspect/x509/types'
import type { CommandFiles } from './files'
import { beside, chained, command, line, piped, verbatim } from './lines'
import { askCerttool, askOpenssh, askOpenssl, formOf, inForm, nameOf, sameKey } from './reading'

/** Families whose private keys sign with a hash of one's choice, so that `openssl dgst` can prove a pair. */
const SIGNS_DIGESTS: ReadonlySet<KeyFamily> = new Set(['RSA', 'EC', 'DSA'])
/** Curves that every tool has. OpenSSH reads Ed25519 keys in its own form alone. */
const NIST = new Set(['P-256', 'P-384', 'P-521'])

/** True for kinds of keys that GnuTLS and Java read as well as OpenSSL. */
export function isCommonKey({ family, curve }: Pick<PublicKeyDescription, 'family' | 'curve'>): boolean {
  if (family === 'EC') return NIST.has(curve ?? '')
  return family === 'RSA' || family === 'Ed25519' || family === 'Ed448'
}

/** @throws LabError as `readPublicKey` does */
export function publicKeyCommands(
  { spki }: PublicKeyArtifact,
  { publicKey: file, openssh }: CommandFiles,
): readonly Command[] {
  const key = readPublicKey(spki)
  const isRsa = key.family === 'RSA'
  const opensshFile = nameOf(openssh ?? inForm(file, ['openssh']))
  const hasOpenssh = isRsa || (key.family === 'EC' && isCommonKey(key))
  return [
    ...command(
      'public_text',
      'openssl',
      'Shows its numbers.',
      askOpenssl('openssl pkey -pubin', file, '-noout -text'),
    ),
    ...command(
      'public_modulus',
      'openssl',
      'Prints its modulus.',
      isRsa ? askOpenssl('openssl rsa -pubin', file, '-noout -modulus') : undefined,
    ),
    ...publicKeyPrints(askOpenssl('openssl pkey -pubin', file, ''), isRsa),
    ...command(
      'public_structure',
      'openssl',
      'Shows its ASN.1 structure with offsets.',
      askOpenssl('openssl asn1parse', file, '-i'),
    ),
    ...command(
      'public_openssh',
      'ssh-keygen',
      'Prints the line for authorized_keys.',
      hasOpenssh ? askOpenssh(file) : undefined,
    ),
    ...command(
      'openssh_fingerprint',
      'ssh-keygen',
      'Prints its fingerprint as ssh shows it.',
      opensshFile === undefined
        ? hasOpenssh
          ? piped(askOpenssh(file), 'ssh-keygen -l -f -')
          : undefined
        : line`ssh-keygen -l -f ${opensshFile}`,
    ),
    ...command(
      'public_certtool',
      'certtool',
      'Shows it as GnuTLS reads it.',
      isCommonKey(key) ? askCerttool('--pubkey-info', file) : undefined,
    ),
  ]
}

/** @throws LabError as `describePrivateKeyInfo` does */
export function privateKeyCommands(
  { pkcs8 }: PrivateKeyArtifact,
  { key: file, certificate }: CommandFiles,
): readonly Command[] {
  const own = describePrivateKeyInfo(pkcs8)
  const { family } = own
  const isRsa = family === 'RSA'
  // What it writes stands beside the key: under names that nothing has by chance.
  const signer = inForm(file, ['pem', 'der'])
  const [signature, half] = [beside(nameOf(signer), 'challenge.sig'), beside(nameOf(signer), 'challenge.pub')]
  const der = verbatim(signer !== undefined && formOf(signer) === 'der' ? '-keyform DER ' : '')
  const challenge = verbatim("printf 'a challenge'")
  return [
    ...command(
      'private_text',
      'openssl',
      'Shows all its numbers, the secret ones too.',
      askOpenssl('openssl pkey', file, '-noout -text'),
    ),
    ...command(
      'private_check',
      'openssl',
      'Checks that its numbers belong together.',
      askOpenssl('openssl pkey', file, '-noout -check'),
    ),
    ...command(
      'private_public',
      'openssl',
      'Prints its public half.',
      askOpenssl('openssl pkey', file, '-pubout'),
    ),
    ...command(
      'private_modulus',
      'openssl',
      'Prints its modulus.',
      isRsa ? askOpenssl('openssl rsa', file, '-noout -modulus') : undefined,
    ),
    ...publicKeyPrints(askOpenssl('openssl pkey', file, '-pubout'), isRsa),
    ...command(
      'private_proof',
      'openssl',
      'Signs a challenge, and verifies it with the public half.',
      SIGNS_DIGESTS.has(family)
        ? chained(
            askOpenssl('openssl pkey', signer, line`-pubout -out ${half}` ?? ''),
            line`${challenge} | openssl dgst -sha256 ${der}-sign ${nameOf(signer)} -out ${signature}`,
            line`${challenge} | openssl dgst -sha256 -verify ${half} -signature ${signature}`,
          )
        : undefined,
    ),
    ...command(
      'private_certificate',
      'openssl',
      'Says whether it belongs to the certificate.',
      sameKey(
        askOpenssl('openssl pkey', file, '-pubout'),
        askOpenssl('openssl x509', certificate, '-noout -pubkey'),
      ),
    ),
    ...command(
      'private_certtool',
      'certtool',
      'Shows it as GnuTLS reads it.',
      isCommonKey(own) ? askCerttool('--key-info', file) : undefined,
    ),
  ]
}

/** What stands for a public key, made of the command that prints it in PEM. */
export function publicKeyPrints(printed: string | undefined, isRsa: boolean): readonly Command[] {
  if (printed === undefined) return []
  const der = `${printed} | openssl pkey -pubin -outform DER`
  return [
    ...command(
      'key_sha256',
      'openssl',
      'Prints the SHA-256 of the public key.',
      `${der} | openssl dgst -sha256`,
    ),
    ...command(
      'key_pin',
      'openssl',
      'Prints the pin: the same in base64.',
      `${der} | openssl dgst -sha256 -binary | openssl base64`,
    ),
    ...command(
      'key_identifier',
      'openssl',
      'Prints the SHA-1 key identifier.',
      isRsa
        ? `${printed} | openssl rsa -pubin -RSAPublicKey_out -outform DER | openssl dgst -sha1`
        : undefined,
    ),
  ]
}
