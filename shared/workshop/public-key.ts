/** Public keys with a fault, made of good ones. */
import { concat, fromHex, type Bytes } from '../bytes'
import { bits, integer, octets, sequence } from '../crypto/encodings/asn1'
import { readChildren, readElement, type DerElement } from '../crypto/encodings/der'
import { numberHex, readRsaPrivateNumbers } from '../crypto/encodings/rsa-numbers'
import { RSA_ENCRYPTION } from '../crypto/primitives/rsa'
import { LabError } from '../errors'
import type { KeyFault } from './chain'
import type { KeyPair } from './crypto'

/**
 * The pair with its public key spoilt. With exponent 1 there is a private key that fits: it is 1 as well. With the other faults
 * there is none, and the pair keeps the one that it had.
 */
export function spoilKey(pair: KeyPair, fault: KeyFault | undefined): KeyPair {
  switch (fault) {
    case undefined:
      return pair
    case 'exponent 1':
      return withExponentOne(pair)
    case 'even modulus': {
      const { n, e } = numbersOf(pair)
      return { ...pair, spki: rsaKey(n - 1n, e) }
    }
    case 'point off the curve':
      return { ...pair, spki: pair.spki.with(-1, (pair.spki.at(-1) ?? 0) ^ 1) }
  }
}

function withExponentOne(pair: KeyPair): KeyPair {
  const { n, p, q, qi } = numbersOf(pair)
  const one = writeNumber(1n)
  const key = sequence(
    integer(0),
    ...[writeNumber(n), one, one, writeNumber(p), writeNumber(q), one, one, writeNumber(qi)],
  )
  return { spki: rsaKey(n, 1n), pkcs8: sequence(integer(0), RSA_ENCRYPTION, octets(key)) }
}

function rsaKey(n: bigint, e: bigint): Bytes {
  return sequence(RSA_ENCRYPTION, bits(sequence(writeNumber(n), writeNumber(e))))
}

function numbersOf({ pkcs8 }: KeyPair): NonNullable<ReturnType<typeof readRsaPrivateNumbers>> {
  const numbers = readRsaPrivateNumbers(pkcs8)
  if (!numbers) throw new LabError('bad_argument', 'Only an RSA key can have this fault.')
  return numbers
}

function writeNumber(value: bigint): Bytes {
  const content = fromHex(numberHex(value)) ?? new Uint8Array()
  return integer((content[0] ?? 0) >= 0x80 ? concat(new Uint8Array(1), content) : content)
}

/** A signature as a fault leaves it; ECDSA-Sig-Value (RFC 3279 section 2.2.3) that is not DER has a needless zero before r. */
export function spoilSignature(
  signature: Bytes,
  fault: 'a bit flipped' | 'not DER' | 'empty' | undefined,
): Bytes {
  switch (fault) {
    case undefined:
      return signature
    case 'a bit flipped':
      return signature.with(-1, (signature.at(-1) ?? 0) ^ 1)
    case 'empty':
      return new Uint8Array()
    case 'not DER': {
      const [r, s] = readChildren(signature, readElement(signature)).map(
        ({ contentStart, end }: DerElement) => signature.slice(contentStart, end),
      )
      if (!r || !s) throw new LabError('bad_argument', 'Only a signature by ECDSA can have this fault.')
      return sequence(integer(concat(new Uint8Array(1), r)), integer(s))
    }
  }
}
