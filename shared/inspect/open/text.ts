/** Files that are texts: UTF-8 with or without a byte order mark, UTF-16 with one. */
import { fromUtf8, toBinaryString, type Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { hasPem } from './pem-blocks'

/** The text of a file; undefined when it is a binary one. Line ends stay as they are. */
export function textOf(bytes: Bytes): string | undefined {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le')
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be')
  const isMarked = first === 0xef && second === 0xbb && third === 0xbf
  const text = utf8(isMarked ? bytes.subarray(3) : bytes)
  if (text !== undefined && isText(text)) return text
  // Something else may stand around PEM, in any encoding that has ASCII in it.
  const raw = toBinaryString(bytes)
  return hasPem(raw) ? raw : undefined
}

function decoded(bytes: Bytes, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes)
}

function utf8(bytes: Bytes): string | undefined {
  return orUndefined(() => fromUtf8(bytes))
}

/** Without control characters other than those of layout. */
function isText(text: string): boolean {
  return !/[^\P{Cc}\t\n\v\f\r]/u.test(text)
}
