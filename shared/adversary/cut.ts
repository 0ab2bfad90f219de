/** Leaving blocks out of a message in DES-CBC whose plaintext is known, so that nobody notices. */
import { concat, fromUtf8, type Bytes } from '../bytes'
import { orUndefined } from '../errors'
import { encodeHeader, headerField, HEADER_BYTES } from '../hl1/frame'

const BLOCK = 8

/**
 * An answer of suite `classic` without some of its blocks, and with a timestamp and an end that are as they were: where two blocks
 * meet that did not before, one block of plaintext turns into another, which follows from what is known; it has to be text
 * that may stand in a JSON string.
 * @param known how the plaintext begins, as far as anybody knows it
 */
export function cutAnswer(
  frame: Bytes,
  known: Bytes,
): { readonly frame: Bytes; readonly measured: string } | undefined {
  const body = frame.slice(HEADER_BYTES)
  const blocks = Array.from({ length: body.length / BLOCK }, (_, index) =>
    body.slice(index * BLOCK, (index + 1) * BLOCK),
  )
  // Block 0 is the IV: plaintext block n is in block n + 1. The first holds the member's name, the last known one may be cut.
  const last = Math.floor(known.length / BLOCK) - 2
  let tried = 0
  for (let from = 2; from < last; from++) {
    for (let to = from + 1; to < last; to++) {
      tried++
      const seam = xor(xor(known.slice(to * BLOCK, (to + 1) * BLOCK), blocks[to]), blocks[from])
      if (!isPlainText(seam)) continue
      const kept = concat(...blocks.slice(0, from + 1), ...blocks.slice(to + 1))
      const header = encodeHeader(headerField(frame, 'type'), headerField(frame, 'suite'), kept.length)
      const measured = `${tried} ways of cutting tried until one left a text: ${(to - from) * BLOCK} bytes are gone.`
      return { frame: concat(header, kept), measured }
    }
  }
  return undefined
}

function xor(a: Uint8Array, b: Uint8Array = new Uint8Array(BLOCK)): Bytes {
  return Uint8Array.from(a, (byte, index) => byte ^ (b[index] ?? 0))
}

/** Whether bytes may stand in a JSON string as they are. */
function isPlainText(bytes: Bytes): boolean {
  const text = orUndefined(() => fromUtf8(bytes))
  return text !== undefined && !/[\u0000-\u001f"\\]/.test(text)
}
