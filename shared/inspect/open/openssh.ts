/** Public keys as OpenSSH has them: lines of `id_rsa.pub` and `authorized_keys`, and the block of RFC 4716. */
import { fromBase64, toBinaryString, type Bytes } from '../../bytes'
import { writeElement } from '../../crypto/der'
import { LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { rsaSpki, spkiOf, unsigned } from '../x509/keys'
import { publicKey } from './artifacts'
import { algorithmOf, bareAlgorithm, curveAlgorithm } from './key-forms'
import type { Opening } from './state'

/** A key's name, as it stands before its base64. */
const LINE =
  /(?:^|\s)((?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+)(?:-cert-v\d\d)?(?:@openssh\.com)?) +(AAAA[A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/
const [BLOCK_BEGIN, BLOCK_END] = ['---- BEGIN SSH2 PUBLIC KEY ----', '---- END SSH2 PUBLIC KEY ----'] as const
const MAX_KEYS = 1_000
const SEQUENCE = 0x30

/** Curves by OpenSSH's names. */
const CURVES: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'secp256r1',
  'ecdsa-sha2-nistp384': 'secp384r1',
  'ecdsa-sha2-nistp521': 'secp521r1',
}

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
  const spki = spkiOfBlob(blob, subject)
  const title = comment.trim() === '' ? {} : { title: comment.trim().slice(0, 80) }
  return opening.make(publicKey(spki, title), { subject, source })
}

/** RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4. */
function spkiOfBlob(blob: Bytes, subject: string): Bytes {
  const reader = new BlobReader(blob, subject)
  const name = toBinaryString(reader.next())
  const curve = CURVES[name]
  if (curve !== undefined) {
    reader.next()
    return spkiOf(curveAlgorithm(curve), reader.next())
  }
  switch (name) {
    case 'ssh-rsa': {
      const exponent = reader.next()
      return rsaSpki(reader.next(), exponent)
    }
    case 'ssh-ed25519':
      return spkiOf(bareAlgorithm('Ed25519'), reader.next())
    case 'ssh-ed448':
      return spkiOf(bareAlgorithm('Ed448'), reader.next())
    case 'ssh-dss': {
      const parameters = [reader.next(), reader.next(), reader.next()].map(unsigned)
      return spkiOf(algorithmOf('id-dsa', writeElement(SEQUENCE, ...parameters)), unsigned(reader.next()))
    }
    default:
      throw new LabError(
        'unsupported_openssh_key',
        `${subject} is of the kind ${name.slice(0, 60)}; expected is ssh-rsa, ssh-ed25519, ecdsa-sha2-nistp256, 384 or 521, or ssh-dss.`,
      )
  }
}

/** Reads strings, each with its length before it (RFC 4251 section 5). */
class BlobReader {
  #at = 0

  constructor(
    private readonly blob: Bytes,
    private readonly subject: string,
  ) {}

  next(): Bytes {
    const { blob, subject } = this
    const start = this.#at + 4
    const length =
      start <= blob.length ? new DataView(blob.buffer, blob.byteOffset + this.#at).getUint32(0) : Infinity
    this.#at = start + length
    if (this.#at > blob.length) {
      throw new LabError('bad_openssh_key', `${subject} is cut short at byte ${start - 4} of its content.`)
    }
    return blob.slice(start, this.#at)
  }
}
