/** Makes the chain that a plan describes: fresh keys, fresh serial numbers, certificates and lists in DER. */
import type { Bytes } from '../bytes'
import { LabError } from '../errors'
import { writeCertificate } from './certificate'
import type { CertificatePlan, ChainPlan, KeyKind } from './chain'
import type { KeyPair, WorkshopCrypto } from './crypto'
import { writeList } from './list'
import { PLAIN_ROOT } from './plain'
import { spoilKey } from './public-key'
import { makeSerial } from './values'

/** A certificate that was made. */
export interface MadeCertificate {
  readonly id: string
  readonly der: Bytes
  readonly key: KeyPair
}

/** A chain that was made. */
export interface MadeChain {
  readonly leaf: MadeCertificate
  /** What the server sends after its own certificate, in this order. */
  readonly sent: readonly MadeCertificate[]
  readonly anchors: readonly MadeCertificate[]
  /** Revocation lists, DER. */
  readonly lists: readonly Bytes[]
  readonly host: string
  /** When it was made, milliseconds since the Unix epoch. */
  readonly now: number
  /** All of them, in the order of the plan. */
  readonly certificates: readonly MadeCertificate[]
}

/**
 * Makes a chain.
 * @param now milliseconds since the Unix epoch, from which its dates are counted
 * @param root made before, of {@link PLAIN_ROOT}: it takes its place where the chain has that one for an anchor, so that several
 *   chains have one to be trusted
 * @throws LabError `bad_argument` when the plan names a certificate that it does not have, or what can't be written at all
 */
export async function makeChain(
  plan: ChainPlan,
  crypto: WorkshopCrypto,
  now: number,
  root?: MadeCertificate,
): Promise<MadeChain> {
  const given = root && hasPlainRoot(plan) ? root : undefined
  const planned = (id: string): CertificatePlan =>
    found(
      plan.certificates.find((each) => each.id === id),
      id,
    )
  const kindOf = ({ key }: CertificatePlan): KeyKind['kind'] =>
    key.kind === 'of' ? kindOf(planned(key.id)) : key.kind
  const pairs = new Map<string, KeyPair>()
  // One after another: a long key takes seconds of a thread, and others need threads too.
  for (const { id, key } of plan.certificates)
    if (key.kind !== 'of' && id !== given?.id)
      pairs.set(id, spoilKey(await crypto.makeKeyPair(key), key.fault))
  const pairOf = ({ id, key }: CertificatePlan): KeyPair =>
    id === given?.id ? given.key : found(pairs.get(key.kind === 'of' ? key.id : id), id)
  const serials = new Map(plan.certificates.map(({ id, serial }) => [id, makeSerial(serial, crypto.random)]))
  const serialOf = (id: string): Bytes => found(serials.get(id), id)

  const certificates = await Promise.all(
    plan.certificates.map(async (certificate): Promise<MadeCertificate> => {
      if (certificate.id === given?.id) return given
      const issuer = planned(certificate.issuer)
      const key = pairOf(certificate)
      const parts = {
        serial: serialOf(certificate.id),
        spki: key.spki,
        issuerName: issuer.subject,
        issuerKey: pairOf(issuer),
        issuerKind: kindOf(issuer),
        now,
      }
      return { id: certificate.id, der: await writeCertificate(certificate, parts, crypto), key }
    }),
  )
  const lists = await Promise.all(
    plan.lists.map((list) => {
      const [issuer, signer] = [planned(list.issuer), planned(list.signedBy ?? list.issuer)]
      const keys = { issuerKey: pairOf(issuer), signer: pairOf(signer), signerKind: kindOf(signer) }
      return writeList(list, { issuerName: issuer.subject, ...keys, serialOf, now }, crypto)
    }),
  )
  const made = (id: string): MadeCertificate =>
    found(
      certificates.find((each) => each.id === id),
      id,
    )
  return {
    leaf: made(plan.leaf),
    sent: plan.sent.map(made),
    anchors: plan.anchors.map(made),
    lists,
    host: plan.host,
    now,
    certificates,
  }
}

/** Makes a root that several chains may share. */
export async function makeRoot(crypto: WorkshopCrypto, now: number): Promise<MadeCertificate> {
  const { id } = PLAIN_ROOT
  const alone = { leaf: id, sent: [], anchors: [id], lists: [], host: '' }
  return (await makeChain({ ...alone, certificates: [PLAIN_ROOT] }, crypto, now)).leaf
}

function hasPlainRoot({ anchors, certificates }: ChainPlan): boolean {
  return anchors.includes(PLAIN_ROOT.id) && certificates.includes(PLAIN_ROOT)
}

function found<T>(value: T | undefined, id: string): T {
  if (value !== undefined) return value
  throw new LabError('bad_argument', `The chain has no certificate ${id}.`)
}
