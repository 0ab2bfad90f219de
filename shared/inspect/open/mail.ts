/** S/MIME messages (RFC 8551): what is signed, encrypted or attached, in base64 under headers of MIME. */
import { fromBase64 } from '../../bytes'
import { LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { openElements } from './elements'
import type { Opening } from './state'

/** Types of content that hold what is opened here (RFC 8551 section 3.2, RFC 2585, RFC 5958, RFC 7292). */
const CONTENT =
  /^content-type:[ \t]*(application\/(?:x-)?(?:pkcs7-(?:mime|signature|certificates)|pkcs(?:8|10|12)|pkix-(?:cert|crl|attr-cert)|x509-(?:ca|user)-cert|timestamp-reply))\b/i
const HEADER = /^[A-Za-z][A-Za-z0-9-]*:/
/** Parts of a message that are opened. */
const MAX_PARTS = 100

interface MailPart {
  readonly type: string
  readonly encoding: string
  readonly line: number
  readonly body: string
}

/** True for a message that has such a part. */
export function looksLikeMail(text: string): boolean {
  return text.split(/\r\n|\r|\n/).some((line) => CONTENT.test(line))
}

/**
 * Opens what a message carries; its signature is not checked.
 * @throws LabError of the first part when none can be opened
 */
export async function openMail(text: string, opening: Opening): Promise<readonly Artifact[]> {
  const artifacts: Artifact[] = []
  let first: LabError | undefined
  const parts = partsOf(text)
  const unread = parts[MAX_PARTS]
  if (unread) {
    opening.note(
      `The first ${MAX_PARTS} parts were read; those from line ${unread.line} on were passed over.`,
    )
  }
  for (const { type, encoding, line, body } of parts.slice(0, MAX_PARTS)) {
    const subject = `The part ${type} in line ${line}`
    try {
      const bytes = encoding === 'base64' ? fromBase64(body.replace(/\s/g, '')) : undefined
      if (!bytes || bytes.length === 0) {
        throw new LabError(
          'bad_pkcs7',
          `It is not in base64, but in ${encoding}: save the attachment from the mail program, and open that.`,
        )
      }
      artifacts.push(
        ...(await openElements(bytes, { source: `S/MIME, ${type}, line ${line}`, subject }, opening)),
      )
    } catch (error) {
      const told = opening.passOver(error, subject)
      first ??= told
    }
  }
  if (artifacts.length === 0 && first) throw first
  return artifacts
}

/** Every part whose type is known, with what stands below its headers up to an empty line or a boundary. */
function partsOf(text: string): readonly MailPart[] {
  const lines = text.split(/\r\n|\r|\n/)
  return lines.flatMap((line, at) => {
    const type = CONTENT.exec(line)?.[1]?.toLowerCase()
    if (type === undefined) return []
    let start = at
    while (start > 0 && isHeader(lines[start - 1] ?? '')) start--
    let end = at
    while (end < lines.length && lines[end] !== '') end++
    const headers = lines.slice(start, end).join('\n')
    const encoding = /^content-transfer-encoding:[ \t]*([\w-]+)/im.exec(headers)?.[1]?.toLowerCase() ?? '7bit'
    const body = lines.slice(end + 1)
    const stop = body.findIndex((each) => each === '' || each.startsWith('--'))
    return [{ type, encoding, line: at + 1, body: body.slice(0, stop < 0 ? undefined : stop).join('\n') }]
  })
}

/** A header, or a line that carries one on. */
function isHeader(line: string): boolean {
  return HEADER.test(line) || /^[ \t]+\S/.test(line)
}
