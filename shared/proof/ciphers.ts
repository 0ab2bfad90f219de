/** How OpenSSL opens what each cipher of both suites has closed. */
import { LabError } from '../errors'
import type { BodyField, Cipher } from '../record/term'
import * as classic from '../hl1/classic/ciphers'
import * as modern from '../hl1/modern/ciphers'
import { hexOf, hexOfFile, literal, same, slice, together, word, zeros } from './shell'

/** A place in a file; to its end without `end`. `file` is a word. */
export interface Place {
  readonly file: string
  readonly start: number
  readonly end?: number
}

/** What a cipher has made, by its parts; each is a source. */
export interface Ciphertext {
  readonly key: string
  /** Initialisation vector or nonce. */
  readonly iv: string
  readonly text: string
  readonly textLength: number
}

/** What a tag covers besides, and the tag itself. */
export interface Tagged extends Ciphertext {
  readonly additional: string
  readonly additionalLength: number
  readonly tag: string
}

const GCM_BLOCK = 16
/** GCM's own counter begins at 1, for the tag, so that the text is counted from 2 (SP 800-38D section 7.1). */
const [TAG_COUNTER, TEXT_COUNTER] = [1, 2] as const

/** The command that opens what a cipher closed. @throws LabError `internal_error` for a cipher that nobody has described */
export function opening(cipher: Cipher, ciphertext: Ciphertext): string {
  const open = OPENERS.get(cipher)
  if (!open) throw new LabError('internal_error', `Nobody has said how OpenSSL opens ${cipher.name}.`)
  return open(ciphertext)
}

/** How OpenSSL does it, in words, where that is not what the sheet's words say. */
export function openingWords(cipher: Cipher): string {
  return OPENERS.get(cipher) === openCounted
    ? 'AES-256-GCM, read as counter mode from 2: that looks at no tag'
    : cipher.full
}

/**
 * Holds where GCM's tag fits (SP 800-38D section 7). `openssl enc` has no GCM, but `openssl mac` has GMAC, which is GCM's sum without
 * a text. The sum over all that the tag covers, its lengths and the tag is the one over zeros and the encrypted first counter,
 * exactly where the tag is right: up to the tag the first sum is what the tag was made of, and both add the same after it.
 */
export function tagFits({ key, iv, text, textLength, additional, additionalLength, tag }: Tagged): string {
  const [fillAdditional, fillText] = [additionalLength, textLength].map(
    (length) => (GCM_BLOCK - (length % GCM_BLOCK)) % GCM_BLOCK,
  ) as [number, number]
  const lengths = new DataView(new ArrayBuffer(GCM_BLOCK))
  lengths.setBigUint64(0, BigInt(additionalLength) * 8n)
  lengths.setBigUint64(GCM_BLOCK / 2, BigInt(textLength) * 8n)
  const before = additionalLength + fillAdditional + textLength + fillText + GCM_BLOCK
  const sum = `openssl mac -cipher AES-256-GCM -macopt hexkey:${hexOfFile(word(key))} -macopt hexiv:${hexOf(iv)} GMAC`
  const covered = together(
    ...[additional, ...zeros(fillAdditional), text, ...zeros(fillText)],
    ...[literal(new Uint8Array(lengths.buffer)), tag],
  )
  const counter = `${together(iv, literal(counterBytes(TAG_COUNTER)))} | openssl enc -aes-256-ecb -nopad -K ${hexOfFile(word(key))}`
  return same(`${covered} | ${sum}`, `${together(...zeros(before), counter)} | ${sum}`)
}

/** Bytes of a cipher's fields. */
export function sizes(fields: readonly BodyField[]): number {
  return fields.reduce((sum, { size }) => sum + size, 0)
}

/** A place as a source. */
export function read({ file, start, end }: Place): string {
  return slice(file, start, end)
}

type Open = (ciphertext: Ciphertext) => string

const openOaep =
  (hash: 'sha1' | 'sha256'): Open =>
  ({ key, text }) =>
    `${text} | openssl pkeyutl -decrypt -inkey ${word(key)} -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}`

const openDes: Open = ({ key, iv, text }) =>
  `${text} | openssl enc -d -des-cbc -provider legacy -provider default -K ${hexOfFile(word(key))} -iv ${hexOf(iv)}`

const openCounted: Open = ({ key, iv, text }) =>
  `${text} | openssl enc -d -aes-256-ctr -K ${hexOfFile(word(key))} -iv ${hexOf(together(iv, literal(counterBytes(TEXT_COUNTER))))}`

const OPENERS: ReadonlyMap<Cipher, Open> = new Map<Cipher, Open>([
  [classic.RSA, openOaep('sha1')],
  [classic.DES, openDes],
  [modern.RSA, openOaep('sha256')],
  [modern.SEAL, openCounted],
  [modern.SEQUENCED, openCounted],
])

function counterBytes(counter: number): Uint8Array {
  return new Uint8Array([0, 0, 0, counter])
}
