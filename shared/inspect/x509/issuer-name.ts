/** Who has issued a certificate, found without reading the rest of it. */
import type { Bytes } from '../../bytes'
import { childAt, DerError, readElement } from '../../crypto/encodings/der'

/** The context tag of the version, which may be left out. */
const VERSION = 0xa0

/** The DER of the issuer's name in a certificate (RFC 5280 section 4.1); undefined in what is none. */
export function issuerNameOf(der: Bytes): Bytes | undefined {
  try {
    const signed = childAt(der, readElement(der), 0)
    // version, serialNumber, signature, issuer
    const first = childAt(der, signed, 0).tag === VERSION ? 1 : 0
    const { start, end } = childAt(der, signed, first + 2)
    return der.slice(start, end)
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
