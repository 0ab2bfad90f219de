/** Finds parts of a structure by their fields. */
import { DerError } from '../../crypto/encodings/der'
import { LabError, type ErrorCode } from '../../errors'
import type { Bytes } from '../../bytes'
import type { Asn1Structure, NamedNode } from '../../crypto/asn1/node'
import { decodeOid } from '../../crypto/encodings/oid-text'
import { readStructure } from '../../crypto/asn1/structure'
import { bytesOf, contentOf, valuesIn } from '../../crypto/asn1/walk'

/** An element in its structure. */
export interface Part {
  readonly structure: Asn1Structure
  readonly node: NamedNode
}

const [BOOLEAN, INTEGER, BIT_STRING, OBJECT_IDENTIFIER] = [1, 2, 3, 6] as const
/** Numbers of the file formats fit in this; what is longer isn't meant as one. */
const MAX_NUMBER_BYTES = 6

/**
 * Reads bytes as a type of the RFCs.
 * @throws LabError of this code when they are no DER
 */
export function readWhole(der: Bytes, type: string, code: ErrorCode): Part {
  try {
    const structure = readStructure(der, type)
    return required(wholeOf(structure), code, `There are no bytes; ${type} is expected.`)
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new LabError(code, `The bytes can’t be read. ${cause.message}`, { cause })
  }
}

/** What a strict reading finds wrong, in a sentence; undefined when it finds nothing. */
export function faultOfDer(require: () => void): string | undefined {
  try {
    require()
    return undefined
  } catch (error) {
    if (error instanceof DerError) return error.message
    throw error
  }
}

/** The outermost element; undefined when there is none. */
export function wholeOf(structure: Asn1Structure): Part | undefined {
  const [node] = structure.nodes
  return node && { structure, node }
}

/** The parts directly inside. */
export function partsOf({ structure, node }: Part): readonly Part[] {
  return valuesIn(structure, node).map((child) => ({ structure, node: child }))
}

/** The part behind these fields, one inside the other; undefined when one is missing. EXPLICIT tags are passed through. */
export function fieldOf(part: Part | undefined, ...fields: readonly string[]): Part | undefined {
  let found = part
  for (const field of fields) {
    found = found && unwrapped(found)
    found = found && partsOf(found).find(({ node }) => node.field === field)
  }
  return found && unwrapped(found)
}

/** The element behind an EXPLICIT tag; the part itself when it has none. */
export function unwrapped(part: Part): Part {
  const { node } = part
  const isWrapper = node.tagClass === 'context' && node.constructed && node.type === undefined
  return (isWrapper && partsOf(part)[0]) || part
}

/** The value inside a string, of that type if one is named; undefined when it could not be read there. */
export function insideOf(part: Part | undefined, type?: string): Part | undefined {
  const inner = part && partsOf(part).find(({ node }) => node.encapsulated)
  return type === undefined || inner?.node.type === type ? inner : undefined
}

/** Content bytes. */
export function contentBytes({ structure, node }: Part): Bytes {
  return contentOf(structure.bytes, node).slice()
}

/** The bytes of the whole element. */
export function wholeBytes({ structure, node }: Part): Bytes {
  return bytesOf(structure.bytes, node).slice()
}

/** Dotted OID; undefined for anything else. */
export function oidOfPart(part: Part | undefined): string | undefined {
  return part?.node.universal === OBJECT_IDENTIFIER ? decodeOid(contentBytes(part)) : undefined
}

/** Content of a BIT STRING without the byte that counts unused bits; undefined for anything else. */
export function bitsOfPart(part: Part | undefined): Bytes | undefined {
  return part?.node.universal === BIT_STRING ? contentBytes(part).slice(1) : undefined
}

/** An INTEGER that is small; undefined for anything else. */
export function numberOfPart(part: Part | undefined): number | undefined {
  if (part?.node.universal !== INTEGER) return undefined
  const content = contentBytes(part)
  if (content.length === 0 || content.length > MAX_NUMBER_BYTES) return undefined
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0)
  return (content[0] ?? 0) >= 0x80 ? value - 256 ** content.length : value
}

/** A BOOLEAN; undefined for anything else. */
export function booleanOfPart(part: Part | undefined): boolean | undefined {
  if (part?.node.universal !== BOOLEAN) return undefined
  const content = contentBytes(part)
  return content.length === 1 ? content[0] !== 0 : undefined
}

/**
 * The bytes of an INTEGER without leading zeros, and their length in bits; undefined for anything else. Its first bit is no
 * sign: keys whose numbers lack the zero byte in front are read as OpenSSL reads them.
 */
export function magnitudeOfPart(
  part: Part | undefined,
): { readonly bytes: Bytes; readonly bits: number } | undefined {
  if (part?.node.universal !== INTEGER) return undefined
  const content = contentBytes(part)
  if (content.length === 0) return undefined
  const first = content.findIndex((byte) => byte !== 0)
  const bytes = first < 0 ? new Uint8Array(1) : content.slice(first)
  return { bytes, bits: bytes.length * 8 - (Math.clz32(bytes[0] ?? 0) - 24) }
}

/** The part, or an error that says what is missing. */
export function required(part: Part | undefined, code: ErrorCode, message: string): Part {
  if (!part) throw new LabError(code, message)
  return part
}
