/** Which members of a message can be opened in the inspector, and as what. */
import type { Bytes } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { decodePem, type PemLabel } from '#shared/crypto/encodings/pem'
import type { Artifact } from '#shared/inspect/artifact'
import type { MemberValue } from '#shared/hl1/members'
import type { JournalEntry, RecordedMember } from '#shared/record/record'
import type { Backing } from '../inspect/inspector'
import { keyInfo } from '../keys/key-info'

/** Something to open, with what is known of it beyond its bytes. */
export interface Inspectable {
  readonly artifact: Artifact
  readonly backing: Backing | undefined
}

/** What a PEM text with each label is. */
const PEM_KINDS: Readonly<
  Partial<Record<PemLabel, 'certificate' | 'request' | 'public-key' | 'private-key'>>
> = {
  CERTIFICATE: 'certificate',
  'CERTIFICATE REQUEST': 'request',
  'PUBLIC KEY': 'public-key',
  'PRIVATE KEY': 'private-key',
}

/**
 * A member as something to inspect; undefined when there is nothing in it, or its text is not what it should be.
 * @param value of the member; undefined while it is hidden
 * @param reveal gets the value of a hidden one
 */
export function inspectableOf(
  entry: JournalEntry,
  member: RecordedMember,
  value: MemberValue | undefined,
  reveal: (() => Promise<MemberValue>) | undefined,
): Inspectable | undefined {
  const info = member.carries && keyInfo(member.carries)
  if (info?.kind === 'symmetric key') return symmetricKey(entry, member, value, reveal)
  try {
    const artifact = artifactOf(entry, member, value)
    return artifact && { artifact, backing: undefined }
  } catch {
    return undefined
  }
}

function artifactOf(
  entry: JournalEntry,
  member: RecordedMember,
  value: MemberValue | undefined,
): Artifact | undefined {
  const common = commonOf(entry, member)
  if (member.kind === 'pem' && typeof value === 'string') return pemArtifact(common, value)
  if (!(value instanceof Uint8Array)) return undefined
  const certificate = () => parseCertificate(textOf(entry, 'x509_s') ?? '')
  if (member.name === 'proof') {
    const signer = certificate().publicKey.spki
    return { ...common, kind: 'signature', signature: value, scheme: 'RSASSA-PSS', signer }
  }
  if (member.name !== 'cert_s') return undefined
  const { subject, issuer } = certificate()
  const pkS = textOf(entry, 'pk_s')
  if (!subject.commonName || !issuer.commonName || pkS === undefined) return undefined
  return {
    ...common,
    kind: 'cert-s',
    idS: subject.commonName,
    idCa: issuer.commonName,
    pkS,
    signature: value,
  }
}

function pemArtifact(common: ReturnType<typeof commonOf>, pem: string): Artifact | undefined {
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(pem)?.[1] as PemLabel | undefined
  const kind = label && PEM_KINDS[label]
  if (!kind) return undefined
  const der = decodePem(label, pem)
  switch (kind) {
    case 'public-key':
      return { ...common, kind, spki: der, pem }
    case 'private-key':
      return { ...common, kind, pkcs8: der }
    default:
      return { ...common, kind, der }
  }
}

function symmetricKey(
  entry: JournalEntry,
  member: RecordedMember,
  value: MemberValue | undefined,
  reveal: (() => Promise<MemberValue>) | undefined,
): Inspectable | undefined {
  const { carries } = member
  if (!carries || !entry.suite) return undefined
  const common = commonOf(entry, member)
  const key = value instanceof Uint8Array ? value : undefined
  return {
    artifact: { ...common, kind: 'symmetric-key', symbol: carries, ...(key ? { key } : {}) },
    backing: reveal && {
      reveal: () => bytesFrom(reveal),
      suite: entry.suite,
      connection: entry.connection.id,
    },
  }
}

/** Gets a value that has to be bytes. */
export async function bytesFrom(reveal: () => Promise<MemberValue>): Promise<Bytes> {
  const value = await reveal()
  if (value instanceof Uint8Array) return value
  throw new Error('The key has not the form of a key.')
}

function commonOf(
  entry: JournalEntry,
  member: RecordedMember,
): { readonly id: string; readonly title: string; readonly source: string } {
  return {
    id: `${entry.id}/${member.name}`,
    title: member.symbol,
    source: `step ${entry.step}, member ${member.name}`,
  }
}

function textOf(entry: JournalEntry, name: string): string | undefined {
  const value = entry.members.find((member) => member.name === name)?.value
  return typeof value === 'string' ? value : undefined
}
