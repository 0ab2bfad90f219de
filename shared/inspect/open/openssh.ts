/** Public keys as OpenSSH has them: lines of `id_rsa.pub` and `authorized_keys`, and the block of RFC 4716. */
import { fromBase64, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { shorten } from '../../visible'
import type { Artifact } from '../artifact'
import { publicKey, titleFrom } from './artifacts'
import { isSecurityKey, readPublicBlob, securityKeyDetails, SshReader } from './ssh-blob'
import { isSshCertificate, readSshCertificate } from './ssh-certificate'
import type { Opening, Origin } from './state'

/** A key's name, as it stands before its base64, which begins with the length of that name. */
const LINE = /(?:^|\s)([a-z][a-z0-9.@-]{2,62}) +(AAAA[A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/s
const [BLOCK_BEGIN, BLOCK_END] = ['---- BEGIN SSH2 PUBLIC KEY ----', '---- END SSH2 PUBLIC KEY ----'] as const
const MAX_KEYS = 1_000

/** True for a text that has at least one such key. */
export function looksLikeOpenssh(text: string): boolean {
  return text.includes(BLOCK_BEGIN) || text.split(/[\r\n]+/).some((line) => LINE.test(line))
}

/**
 * Opens all keys of a text. A line that can't be read is told, and takes no other along.
 * @throws LabError `bad_openssh_key`, `unsupported_openssh_key` of the first line when none can be read
 */
export async function openOpenssh(text: string, opening: Opening): Promise<readonly Artifact[]> {
  if (text.includes(BLOCK_BEGIN)) return [await openBlock(text, opening)]
  const artifacts: Artifact[] = []
  let first: LabError | undefined
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    if (artifacts.length === MAX_KEYS) {
      const most = MAX_KEYS.toLocaleString('en')
      opening.note(`The first ${most} keys were read; those from line ${at + 1} on were passed over.`)
      break
    }
    await opening.breathe()
    const subject = `The OpenSSH key in line ${at + 1}`
    try {
      artifacts.push(await openLine(line, { subject, source: `OpenSSH, line ${at + 1}` }, opening))
    } catch (error) {
      const told = opening.passOver(error, subject)
      first ??= told
    }
  }
  if (artifacts.length === 0 && first) throw first
  return artifacts
}

async function openLine(line: string, { subject, source }: Origin, opening: Opening): Promise<Artifact> {
  const [, name = '', base64 = '', comment = ''] = LINE.exec(line) ?? []
  if (name === '') {
    throw new LabError(
      'bad_openssh_key',
      `${subject} is none: a name as ssh-ed25519 and base64 are expected.`,
    )
  }
  return openKey(fromBase64(base64), { subject, comment, source, name }, opening)
}

/** RFC 4716: headers with a colon, of which a backslash at the end carries on, then base64. */
async function openBlock(text: string, opening: Opening): Promise<Artifact> {
  const start = text.indexOf(BLOCK_BEGIN) + BLOCK_BEGIN.length
  const end = text.indexOf(BLOCK_END, start)
  if (end < 0) {
    throw new LabError('bad_openssh_key', `The SSH2 public key has no line “${BLOCK_END}”: it is cut short.`)
  }
  const lines = text
    .slice(start, end)
    .replace(/\\\r?\n/g, '')
    .split(/\r?\n/)
  const base64 = lines
    .filter((line) => !line.includes(':'))
    .map((line) => line.trim())
    .join('')
  const comment = lines.find((line) => /^comment:/i.test(line))?.replace(/^comment: *"?|"$/gi, '') ?? ''
  const place = { subject: 'The SSH2 public key', comment, source: 'SSH2 public key' }
  return openKey(fromBase64(base64), place, opening)
}

async function openKey(
  blob: Bytes | undefined,
  { subject, comment, source, name }: Origin & { readonly comment: string; readonly name?: string },
  opening: Opening,
): Promise<Artifact> {
  if (!blob) throw new LabError('bad_openssh_key', `${subject} is not base64: copy it anew, whole.`)
  const kind = new SshReader(blob, subject).text()
  if (name !== undefined && name !== kind) {
    const inside = shorten(kind, 60)
    opening.note(`${subject} is called ${name}, but what is in it is ${inside}.`)
  }
  const title = titleFrom(comment)
  if (isSshCertificate(kind)) {
    const { spki, keyId, details } = await readSshCertificate(blob, subject)
    const id = titleFrom(keyId)
    const named = id === undefined ? title : `OpenSSH certificate, ${id}`
    return opening.make(publicKey(spki, { title: named, details }), { subject, source })
  }
  const reader = new SshReader(blob, subject)
  const spki = readPublicBlob(reader)
  const details = isSecurityKey(kind) ? securityKeyDetails(reader) : []
  return opening.make(publicKey(spki, { title, ...(details.length > 0 ? { details } : {}) }), {
    subject,
    source,
  })
}
