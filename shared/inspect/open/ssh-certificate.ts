/** Certificates of OpenSSH (PROTOCOL.certkeys of its sources): a public key, whom it is for, and who says so. */
import { toBase64, type Bytes } from '../../bytes'
import { isoTime } from '../../time'
import { writeElement } from '../../crypto/encodings/der'
import { oidNamed } from '../../crypto/encodings/oids'
import { verifySignature } from '../../crypto/pki/verify'
import type { KeyDetail } from '../artifact'
import { unsigned } from '../x509/keys'
import { isSecurityKey, readPublicBlob, readPublicFields, SshReader } from './ssh-blob'

const CERTIFICATE = /^(.+)-cert-v\d\d(@openssh\.com)?$/
const [USER, HOST] = [1, 2] as const
/** The largest time there is: the certificate never ends. */
const FOREVER = 0xffff_ffff_ffff_ffffn
const MAX_ENTRIES = 256
const SEQUENCE = 0x30

/** Algorithms of signatures by SSH's names (RFC 8332, 8709, 5656). */
const ALGORITHMS: Readonly<Record<string, string>> = {
  'ssh-rsa': 'sha1WithRSAEncryption',
  'rsa-sha2-256': 'sha256WithRSAEncryption',
  'rsa-sha2-512': 'sha512WithRSAEncryption',
  'ssh-ed25519': 'Ed25519',
  'ecdsa-sha2-nistp256': 'ecdsa-with-SHA256',
  'ecdsa-sha2-nistp384': 'ecdsa-with-SHA384',
  'ecdsa-sha2-nistp521': 'ecdsa-with-SHA512',
}

export interface SshCertificate {
  /** Of the certified key. */
  readonly spki: Bytes
  readonly keyId: string
  /** Everything else that it says. */
  readonly details: readonly KeyDetail[]
}

/** True for the kind of a blob that is a certificate. */
export function isSshCertificate(name: string): boolean {
  return CERTIFICATE.test(name)
}

/**
 * Reads a certificate, and checks its signature with the key of the authority that is in it.
 * @throws LabError `bad_openssh_key`, `unsupported_openssh_key`
 */
export async function readSshCertificate(blob: Bytes, subject: string): Promise<SshCertificate> {
  const reader = new SshReader(blob, subject)
  const name = reader.text()
  const [, kind = '', suffix = ''] = CERTIFICATE.exec(name) ?? []
  // The nonce.
  reader.string()
  const spki = readPublicFields(`${kind}${suffix}`, reader)
  const application = isSecurityKey(kind) ? reader.text() : undefined
  const serial = reader.long()
  const type = reader.number()
  const keyId = utf8Text(reader.string())
  const principals = listOf(reader.string(), subject)
  const [after, before] = [reader.long(), reader.long()]
  const [options, extensions] = [pairsOf(reader.string(), subject), pairsOf(reader.string(), subject)]
  // Reserved.
  reader.string()
  const authority = reader.string()
  const signed = reader.since(0)
  const signature = reader.string()
  const judged = await judge(authority, signed, signature, subject)
  const details: readonly (KeyDetail | undefined)[] = [
    { title: 'Certificate of OpenSSH', text: name },
    {
      title: 'For',
      text: type === USER ? 'a user' : type === HOST ? 'a host' : `the type ${type}, which is none`,
    },
    { title: 'Key ID', text: keyId || 'none' },
    { title: 'Serial number', text: serial.toString() },
    {
      title: 'Principals',
      text: principals.join(', ') || 'any: it is good for every name',
    },
    { title: 'Valid from', text: timeText(after) },
    { title: 'Valid until', text: timeText(before) },
    { title: 'Critical options', text: options.join(', ') || 'none' },
    { title: 'Extensions', text: extensions.join(', ') || 'none' },
    application === undefined ? undefined : { title: 'Application', text: application },
    { title: 'Signed by', text: await authorityText(authority) },
    { title: 'Signature', text: judged },
  ]
  return { spki, keyId, details: details.filter((detail) => detail !== undefined) }
}

async function authorityText(authority: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', authority))
  return `${new SshReader(authority, 'The authority’s key').text()} SHA256:${toBase64(hash).replace(/=+$/, '')}`
}

/** What a signature by the key inside says. */
async function judge(authority: Bytes, signed: Bytes, signature: Bytes, subject: string): Promise<string> {
  const reader = new SshReader(signature, `${subject}, signature,`)
  const name = reader.text()
  const algorithm = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined
  if (algorithm === undefined) return `${name}: can’t be checked here`
  const spki = readPublicBlob(new SshReader(authority, `${subject}, signature key,`))
  const value = name.startsWith('ecdsa-') ? ecdsaValue(reader.string(), subject) : reader.string()
  const { result } = await verifySignature(
    { oid: oidNamed(algorithm), parameters: undefined },
    spki,
    value,
    signed,
  )
  const texts = {
    valid: 'the authority’s key verifies it',
    invalid: 'NOT by the authority’s key: don’t rely on this certificate',
    unsupported: 'can’t be checked here',
  } as const
  return `${name}: ${texts[result]}`
}

/** r and s as DER has them. */
function ecdsaValue(value: Bytes, subject: string): Bytes {
  const reader = new SshReader(value, `${subject}, signature,`)
  return writeElement(SEQUENCE, unsigned(reader.string()), unsigned(reader.string()))
}

function listOf(bytes: Bytes, subject: string): readonly string[] {
  const reader = new SshReader(bytes, subject)
  const list: string[] = []
  while (reader.at < bytes.length && list.length < MAX_ENTRIES) list.push(utf8Text(reader.string()))
  return list
}

/** Names with what they hold, of which most is nothing. */
function pairsOf(bytes: Bytes, subject: string): readonly string[] {
  const reader = new SshReader(bytes, subject)
  const list: string[] = []
  while (reader.at < bytes.length && list.length < MAX_ENTRIES) {
    const name = utf8Text(reader.string())
    const data = reader.string()
    const value = data.length === 0 ? '' : `=${utf8Text(new SshReader(data, subject).string())}`
    list.push(`${name}${value}`)
  }
  return list
}

function timeText(seconds: bigint): string {
  if (seconds === 0n) return 'always'
  if (seconds === FOREVER) return 'for ever'
  return isoTime(Number(seconds) * 1_000).replace('.000', '')
}

function utf8Text(bytes: Bytes): string {
  return new TextDecoder().decode(bytes)
}
