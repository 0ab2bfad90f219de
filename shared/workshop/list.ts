/** Writes certificate revocation lists (RFC 5280 section 5.1), right or wrong, and signs them. */
import type { Bytes } from '../bytes'
import { bits, context, enumerated, integer, nothing, sequence } from '../crypto/encodings/asn1'
import { oidNamed, UNREGISTERED } from '../crypto/encodings/oids'
import { writeListExtension } from '../crypto/pki/issue-list'
import { methodOf, writeAlgorithms } from './algorithms'
import type { KeyKind, ListPlan, NamePart, SignaturePlan } from './chain'
import type { KeyPair, WorkshopCrypto } from './crypto'
import { writeExtension } from './extensions'
import { writeName } from './names'
import { spoilSignature } from './public-key'
import { writeSerial, writeTime } from './values'

/** Version 2, the one that has extensions. */
const VERSION_2 = 1
const SIGNED: SignaturePlan = { hash: 'SHA-256' }

/** What a list is made with besides its plan. */
export interface ListParts {
  readonly issuerName: readonly NamePart[]
  /** The issuer's key, whoever signs. */
  readonly issuerKey: KeyPair
  readonly signer: KeyPair
  readonly signerKind: KeyKind['kind']
  /** Content of the serial number of a certificate. */
  readonly serialOf: (id: string) => Bytes
  readonly now: number
}

/** Writes a list as its plan says; its number is 1. */
export async function writeList(
  plan: ListPlan,
  parts: ListParts,
  { sign }: Pick<WorkshopCrypto, 'sign'>,
): Promise<Bytes> {
  const { inside, outside } = writeAlgorithms(SIGNED, parts.signerKind)
  const keys = { own: parts.issuerKey.spki, issuer: parts.issuerKey.spki }
  const entries = plan.revoked.map(({ id, reason }) =>
    sequence(
      writeSerial(parts.serialOf(id)),
      writeTime({ at: { days: -1 } }, parts.now),
      sequence(writeListExtension(oidNamed('cRLReason'), enumerated(reason))),
    ),
  )
  const unknown =
    plan.fault === 'unknown critical extension' ? [writeListExtension(UNREGISTERED, nothing(), true)] : []
  const signed = sequence(
    integer(VERSION_2),
    inside,
    writeName(parts.issuerName),
    writeTime(plan.thisUpdate, parts.now),
    writeTime(plan.nextUpdate, parts.now),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    context(
      0,
      sequence(
        writeExtension({ kind: 'authorityKeyIdentifier' }, keys),
        writeListExtension(oidNamed('cRLNumber'), integer(1)),
        ...unknown,
      ),
    ),
  )
  const signature = await sign(parts.signer.pkcs8, methodOf(SIGNED, parts.signerKind), signed)
  const fault = plan.fault === 'a bit flipped' ? plan.fault : undefined
  return sequence(signed, outside, bits(spoilSignature(signature, fault)))
}
