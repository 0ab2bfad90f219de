/** Content of OBJECT IDENTIFIER and RELATIVE-OID (X.690 sections 8.19 and 8.20) as dotted text. */

/** Longer ones are in no use; their text would cost time. */
const MAX_BYTES = 1_024
const SAFE = Number.MAX_SAFE_INTEGER / 128

/** The dotted form; undefined when the bytes are no object identifier. */
export function decodeOid(bytes: Uint8Array): string | undefined {
  const arcs = readArcs(bytes)
  const first = arcs?.[0]
  if (!arcs || first === undefined) return undefined
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n
  return [top, first - top * 40n, ...arcs.slice(1)].join('.')
}

/** The dotted form of an identifier below another; undefined when the bytes are none. */
export function decodeRelativeOid(bytes: Uint8Array): string | undefined {
  return readArcs(bytes)?.join('.')
}

/** Bytes of a dotted OID; undefined when the text is none. */
export function encodeOid(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(text)) return undefined
  const [top = 0n, second = 0n, ...rest] = text.split('.').map(BigInt)
  if (top < 2n && second >= 40n) return undefined
  return Uint8Array.from([top * 40n + second, ...rest].flatMap(encodeArc))
}

function encodeArc(arc: bigint): readonly number[] {
  const bytes = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80)
  return bytes
}

/** Numbers in base 128, each without leading zeros. */
function readArcs(bytes: Uint8Array): readonly bigint[] | undefined {
  if (bytes.length === 0 || bytes.length > MAX_BYTES) return undefined
  const arcs: bigint[] = []
  let arc: bigint | undefined
  // Numbers of the language are quicker: few arcs are larger than they can be.
  let small = 0
  let isFresh = true
  for (const byte of bytes) {
    if (isFresh && byte === 0x80) return undefined
    isFresh = byte < 0x80
    if (arc !== undefined) arc = (arc << 7n) | BigInt(byte & 0x7f)
    else if (small < SAFE) small = small * 128 + (byte & 0x7f)
    else arc = (BigInt(small) << 7n) | BigInt(byte & 0x7f)
    if (!isFresh) continue
    arcs.push(arc ?? BigInt(small))
    arc = undefined
    small = 0
  }
  return isFresh ? arcs : undefined
}
