/** Members: the named values inside a message, each with what it is. */
import type { Bytes } from '../bytes'
import type { Derivation } from './derivation'

/** How a member's value is written: JSON string, JSON integer, or a JSON string that holds base64. */
export type MemberKind = 'identity' | 'timestamp' | 'integer' | 'text' | 'pem' | 'bytes'

export type MemberValue = string | number | Bytes

/** What a member is, whatever it is called. `K`: the symbols of the protocol's keys. */
export type Nature<K extends string = string> =
  /** The name of one of the parties, by its role. */
  | { readonly is: 'identity'; readonly of: string }
  | { readonly is: 'timestamp' }
  /** A symmetric key. */
  | { readonly is: 'key'; readonly key: K }
  | { readonly is: 'public-key'; readonly key: K }
  | { readonly is: 'private-key'; readonly key: K }
  /** An X.509 certificate for a public key, signed with a private one. */
  | { readonly is: 'certificate'; readonly for: K; readonly by: K }
  /** A PKCS#10 request for a certificate, signed with the private key that belongs to it. */
  | { readonly is: 'request'; readonly for: K; readonly by: K }
  /** A bare signature; `certificate` is the member whose key verifies it. */
  | {
      readonly is: 'signature'
      readonly scheme: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS'
      readonly made: Derivation<K>
      readonly certificate: string
    }
  /** A signature that says whose a key is: the names are also in the member `certificate`, the key is the member `for`. */
  | {
      readonly is: 'bare-certificate'
      readonly made: Derivation<K>
      readonly certificate: string
      readonly for: string
    }
  | { readonly is: 'nonce' }
  /** An ephemeral public value for a key agreement, of a role. */
  | { readonly is: 'share'; readonly of: string }
  | { readonly is: 'sequence-number' }
  | { readonly is: 'lifetime' }
  | { readonly is: 'address'; readonly of: string }
  | { readonly is: 'port'; readonly of: string }
  /** What the whole thing is for: a request, an answer. */
  | { readonly is: 'payload' }

/** A rule beyond kind and length that a value has to follow. */
export type MemberRule = 'strong_des_key'

/** What a sheet says of a member. */
export interface MemberSpec<K extends string = string> {
  /** The name in the JSON object. */
  readonly name: string
  /** The field's symbol for it. */
  readonly symbol: string
  readonly kind: MemberKind
  readonly nature: Nature<K>
  /** What it is for, one sentence. */
  readonly meaning: string
  /** `bytes`: the exact length. */
  readonly length?: number
  readonly rule?: MemberRule
}

type ValueOfKind<K extends MemberKind> = K extends 'timestamp' | 'integer'
  ? number
  : K extends 'bytes'
    ? Bytes
    : string

/** The values of members by name. */
export type MemberValues<M extends MemberSpec> = {
  readonly [N in M as N['name']]: ValueOfKind<N['kind']>
}

/** The key that a member carries to its receiver. */
export function carriedKey<K extends string>({ nature }: MemberSpec<K>): K | undefined {
  return 'key' in nature ? nature.key : undefined
}

/** True when a window may show the value only after it was asked to: private and symmetric keys. */
export function isSecret({ nature }: MemberSpec): boolean {
  return nature.is === 'key' || nature.is === 'private-key'
}

/** The label of PEM text (RFC 7468) that holds a thing of this nature; none for what is not written as PEM. */
export function pemLabel({ nature }: MemberSpec): string | undefined {
  switch (nature.is) {
    case 'certificate':
      return 'CERTIFICATE'
    case 'request':
      return 'CERTIFICATE REQUEST'
    case 'public-key':
      return 'PUBLIC KEY'
    case 'private-key':
      return 'PRIVATE KEY'
    default:
      return undefined
  }
}
