/** Issues certificate revocation lists, version 2 (RFC 5280 section 5.1), signed as certificates are. */
import type { Bytes } from '../../bytes'
import {
  bits,
  context,
  enumerated,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  time,
  yes,
} from '../encodings/asn1'
import { oidNamed } from '../encodings/oids'
import { REVOCATION_REASONS, type RevocationReason } from './revocation-reasons'
import { keyIdentifierOf, SIGNATURE_ALGORITHM, type Issuer, type Signer } from './issue'

/** A certificate on the list. `serial`: content of the INTEGER; `at`: milliseconds since the Unix epoch. */
export interface Revocation {
  readonly serial: Bytes
  readonly at: number
  readonly reason: RevocationReason
}

/** What a list says. Times are milliseconds since the Unix epoch; the number grows with each list (section 5.2.3). */
export interface ListTemplate {
  readonly number: number
  readonly thisUpdate: number
  readonly nextUpdate: number
  readonly revoked: readonly Revocation[]
}

/** Issues a list, DER. */
export async function issueRevocationList(
  issuer: Issuer,
  { number, thisUpdate, nextUpdate, revoked }: ListTemplate,
  { signPkcs1 }: Signer,
): Promise<Bytes> {
  const keyIdentifier = implicit(0, keyIdentifierOf(issuer.certificate))
  const signed = sequence(
    integer(1),
    SIGNATURE_ALGORITHM,
    issuer.certificate.subject.der,
    time(thisUpdate),
    time(nextUpdate),
    // An empty list is left out.
    ...(revoked.length > 0 ? [sequence(...revoked.map(entryOf))] : []),
    context(
      0,
      sequence(
        writeListExtension(oidNamed('authorityKeyIdentifier'), sequence(keyIdentifier)),
        writeListExtension(oidNamed('cRLNumber'), integer(number)),
      ),
    ),
  )
  const signature = await signPkcs1(issuer.privateKey, signed)
  return sequence(signed, SIGNATURE_ALGORITHM, bits(signature))
}

function entryOf({ serial, at, reason }: Revocation): Bytes {
  const code = REVOCATION_REASONS[reason]
  // “Unspecified” is said by giving no reason (RFC 5280 section 5.3.1).
  const extensions = code === 0 ? [] : [sequence(writeListExtension(oidNamed('cRLReason'), enumerated(code)))]
  return sequence(integer(serial), time(at), ...extensions)
}

/** An Extension (RFC 5280 section 4.1), not critical unless told. @param dotted its object identifier */
export function writeListExtension(dotted: string, value: Bytes, critical = false): Bytes {
  return sequence(oid(dotted), ...(critical ? [yes()] : []), octets(value))
}
