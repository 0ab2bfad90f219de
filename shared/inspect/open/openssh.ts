/** Public keys as OpenSSH has them: lines of `id_rsa.pub` and `authorized_keys`, and the block of RFC 4716. */
import { fromBase64, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { publicKey, titleFrom } from './artifacts'
import { SshReader, readPublicBlob } from './ssh-blob'
import type { Opening } from './state'

/** A key's name, as it stands before its base64. */
const LINE =
  /(?:^|\s)((?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+)(?:-cert-v\d\d)?(?:@openssh\.com)?) +(AAAA[A-Za-z0-9+/]+={0,2})(?:[ \t](.*))?$/s
const [BLOCK_BEGIN, BLOCK_END] = ['---- BEGIN SSH2 PUBLIC KEY ----', '---- END SSH2 PUBLIC KEY ----'] as const
const MAX_KEYS = 1_000

/** True for a text that has at least one such key. */
export function looksLikeOpenssh(text: string): boolean {
  return text.includes(BLOCK_BEGIN) || text.split(/[\r\n]+/).some((line) => LINE.test(line))
}

/**
 * Opens all keys of a text.
 * @throws LabError `bad_openssh_key`, `unsupported_openssh_key`
 */
export async function openOpenssh(text: string, opening: Opening): Promise<readonly Artifact[]> {
  if (text.includes(BLOCK_BEGIN)) return [openBlock(text, opening)]
  const artifacts: Artifact[] = []
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    const [, name = '', base64 = '', comment = ''] = LINE.exec(line) ?? []
    if (name === '' || line.trimStart().startsWith('#')) continue
    if (artifacts.length === MAX_KEYS) {
      throw new LabError('too_many_keys', `The file has more than ${MAX_KEYS.toLocaleString('en')} keys.`)
    }
    await opening.breathe()
    const subject = `The OpenSSH key in line ${at + 1}`
    artifacts.push(
      openKey(fromBase64(base64), { subject, comment, source: `OpenSSH, line ${at + 1}` }, opening),
    )
  }
  return artifacts
}

/** RFC 4716: headers with a colon, of which a backslash at the end carries on, then base64. */
function openBlock(text: string, opening: Opening): Artifact {
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

function openKey(
  blob: Bytes | undefined,
  { subject, comment, source }: { subject: string; comment: string; source: string },
  opening: Opening,
): Artifact {
  if (!blob) throw new LabError('bad_openssh_key', `${subject} is not base64: copy it anew, whole.`)
  const spki = readPublicBlob(new SshReader(blob, subject))
  return opening.make(publicKey(spki, { title: titleFrom(comment) }), { subject, source })
}
