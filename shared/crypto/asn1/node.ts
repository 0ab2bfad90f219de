/** The elements of ASN.1 in BER or DER (X.690), in the order of their bytes: what the structure view shows. */
import type { Bytes } from '../../bytes'

export type TagClass = 'universal' | 'application' | 'context' | 'private'

/** One element as its header says it is. Offsets count from the first byte of {@link Asn1Tree.bytes}. */
export interface Asn1Element {
  /** Where the header begins. */
  readonly offset: number
  /** Bytes of tag and length. */
  readonly headerLength: number
  /** Bytes of content; with an indefinite length those before the end mark, and the mark. */
  readonly contentLength: number
  readonly tagClass: TagClass
  /** Of the class, for instance 16 for SEQUENCE in `universal`. */
  readonly tagNumber: number
  readonly constructed: boolean
  /** True where the length was left open (BER) and an end-of-contents mark ends it. */
  readonly indefinite: boolean
}

/** An element in its place in the tree. */
export interface Asn1Node extends Asn1Element {
  /** Its place in {@link Asn1Tree.nodes}. */
  readonly index: number
  /** Index of the element that holds it; undefined at the top. */
  readonly parent: number | undefined
  /** 0 at the top. */
  readonly depth: number
  /** Index after the last element inside it: its descendants are `index + 1` up to, not including, this. */
  readonly next: number
}

/** All elements of some bytes: a parent comes before its children, children in the order of their bytes. */
export interface Asn1Tree<Node extends Asn1Node = Asn1Node> {
  readonly bytes: Bytes
  readonly nodes: readonly Node[]
  /** Where reading ended: less than the bytes' length when an end-of-contents mark at the top came first. */
  readonly end: number
}

/** A node with what the RFCs say of it. */
export interface NamedNode extends Asn1Node {
  /** Its field in the structure around it, for instance `notBefore`; undefined where the structure isn't known. */
  readonly field: string | undefined
  /** Its type by the RFCs, for instance `Validity`, or the built-in one, `INTEGER`; undefined where neither is known. */
  readonly type: string | undefined
  /** True for the outermost elements that stand inside an OCTET STRING or BIT STRING, which a plain parser shows as bytes. */
  readonly encapsulated: boolean
  /** Tag number of the universal type whose encoding the content has: its own, or that behind an IMPLICIT tag; undefined where not known. */
  readonly universal: number | undefined
  /** Names of bits or numbers, by number, where the type gives them names. */
  readonly numberNames: ReadonlyMap<number, string> | undefined
  /** What is wrong with it by the RFC, in a sentence, for instance that it should hold an encoded value and doesn't. */
  readonly problem: string | undefined
}

/** A tree with names; `type` is that of the whole, for instance `Certificate`, where it was recognised or given. */
export interface Asn1Structure extends Asn1Tree<NamedNode> {
  readonly type: string | undefined
}

/** A labelled line of a decoded value. */
export interface ValueDetail {
  readonly label: string
  readonly value: string
}

/** What the content of an element means. */
export interface Asn1Value {
  /** One line; empty for elements that hold others. Long values are cut and end with `…`. */
  readonly text: string
  /** The same in full and in every form, for instance decimal, hex and bit length of an INTEGER. */
  readonly details: readonly ValueDetail[]
  /** What is wrong with the encoding of this value, in a sentence. */
  readonly problem: string | undefined
}
