/** Certificates in a PKCS#7 container: SignedData without signatures (RFC 2315 section 9.1, RFC 5652 section 5.1). */
import { concat, type Bytes } from '../../bytes'
import { oid } from '../encodings/asn1'
import { writeElement } from '../encodings/der'
import { oidNamed } from '../encodings/oids'

const SIGNED_DATA = oidNamed('signedData')
const DATA = oidNamed('data')
// DER tags (X.690).
const [INTEGER, SEQUENCE, SET, EXPLICIT_0, IMPLICIT_0] = [0x02, 0x30, 0x31, 0xa0, 0xa0] as const

/** The container, DER, with the certificates' bytes as they stand and in their order. */
export function certificatesPkcs7(certificates: readonly Bytes[]): Bytes {
  const signedData = writeElement(
    SEQUENCE,
    writeElement(INTEGER, new Uint8Array([1])),
    writeElement(SET),
    writeElement(SEQUENCE, oid(DATA)),
    writeElement(IMPLICIT_0, concat(...certificates)),
    writeElement(SET),
  )
  return writeElement(SEQUENCE, oid(SIGNED_DATA), writeElement(EXPLICIT_0, signedData))
}
