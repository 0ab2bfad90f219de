/** What there is to say of a signature, as data. Hex is lower case without separators. */
import type { Bytes } from '../../bytes'
import type { FactCheck } from '../check'

/** A run of bytes of an opened signature; `end` exclusive. */
export interface BlockPart {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly meaning: string
  /** False where the bytes are not what the standard asks for. */
  readonly ok: boolean
}

/** A signature, opened with the signer's public key where that is known. */
export interface SignatureFacts {
  /** For instance `RSASSA-PKCS1-v1_5 with SHA-256`. */
  readonly scheme: string
  /** Hex. */
  readonly signature: string
  /** Bytes of the signature. */
  readonly length: number
  /** s^e mod n as bytes as long as the modulus; undefined when the key is not known or not RSA. */
  readonly block: Bytes | undefined
  readonly parts: readonly BlockPart[]
  /** RSASSA-PSS: the block's first part after its mask was taken off; undefined for other schemes. */
  readonly unmasked: Bytes | undefined
  readonly unmaskedParts: readonly BlockPart[]
  /** PKCS#1 v1.5: the DigestInfo inside (RFC 8017 section 9.2), for the structure view. */
  readonly digestInfo: Bytes | undefined
  /** For instance `SHA-256`; undefined when the signature doesn't tell. */
  readonly hash: string | undefined
  /** The digest that the signature holds, hex; PSS holds none that can be read. */
  readonly signedDigest: string | undefined
  /** Digest of the bytes that are said to be signed, hex. */
  readonly computedDigest: string | undefined
  readonly checks: readonly FactCheck[]
  /** Undefined when it could not be tried. */
  readonly verified: boolean | undefined
  readonly conclusion: string
}
