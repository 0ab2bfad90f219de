/**
 * A chain of certificates as data: what each says, by whom it is signed, and what is wrong with it on purpose. Nothing here is a key, a
 * date of the calendar or a serial number: those are made afresh each time the chain is (`make.ts`).
 */

/** An attribute of a distinguished name, and the string type that it is written with (UTF8String when none is said). */
export interface NamePart {
  readonly type: 'commonName' | 'organizationName' | 'countryName' | 'emailAddress'
  readonly text: string
  readonly as?: 'PrintableString' | 'IA5String'
}

/** A GeneralName (RFC 5280 section 4.2.1.6). Text is written as it is given, whatever the type allows. */
export type AlternativeName =
  | { readonly kind: 'DNS' | 'URI' | 'email'; readonly value: string }
  | { readonly kind: 'IP'; readonly value: string; readonly mask?: string }
  | { readonly kind: 'directory'; readonly value: readonly NamePart[] }

/** An extension (RFC 5280 section 4.2). `raw` has any value, in hex. */
export type ExtensionPlan = { readonly critical?: boolean } & (
  | { readonly kind: 'basicConstraints'; readonly authority: boolean; readonly pathLength?: number }
  | { readonly kind: 'keyUsage'; readonly usages: readonly KeyUsage[] }
  | { readonly kind: 'extKeyUsage'; readonly purposes: readonly string[] }
  | { readonly kind: 'subjectAltName'; readonly names: readonly AlternativeName[] }
  | { readonly kind: 'subjectKeyIdentifier' }
  | { readonly kind: 'authorityKeyIdentifier'; readonly of?: 'issuer' | 'nobody' }
  | {
      readonly kind: 'nameConstraints'
      readonly permitted?: readonly AlternativeName[]
      readonly excluded?: readonly AlternativeName[]
    }
  | { readonly kind: 'raw'; readonly name: string; readonly value: string; readonly writesDefault?: true }
)
export type ExtensionKind = ExtensionPlan['kind']

/** In the order of their bits (RFC 5280 section 4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const
export type KeyUsage = (typeof KEY_USAGES)[number]

/** A kind of key that can be made. */
export type KeyKind =
  | { readonly kind: 'RSA'; readonly bits: number; readonly exponent?: 3 }
  | { readonly kind: 'EC'; readonly curve: 'P-256' | 'P-384' | 'P-521' }
  | { readonly kind: 'Ed25519' }

/** What is done to a public key that was made: with the first, everybody has the private one. */
export type KeyFault = 'exponent 1' | 'even modulus' | 'point off the curve'

/** A time, in days from the moment at which the chain is made, or a year; and how it is written. */
export interface TimePlan {
  readonly at: { readonly days: number } | { readonly year: number }
  /** UTCTime before 2050 and GeneralizedTime from then on, when nothing else is said (RFC 5280 section 4.1.2.5). */
  readonly as?: 'UTCTime' | 'GeneralizedTime' | 'fraction of a second' | 'no zone' | 'no seconds' | 'offset'
}

/** A serial number: 16 random bytes, or made wrong of random ones. */
export type SerialPlan = 'fresh' | 'zero' | 'negative' | '33 bytes' | 'redundant zeros'

export type HashName = 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** How a certificate or a list is signed. */
export interface SignaturePlan {
  readonly hash: HashName
  readonly scheme?: 'PSS'
  /** The hash that the algorithm outside the signed part names, when it is not the one inside. */
  readonly outside?: HashName
  /** Parameters that the algorithm should have, and has not, or the other way round; of PSS a salt that is not as long. */
  readonly parameters?: 'left out' | 'NULL' | 'salt of 20 bytes'
  readonly fault?: 'a bit flipped' | 'not DER' | 'empty'
}

/** What one certificate says. */
export interface CertificatePlan {
  /** Unique in its chain. */
  readonly id: string
  /** Whose key signs it and whose subject is its issuer; itself for a root. */
  readonly issuer: string
  /** As the issuer's name in place of that subject. */
  readonly issuerName?: readonly NamePart[]
  /** 3 is written as 2 (RFC 5280 section 4.1.2.1). */
  readonly version: number
  readonly serial: SerialPlan
  readonly subject: readonly NamePart[]
  readonly notBefore: TimePlan
  readonly notAfter: TimePlan
  /** A kind of key, or the certificate whose key it has too. */
  readonly key: (KeyKind & { readonly fault?: KeyFault }) | { readonly kind: 'of'; readonly id: string }
  readonly signature: SignaturePlan
  readonly extensions: readonly ExtensionPlan[]
  /** What is done to the whole when it is signed. */
  readonly fault?: 'a byte behind' | 'length too long'
}

/** A revocation list of one authority (RFC 5280 section 5). */
export interface ListPlan {
  /** Whose name stands in it. */
  readonly issuer: string
  /** Whose key signs it, when not the issuer's. */
  readonly signedBy?: string
  readonly revoked: readonly { readonly id: string; readonly reason: number }[]
  readonly thisUpdate: TimePlan
  readonly nextUpdate: TimePlan
  readonly fault?: 'unknown critical extension' | 'a bit flipped'
}

/** A chain, what a server sends of it, and what is trusted. */
export interface ChainPlan {
  readonly certificates: readonly CertificatePlan[]
  /** The server's. */
  readonly leaf: string
  /** Those that the server sends after its own, in this order. */
  readonly sent: readonly string[]
  readonly anchors: readonly string[]
  readonly lists: readonly ListPlan[]
  /** The name or address that the server is asked for. */
  readonly host: string
}
