/** Which of the things in a file is all that the file holds, and in which form: commands can be asked of the file itself then. */
import { equalBytes, fromBase64, toBinaryString, type Bytes } from '../../bytes'
import { oidNamed } from '../../crypto/encodings/oids'
import { orUndefined } from '../../errors'
import { derOf, type Artifact, type FileForm, type OwnFile } from '../artifact'
import { findBlocks, hasPem, type PemBlock } from './pem-blocks'
import { oidOfPart, readWhole } from '../x509/parts'

/** Labels under which OpenSSL looks for a kind, and that other programs know as well. */
const LABELS: Readonly<Partial<Record<Artifact['kind'], ReadonlySet<string>>>> = {
  certificate: new Set(['CERTIFICATE', 'X509 CERTIFICATE']),
  request: new Set(['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']),
  'public-key': new Set(['PUBLIC KEY']),
  'private-key': new Set([
    ...['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'],
    ...['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY'],
  ]),
  other: new Set(['X509 CRL', 'PKCS7', 'CMS', 'DH PARAMETERS', 'DSA PARAMETERS']),
}
/** What stands between the marks of a block. */
const BODY_LINE = /^[A-Za-z0-9+/]+={0,2}$/
/** Of a PEM file by RFC 7468: OpenSSL reads others too, if not all. */
const LINE_LENGTHS = { least: 64, most: 76 } as const
/** Headers of a message, within its beginning. */
const MAIL = /^(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+\r?\n/
/** One line of OpenSSH, without options in front. */
const OPENSSH = /^[a-z][a-z0-9.@-]+ AAAA[A-Za-z0-9+/]+={0,2}(?: [^\r\n]*)?\r?\n?$/
/** Ciphers that OpenSSL 3 has in its provider of old algorithms, a MAC that it has from 3.4 on, and ciphers that it has nowhere. */
const LOCKS = {
  never: oids('aes128-GCM', 'aes192-GCM', 'aes256-GCM', 'aes128-CCM', 'aes192-CCM', 'aes256-CCM'),
  later: oids('PBMAC1'),
  legacy: oids(
    ...['pbeWithSHAAnd128BitRC4', 'pbeWithSHAAnd40BitRC4', 'pbeWithSHAAnd128BitRC2-CBC'],
    ...['pbeWithSHAAnd40BitRC2-CBC', 'pbeWithMD2AndDES-CBC', 'pbeWithMD5AndDES-CBC', 'pbeWithMD2AndRC2-CBC'],
    ...['pbeWithMD5AndRC2-CBC', 'pbeWithSHA1AndDES-CBC', 'pbeWithSHA1AndRC2-CBC', 'rc2CBC', 'rc4', 'desCBC'],
  ),
} as const
/** Ciphers of OpenSSL's older PEM that are not among the old ones. */
const PEM_CIPHERS = /^(?:AES|CAMELLIA|ARIA)-|^DES-EDE3-/

/** The same artifacts; those that are all that the file holds, or the one key and certificate of a container, say so. */
export function withOwnFile(bytes: Bytes, name: string, artifacts: readonly Artifact[]): readonly Artifact[] {
  // A name that is no Unicode came here as another.
  if (name === '' || /[\0\ufffd\p{Cs}]/u.test(name)) return artifacts
  const file = { bytes, text: toBinaryString(bytes), artifacts }
  return artifacts.map((artifact) => {
    const form = formIn(file, artifact)
    const own: OwnFile | undefined = form && { name, form }
    return own ? { ...artifact, file: own } : artifact
  })
}

/** How OpenSSL opens something locked: as it is, with its provider of old algorithms, in versions from 3.4 on, or not at all. */
export function opensslOpens(
  der: Bytes,
  type: 'PFX' | 'EncryptedPrivateKeyInfo',
): 'now' | keyof typeof LOCKS {
  const named = new Set(
    orUndefined(() => {
      const { structure } = readWhole(der, type, 'bad_der')
      return structure.nodes.map((node) => oidOfPart({ structure, node }))
    }),
  )
  const found = Object.entries(LOCKS).find(([, names]) => names.some((oid) => named.has(oid)))
  return (found?.[0] as keyof typeof LOCKS | undefined) ?? 'now'
}

interface Whole {
  readonly bytes: Bytes
  readonly text: string
  readonly artifacts: readonly Artifact[]
}

function formIn(file: Whole, artifact: Artifact): FileForm | undefined {
  const { bytes, text, artifacts } = file
  const held = derOf(artifact)
  if (artifact.kind === 'cert-s') return artifacts.length === 1 ? 'json' : undefined
  if (held && equalBytes(held, bytes)) return 'der'
  const isAlone = artifacts.filter(({ kind }) => kind === artifact.kind).length === 1
  if (!isAlone) return undefined
  if (isPkcs12(file))
    return isContent(artifact) && opensslOpens(bytes, 'PFX') === 'now' ? 'pkcs12' : undefined
  if (artifacts.length > 1 && artifact.kind !== 'other') return undefined
  if (artifact.kind === 'private-key' && bytes[0] === 0x30) return isOpened(bytes) ? 'der' : undefined
  if (artifact.kind === 'public-key' && OPENSSH.test(text)) return 'openssh'
  if (artifact.kind === 'other' && artifact.what === 'ContentInfo' && MAIL.test(text.slice(0, 65_536)))
    return 'smime'
  return isPem(text, artifact, held) ? 'pem' : undefined
}

/** True for text of which OpenSSL finds this and nothing else. */
function isPem(text: string, { kind }: Artifact, held: Bytes | undefined): boolean {
  const { blocks, faults } =
    hasPem(text) && !text.includes('\0') ? findBlocks(text) : { blocks: [], faults: [] }
  const block = blocks.at(-1)
  if (!block || faults.length > 0 || LABELS[kind]?.has(block.label) !== true) return false
  // OpenSSL writes a curve in front of the key on it.
  const before = blocks.slice(0, -1).map(({ label }) => label)
  if (before.some((each) => each !== 'EC PARAMETERS' || block.label !== 'EC PRIVATE KEY')) return false
  const cipher = block.headers.get('DEK-INFO')
  if (cipher !== undefined && !PEM_CIPHERS.test(cipher)) return false
  const decoded = isWholeInLines(text, block) ? fromBase64(block.body.replace(/\s/g, '')) : undefined
  if (!decoded) return false
  return held ? equalBytes(decoded, held) : cipher !== undefined || isOpened(decoded)
}

/** True where the marks and what is between them stand in lines of their own, of one length but for the last. */
function isWholeInLines(text: string, block: PemBlock): boolean {
  const start = text.lastIndexOf(block.text)
  const isFirst = start === 0 || text[start - 1] === '\n'
  const isLast = /^(?:\r?\n|$)/.test(text.slice(start + block.text.length, start + block.text.length + 2))
  const isMarked = /^-----BEGIN [A-Z0-9 ]+-----\r?\n/.test(block.text)
  const lines = block.body.trim().split('\n')
  const { length } = lines[0] ?? ''
  const isEven = lines.every(
    (line, at) => line.length === length || (at === lines.length - 1 && line.length < length),
  )
  const isBase64 = block.body.endsWith('\n') && lines.every((line) => BODY_LINE.test(line))
  const fits = length <= LINE_LENGTHS.most && (lines.length === 1 || length >= LINE_LENGTHS.least)
  return isFirst && isLast && isMarked && isEven && isBase64 && fits
}

function isPkcs12({ bytes, artifacts }: Whole): boolean {
  return artifacts.some(
    (artifact) => artifact.kind === 'other' && artifact.what === 'PFX' && equalBytes(artifact.der, bytes),
  )
}

function isContent({ kind }: Artifact): boolean {
  return kind === 'certificate' || kind === 'private-key'
}

function oids(...names: readonly string[]): readonly string[] {
  return names.map(oidNamed)
}

/** True for a private key that OpenSSL opens as it is. */
function isOpened(der: Bytes): boolean {
  return opensslOpens(der, 'EncryptedPrivateKeyInfo') === 'now'
}
