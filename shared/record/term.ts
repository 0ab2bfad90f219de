/**
 * A message as a term: encryptions, seals, objects and fields put into one another, as data. What a message is stands here
 * once; its formula, layers, members and the places of its bytes are worked out of it.
 */
import type { Algorithm } from './derivation'
import type { MemberSpec } from './member'

/** A part of a body with a fixed number of bytes. `note` may name `{key}` and `{bytes}`. */
export interface BodyField {
  readonly name: string
  readonly size: number
  readonly note: string
}

/** How a cipher turns a plaintext into bytes. */
export interface Cipher extends Algorithm {
  /** Before the ciphertext, in clear. */
  readonly before: readonly BodyField[]
  /** The ciphertext itself; `note` may name `{key}` and `{blocks}`. */
  readonly text: { readonly name: string; readonly note: string }
  /** What is worth a name at the end of the ciphertext, as a part of it. */
  readonly last?: BodyField
  /** After the ciphertext. */
  readonly after: readonly BodyField[]
  /**
   * Which bytes of ciphertext one byte of plaintext is in: the one in its place, the block in its place (of so many
   * bytes), or all of them.
   */
  readonly spread: 'byte' | 'all' | { readonly block: number }
}

/** A member that stands in the body by itself, in clear. */
export interface RawTerm<M extends MemberSpec = MemberSpec> {
  readonly is: 'raw'
  readonly member: M
  readonly field: BodyField
}

/** Members in one JSON object, in this order. */
export interface ObjectTerm<M extends MemberSpec = MemberSpec> {
  readonly is: 'object'
  readonly members: readonly M[]
}

/** Parts behind one another. Every one but the last has a length of its own. */
export interface JoinTerm<P = Term> {
  readonly is: 'join'
  readonly parts: readonly P[]
}

/** A part with its length before it, big-endian. */
export interface PrefixedTerm<B = Term> {
  readonly is: 'prefixed'
  readonly field: BodyField
  readonly body: B
}

/** Encrypted under a public key. */
export interface AsymTerm<B = Term, K extends string = string> {
  readonly is: 'asym'
  readonly cipher: Cipher
  readonly key: K
  readonly opensWith: K
  readonly body: B
}

/** Encrypted under a symmetric key, and nothing more: a change is not noticed. */
export interface SymTerm<B = Term, K extends string = string> {
  readonly is: 'sym'
  readonly cipher: Cipher
  readonly key: K
  readonly body: B
}

/** Encrypted under a symmetric key so that a change is noticed, also one of the transcript and the frame's header. */
export interface SealTerm<B = Term, K extends string = string> {
  readonly is: 'seal'
  readonly cipher: Cipher
  readonly key: K
  /** The step before whose frame the transcript that it is bound to ends. */
  readonly transcript: number
  /** The member that the nonce is made of, where the nonce is not random. */
  readonly nonce?: string
  readonly body: B
  /** The name of the sealed bytes, where they are no object. */
  readonly called?: string
}

/** A message. `K`: the symbols of the protocol's keys. */
export type Term<K extends string = string> =
  | RawTerm<MemberSpec<K>>
  | ObjectTerm<MemberSpec<K>>
  | JoinTerm<Term<K>>
  | PrefixedTerm<Term<K>>
  | AsymTerm<Term<K>, K>
  | SymTerm<Term<K>, K>
  | SealTerm<Term<K>, K>

/** The members of a term, as a type. */
export type MembersIn<T> =
  T extends ObjectTerm<infer M>
    ? M
    : T extends RawTerm<infer M>
      ? M
      : T extends { readonly is: 'join'; readonly parts: readonly (infer P)[] }
        ? MembersIn<P>
        : T extends { readonly body: infer B }
          ? MembersIn<B>
          : never

/** A layer of protection as the term has it. */
export interface TermLayer<K extends string = string> {
  readonly key: K
  readonly opensWith: K
  readonly algorithm: string
}

/** Members in one JSON object. */
export function object<const M extends readonly MemberSpec[]>(...members: M): ObjectTerm<M[number]> {
  return { is: 'object', members }
}

/** A member by itself, in clear. */
export function raw<const M extends MemberSpec>(member: M, field: BodyField): RawTerm<M> {
  return { is: 'raw', member, field }
}

/** Parts behind one another. */
export function join<const P extends readonly unknown[]>(...parts: P): JoinTerm<P[number]> {
  return { is: 'join', parts }
}

/** A part with its length before it. */
export function prefixed<B>(field: BodyField, body: B): PrefixedTerm<B> {
  return { is: 'prefixed', field, body }
}

/** Encrypted under `key`; only who has `opensWith` can read it. */
export function asym<K extends string, B>(cipher: Cipher, key: K, opensWith: K, body: B): AsymTerm<B, K> {
  return { is: 'asym', cipher, key, opensWith, body }
}

/** Encrypted under a symmetric key. */
export function sym<K extends string, B>(cipher: Cipher, key: K, body: B): SymTerm<B, K> {
  return { is: 'sym', cipher, key, body }
}

/** Sealed under a symmetric key, bound to the transcript before the frame of a step. */
export function seal<K extends string, B>(
  cipher: Cipher,
  key: K,
  transcript: number,
  body: B,
  more: Pick<SealTerm, 'nonce' | 'called'> = {},
): SealTerm<B, K> {
  return { is: 'seal', cipher, key, transcript, body, ...more }
}

/** The parts that stand behind one another in a body. */
export function partsOf(term: Term): readonly Term[] {
  return term.is === 'join' ? term.parts : [term]
}

/** Every member, in the order in which the term names it. */
export function membersOf<K extends string>(term: Term<K>): readonly MemberSpec<K>[] {
  return [...leavesOf(term)].flatMap(({ leaf }) => (leaf.is === 'raw' ? [leaf.member] : leaf.members))
}

/** The members of each JSON object, in the order of the plaintexts that the body is made of. */
export function objectsOf<K extends string>(term: Term<K>): readonly (readonly MemberSpec<K>[])[] {
  return [...leavesOf(term)].flatMap(({ leaf }) => (leaf.is === 'object' ? [leaf.members] : []))
}

/** Every layer of protection, the outermost first. */
export function layersOf<K extends string>(term: Term<K>): readonly TermLayer<K>[] {
  switch (term.is) {
    case 'raw':
    case 'object':
      return []
    case 'join':
      return term.parts.flatMap((part) => layersOf(part))
    case 'prefixed':
      return layersOf(term.body)
    default:
      return [layerOf(term), ...layersOf(term.body)]
  }
}

/** A member with the layers around it, outermost first. */
export interface MemberPlace<K extends string = string> {
  readonly member: MemberSpec<K>
  readonly under: readonly TermLayer<K>[]
}

/** Every member with what it is under. */
export function placesOf<K extends string>(term: Term<K>): readonly MemberPlace<K>[] {
  return [...leavesOf(term)].flatMap(({ leaf, under }) =>
    (leaf.is === 'raw' ? [leaf.member] : leaf.members).map((member) => ({ member, under })),
  )
}

function layerOf<K extends string>(
  term: AsymTerm<unknown, K> | SymTerm<unknown, K> | SealTerm<unknown, K>,
): TermLayer<K> {
  const opensWith = term.is === 'asym' ? term.opensWith : term.key
  return { key: term.key, opensWith, algorithm: term.cipher.full }
}

interface Leaf<K extends string> {
  readonly leaf: RawTerm<MemberSpec<K>> | ObjectTerm<MemberSpec<K>>
  readonly under: readonly TermLayer<K>[]
}

function* leavesOf<K extends string>(term: Term<K>, under: readonly TermLayer<K>[] = []): Generator<Leaf<K>> {
  switch (term.is) {
    case 'raw':
    case 'object':
      yield { leaf: term, under }
      return
    case 'join':
      for (const part of term.parts) yield* leavesOf(part, under)
      return
    case 'prefixed':
      yield* leavesOf(term.body, under)
      return
    default:
      yield* leavesOf(term.body, [...under, layerOf(term)])
  }
}
