/** Certificates, requests and keys of any algorithm as data. Unlike the protocol's own reader it keeps what it can't read, and says so. */
import type { Bytes } from '../../bytes'

/** One attribute of a distinguished name (RFC 5280 section 4.1.2.4). */
export interface NameAttribute {
  readonly oid: string
  /** Short name as in `CN`, or the dotted OID. */
  readonly name: string
  readonly value: string
}

/** A distinguished name. Two names are the same when {@link sameName} says so, not when their texts are. */
export interface DistinguishedNameView {
  /** As in `C=DE, O=Example, CN=ID-Server`, in the order of the bytes; empty for an empty name. */
  readonly text: string
  readonly attributes: readonly NameAttribute[]
  /** The last common name, where there is one. */
  readonly commonName: string | undefined
  readonly der: Bytes
}

export type GeneralNameKind =
  | 'otherName'
  | 'email'
  | 'DNS'
  | 'x400Address'
  | 'directoryName'
  | 'ediPartyName'
  | 'URI'
  | 'IP'
  | 'registeredID'

/** A GeneralName (RFC 5280 section 4.2.1.6). */
export interface GeneralNameView {
  readonly kind: GeneralNameKind
  /** For people: an IP address as text, in name constraints with its mask as `10.0.0.0/8`; hex where there is no text form. */
  readonly value: string
  /** Content bytes of the name: the address, the characters, or the DER of the Name. */
  readonly content: Bytes
}

/** What signed, or how: RFC 5280 section 4.1.1.2. */
export interface AlgorithmView {
  readonly oid: string
  readonly name: string
  /** The hash it uses, as in `SHA-256`, where it is known (also from the parameters of RSASSA-PSS). */
  readonly hash: string | undefined
  /** DER of the parameters; undefined when absent. */
  readonly parameters: Bytes | undefined
}

export type KeyFamily =
  'RSA' | 'RSA-PSS' | 'EC' | 'DSA' | 'DH' | 'Ed25519' | 'Ed448' | 'X25519' | 'X448' | 'other'

/** A public key in words and numbers. */
export interface PublicKeyDescription {
  readonly family: KeyFamily
  readonly oid: string
  /** For instance `RSA, 2048 bits`, `EC, P-256`, `Ed25519`. */
  readonly text: string
  /** Bits of the modulus, of the field, or of the point; undefined where not known. */
  readonly bits: number | undefined
  /** Of DSA and DH, where they are written: bits of the group's order, or those that the private number has. */
  readonly orderBits: number | undefined
  /** For instance `P-256`; undefined for keys without a curve. */
  readonly curve: string | undefined
  /** Modulus and exponent as hex without leading zeros, of RSA keys. */
  readonly rsa: { readonly modulus: string; readonly exponent: string } | undefined
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes
  /** Content of the BIT STRING subjectPublicKey: what a key identifier is the hash of. */
  readonly keyBytes: Bytes
}

/** An extension with its value decoded into text. */
export interface ExtensionView {
  readonly oid: string
  readonly name: string
  readonly critical: boolean
  /** One or a few lines for people; hex where the syntax isn't known. */
  readonly text: string
  /** Content of extnValue. */
  readonly value: Bytes
  /** Why its value can't be read. */
  readonly problem: string | undefined
}

export interface NamedOid {
  readonly oid: string
  readonly name: string
}

/** The standard extensions (RFC 5280 section 4.2) as data. A member is undefined when the extension is absent or unreadable. */
export interface StandardExtensions {
  readonly basicConstraints:
    { readonly authority: boolean; readonly pathLength: number | undefined } | undefined
  /** Names of RFC 5280 section 4.2.1.3, for instance `digitalSignature`. */
  readonly keyUsage: readonly string[] | undefined
  readonly extendedKeyUsage: readonly NamedOid[] | undefined
  readonly subjectAltName: readonly GeneralNameView[] | undefined
  readonly issuerAltName: readonly GeneralNameView[] | undefined
  readonly subjectKeyIdentifier: Bytes | undefined
  readonly authorityKeyIdentifier:
    | {
        readonly keyIdentifier: Bytes | undefined
        readonly issuer: readonly GeneralNameView[] | undefined
        /** Hex. */
        readonly serial: string | undefined
      }
    | undefined
  readonly nameConstraints:
    | { readonly permitted: readonly GeneralNameView[]; readonly excluded: readonly GeneralNameView[] }
    | undefined
  readonly certificatePolicies: readonly NamedOid[] | undefined
}

/** What a certificate of any kind says. Times are milliseconds since the Unix epoch. */
export interface CertificateDescription {
  readonly der: Bytes
  /** tbsCertificate, the bytes that the issuer signed. */
  readonly signedPart: Bytes
  /** Content of the BIT STRING. */
  readonly signature: Bytes
  readonly signatureAlgorithm: AlgorithmView
  /** True when the algorithm inside the signed part is the same as the one outside, byte for byte (RFC 5280 section 4.1.1.2). */
  readonly algorithmsAgree: boolean
  /** What keeps it from being DER of the RFC's types, in a sentence; undefined when nothing does. Values of extensions are not meant. */
  readonly notDer: string | undefined
  /** 1, 2 or 3; another number when the certificate says so. */
  readonly version: number
  /** Hex of the content of the INTEGER, two digits a byte. */
  readonly serial: string
  readonly issuer: DistinguishedNameView
  readonly subject: DistinguishedNameView
  /** Undefined when the time can't be read. */
  readonly notBefore: number | undefined
  readonly notAfter: number | undefined
  /** What is wrong with the form of a date, in a sentence; undefined when nothing is. */
  readonly datesFault: string | undefined
  readonly publicKey: PublicKeyDescription
  readonly extensions: readonly ExtensionView[]
  readonly standard: StandardExtensions
  /** What could not be read, or is against the RFC, each in a sentence. */
  readonly problems: readonly string[]
  /** Those of them that keep nobody from reading it: against RFC 5280, and taken by most. */
  readonly oddities: readonly string[]
}

/** An attribute of a request (RFC 2985); its values in words, empty for the extensions that are asked for. */
export interface RequestAttribute extends NamedOid {
  readonly text: string
}

/** What a certification request (RFC 2986) says. */
export interface RequestDescription {
  readonly der: Bytes
  readonly signedPart: Bytes
  readonly signature: Bytes
  readonly signatureAlgorithm: AlgorithmView
  /** What keeps it from being DER of the RFC's types, in a sentence; undefined when nothing does. */
  readonly notDer: string | undefined
  readonly version: number
  readonly subject: DistinguishedNameView
  readonly publicKey: PublicKeyDescription
  readonly attributes: readonly RequestAttribute[]
  /** Those that are asked for (extensionRequest, RFC 2985 section 5.4.2). */
  readonly extensions: readonly ExtensionView[]
  readonly standard: StandardExtensions
  readonly problems: readonly string[]
}

/** What a private key (PKCS#8, RFC 5958) says of itself without its secret. */
export interface PrivateKeyDescription {
  readonly family: KeyFamily
  readonly oid: string
  /** For instance `RSA, 2048 bits`. */
  readonly text: string
  readonly bits: number | undefined
  readonly curve: string | undefined
  /** The public half where the private key holds it: RSA always, EC where it was written. */
  readonly spki: Bytes | undefined
}
