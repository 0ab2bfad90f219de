/** How large a certification request (RFC 2986) may be to be read: whoever asks for a certificate chooses what it is made of. */
import type { Bytes } from '../../bytes'
import { hasMoreElements } from '../asn1/elements'

/** A request for fifty names has some two hundred. */
const MOST_ELEMENTS = 1_000

/** Why a request is not read, DER, in a sentence; undefined where it is. Takes no longer for more elements. */
export function faultOfSize(request: Bytes): string | undefined {
  if (!hasMoreElements(request, MOST_ELEMENTS)) return undefined
  return `It has more than ${MOST_ELEMENTS.toLocaleString('en')} elements of ASN.1: such requests are not read.`
}
