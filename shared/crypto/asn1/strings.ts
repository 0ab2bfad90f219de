/** Character strings of ASN.1 (X.680 section 41) as text, tolerant: what is wrong is said, and shown as well as it goes. */
import { toBinaryString } from '../../bytes'

export interface DecodedText {
  readonly text: string
  /** What is wrong with the bytes, in a sentence. */
  readonly problem: string | undefined
}

interface StringType {
  readonly name: string
  readonly decode: (bytes: Uint8Array, name: string) => DecodedText
}

/** Types whose characters are one byte each. */
function singleBytes(forbidden?: RegExp): StringType['decode'] {
  return (bytes, name) => {
    const text = toBinaryString(bytes)
    const at = forbidden ? text.search(forbidden) : -1
    const found = `0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`
    return {
      text,
      problem: at < 0 ? undefined : `Byte ${at + 1} of the text, ${found}, is not allowed in ${name}.`,
    }
  }
}

/** By universal tag number. */
const TYPES: Readonly<Record<number, StringType>> = {
  7: { name: 'ObjectDescriptor', decode: singleBytes() },
  12: { name: 'UTF8String', decode: decodeUtf8 },
  18: { name: 'NumericString', decode: singleBytes(/[^0-9 ]/) },
  19: { name: 'PrintableString', decode: singleBytes(/[^A-Za-z0-9 '()+,\-./:=?]/) },
  20: { name: 'TeletexString', decode: singleBytes() },
  21: { name: 'VideotexString', decode: singleBytes() },
  22: { name: 'IA5String', decode: singleBytes(/\P{ASCII}/u) },
  25: { name: 'GraphicString', decode: singleBytes() },
  26: { name: 'VisibleString', decode: singleBytes(/[^ -~]/) },
  27: { name: 'GeneralString', decode: singleBytes() },
  28: { name: 'UniversalString', decode: (bytes, name) => decodeWide(bytes, name, 4) },
  30: { name: 'BMPString', decode: (bytes, name) => decodeWide(bytes, name, 2) },
}

/** True for a universal tag number of a character string. */
export function isStringTag(tagNumber: number): boolean {
  return tagNumber in TYPES
}

/** Decodes the content of a character string; undefined for tags of other types. */
export function decodeString(tagNumber: number, bytes: Uint8Array): DecodedText | undefined {
  const type = TYPES[tagNumber]
  return type?.decode(bytes, type.name)
}

/** An attribute of a distinguished name as text: what would pose as another one is marked (RFC 4514 section 2.4). */
export function attributeText(name: string, value: string): string {
  return `${name}=${value.replace(/[\\,+]/g, '\\$&')}`
}

/** UTF-8 text of bytes when all of it can be read by people; undefined for anything else. */
export function printableText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined
  const { text, problem } = decodeUtf8(bytes)
  return problem === undefined && !/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(text) ? text : undefined
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function decodeUtf8(bytes: Uint8Array): DecodedText {
  try {
    return { text: strictUtf8.decode(bytes), problem: undefined }
  } catch {
    return { text: lenientUtf8.decode(bytes), problem: 'The bytes are not UTF-8.' }
  }
}

/** UTF-16 or UTF-32, big-endian. */
function decodeWide(bytes: Uint8Array, name: string, width: 2 | 4): DecodedText {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const characters: string[] = []
  let isWrong = false
  for (let at = 0; at + width <= bytes.length; at += width) {
    const code = width === 2 ? view.getUint16(at) : view.getUint32(at)
    // Halves of a pair are characters in UTF-16 alone, which neither type is (X.680 section 41).
    isWrong ||= code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
    characters.push(code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))
  }
  const text = characters.join('')
  if (bytes.length % width !== 0) {
    return { text, problem: `The length is not a multiple of ${width} bytes, as ${name} needs.` }
  }
  return { text, problem: isWrong ? `A number in ${name} is no character.` : undefined }
}
