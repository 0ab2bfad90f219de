/** Opens a file of keys and certificates. What it is is told by its content, never by its name. */
import { fromBase64, fromHex, toHex, type Bytes } from '../bytes'
import { LabError } from '../errors'
import type { Artifact } from './artifact'
import { shownName, type OpenedFile } from './opened'
import { openElements } from './open/elements'
import { refuseForeign } from './open/foreign'
import { isKnownJson, looksLikeJson, openJson } from './open/json'
import { looksLikeMail, openMail } from './open/mail'
import { looksLikeOpenssh, openOpenssh } from './open/openssh'
import { openPem } from './open/pem'
import { almostPem, hasPem } from './open/pem-blocks'
import { withOwnFile } from './open/own-file'
import { located, Opening, type Passphrase } from './open/state'
import { textOf } from './open/text'

export type { OpenedFile } from './opened'
export type { OpeningProgress, OpeningTalk, PassphraseQuestion } from './open/state'

/** Size of the largest file that is opened, in bytes. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024

const EXPECTED =
  'Expected is a certificate, request, key, chain, revocation list, OCSP response, time stamp, PKCS#7 or PKCS#12 file in PEM or DER, an S/MIME message, a JWK, an OpenSSH key, or Cert_S in JSON.'

/**
 * Opens a file.
 * @param ownName for titles and messages, and for commands that are asked of the file
 * @param passphrase opens what is locked; null leaves it locked and shows its structure; or who is asked for each part
 * @throws LabError `passphrase_needed` when something is locked and none was given, `wrong_passphrase`; `empty_file`,
 *   `file_too_large`, `not_recognised`, `unsupported_format`; and the codes of what was found: `bad_pem`, `bad_der`,
 *   `bad_certificate`, `bad_request_bytes`, `bad_public_key`, `bad_private_key`, `bad_encrypted_key`,
 *   `unsupported_encryption`, `bad_pkcs7`, `bad_pkcs12`, `bad_json`, `bad_jwk`, `unsupported_jwk`, `bad_cert_s`,
 *   `bad_openssh_key`, `unsupported_openssh_key`, `asn1_too_deep`, `asn1_too_many`, `too_many_keys`;
 *   what who is asked throws
 */
export async function openFile(bytes: Bytes, ownName: string, passphrase?: Passphrase): Promise<OpenedFile> {
  const name = shownName(ownName)
  if (bytes.length === 0) throw new LabError('empty_file', `${name} is empty.`)
  if (bytes.length > MAX_FILE_BYTES) {
    const size = `${(bytes.length / 1024 / 1024).toFixed(1)} MiB`
    const limit = `${MAX_FILE_BYTES / 1024 / 1024} MiB`
    throw new LabError('file_too_large', `${name} has ${size}; files of up to ${limit} are opened.`)
  }
  const opening = new Opening(name, passphrase)
  try {
    const artifacts = await openContent(bytes, opening)
    opening.requireOpened()
    return { name, artifacts: withOwnFile(bytes, ownName, artifacts), notes: opening.notes }
  } catch (error) {
    throw error instanceof LabError ? located(error, name) : error
  }
}

async function openContent(bytes: Bytes, opening: Opening): Promise<readonly Artifact[]> {
  refuseForeign(bytes)
  const text = isWholeDer(bytes) ? undefined : textOf(bytes)
  if (text === undefined) return openBinary(bytes, 'DER', opening)
  if (looksLikeMail(text) && !looksLikeJson(text)) return openMail(text, opening)
  // Cert_S has PEM in it, and so has JSON of others, whose PEM is what counts.
  if (hasPem(text) && !isKnownJson(text)) return openPem(text, opening)
  if (looksLikeJson(text)) return openJson(text, opening)
  if (looksLikeOpenssh(text)) return openOpenssh(text, opening)
  const almost = almostPem(text)
  if (almost) throw almost
  const decoded = fromText(text)
  if (decoded) return openBinary(decoded, 'DER written as text', opening)
  throw notRecognised(text.trim() === '' ? 'The file has nothing but spaces' : 'The file is a text')
}

async function openBinary(bytes: Bytes, source: string, opening: Opening): Promise<readonly Artifact[]> {
  if (!startsLikeDer(bytes)) {
    throw notRecognised(
      `The file begins with the bytes ${toHex(bytes.subarray(0, 4), ' ')}: a SEQUENCE of DER begins with 30`,
    )
  }
  return openElements(bytes, { source, subject: 'The file' }, opening)
}

/** Bytes of a SEQUENCE written in base64 or hex. */
function fromText(text: string): Bytes | undefined {
  if (/^\s*30/.test(text)) return fromHex(text.replace(/[\s:]/g, ''))
  return /^\s*M/.test(text) ? fromBase64(text.replace(/\s/g, '')) : undefined
}

/** True for one element that takes up all of the bytes: a text can't do that by chance. */
function isWholeDer(bytes: Bytes): boolean {
  if (!startsLikeDer(bytes) || bytes.length < 0x80) return false
  const lengthBytes = (bytes[1] ?? 0) & 0x7f
  const length = bytes.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0)
  return (bytes[1] ?? 0) > 0x80 && lengthBytes <= 4 && 2 + lengthBytes + length === bytes.length
}

/** Every format in DER is a SEQUENCE. */
function startsLikeDer(bytes: Bytes): boolean {
  return bytes[0] === 0x30
}

function notRecognised(what: string): LabError {
  return new LabError('not_recognised', `${what}. ${EXPECTED}`)
}
