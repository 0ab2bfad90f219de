/** Which members of a message can be opened in the inspector, and as what. */
import type { Bytes } from '#shared/bytes'
import { LabError, orUndefined } from '#shared/errors'
import { parseCertificate, type Certificate } from '#shared/crypto/pki/certificate'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { Artifact } from '#shared/inspect/artifact'
import type { MemberSpec, MemberValue } from '#shared/record/member'
import { sheetOf } from '#shared/record/protocol'
import type { JournalEntry, RecordedMember } from '#shared/record/record'
import type { Backing } from '../inspect/inspector'
import { isOwn, protocolOf } from '../protocols'

/** Something to open, with what is known of it beyond its bytes. */
export interface Inspectable {
  readonly artifact: Artifact
  readonly backing: Backing | undefined
}

/**
 * A member as something to inspect; undefined when there is nothing in it, or its text is not what it should be. What it is
 * stands in the sheet of its step.
 * @param value of the member; undefined while it is hidden
 * @param reveal gets the value of a hidden one
 */
export function inspectableOf(
  entry: JournalEntry,
  member: RecordedMember,
  value: MemberValue | undefined,
  reveal: (() => Promise<MemberValue>) | undefined,
): Inspectable | undefined {
  const spec = specOf(entry, member.name)
  if (!spec) return undefined
  if (spec.nature.is === 'key') return symmetricKey(entry, member, value, reveal)
  return orUndefined(() => {
    const artifact = artifactOf(entry, spec, value)
    return artifact && { artifact, backing: undefined }
  })
}

function specOf(entry: JournalEntry, name: string): MemberSpec | undefined {
  const sheet = sheetOf(protocolOf(entry), entry.suite, entry.step)
  return sheet?.members.find((spec) => spec.name === name)
}

function artifactOf(
  entry: JournalEntry,
  spec: MemberSpec,
  value: MemberValue | undefined,
): Artifact | undefined {
  const { nature } = spec
  const common = commonOf(entry, spec)
  if (typeof value === 'string') return pemArtifact(common, nature, value)
  if (!(value instanceof Uint8Array)) return undefined
  if (nature.is === 'signature') {
    const { publicKey } = certificateIn(entry, nature.certificate)
    return { ...common, kind: 'signature', signature: value, scheme: nature.scheme, signer: publicKey.spki }
  }
  if (nature.is !== 'bare-certificate') return undefined
  const { subject, issuer } = certificateIn(entry, nature.certificate)
  const pkS = textOf(entry, nature.for)
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

function pemArtifact(
  common: ReturnType<typeof commonOf>,
  nature: MemberSpec['nature'],
  pem: string,
): Artifact | undefined {
  switch (nature.is) {
    case 'certificate':
      return { ...common, kind: 'certificate', der: decodePem('CERTIFICATE', pem) }
    case 'request':
      return { ...common, kind: 'request', der: decodePem('CERTIFICATE REQUEST', pem) }
    case 'public-key':
      return { ...common, kind: 'public-key', spki: decodePem('PUBLIC KEY', pem), pem }
    case 'private-key':
      return { ...common, kind: 'private-key', pkcs8: decodePem('PRIVATE KEY', pem) }
    default:
      return undefined
  }
}

/** The certificate that a member is; throws where it is none. */
function certificateIn(entry: JournalEntry, member: string): Certificate {
  return parseCertificate(textOf(entry, member) ?? '')
}

function symmetricKey(
  entry: JournalEntry,
  member: RecordedMember,
  value: MemberValue | undefined,
  reveal: (() => Promise<MemberValue>) | undefined,
): Inspectable | undefined {
  const { carries } = member
  // The inspector explains the keys of the protocol that is spoken here, and of no other.
  if (!carries || !entry.suite || !isOwn(entry)) return undefined
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
  throw new LabError('internal_error', 'The key has not the form of a key.')
}

function commonOf(
  entry: JournalEntry,
  member: Pick<MemberSpec, 'name' | 'symbol'>,
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
