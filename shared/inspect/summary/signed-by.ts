/** What became of the signatures of something that carries, revokes or vouches for certificates, in plain words. */
import type { Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { checkSignatures, type SignatureFinding } from '../attestation'
import type { PathMemory } from '../path/memory'
import { readWhole, wholeBytes } from '../x509/parts'
import type { WeakSpot } from './view'
import { hashSpot } from './weak-spots'

/** Results in which a key stands behind it. */
const VOUCHED: ReadonlySet<SignatureFinding['result']> = new Set(['valid', 'detached'])

/** The first weak hash that a signature with a key behind it is over. */
export function signatureSpots(findings: readonly SignatureFinding[]): readonly WeakSpot[] {
  return findings
    .flatMap(({ result, algorithm }) => (VOUCHED.has(result) ? hashSpot(algorithm) : []))
    .slice(0, 1)
}

/** What became of its signatures, with the certificates inside and those given. */
export async function signaturesOf(
  der: Bytes,
  what: string,
  others: readonly Bytes[],
  memory: PathMemory,
): Promise<readonly SignatureFinding[]> {
  const whole = orUndefined(() => readWhole(der, what, 'bad_der'))
  if (!whole) return []
  const { structure } = whole
  const inside = structure.nodes
    .filter(({ type }) => type === 'Certificate')
    .map((node) => wholeBytes({ structure, node }))
  return checkSignatures(whole, what, memory.readAll([...inside, ...others]))
}

/** In sentences; empty without signatures. */
export function signaturesText(findings: readonly SignatureFinding[]): string {
  const texts = findings.map(signatureText)
  return texts.length < 2 ? texts.join('') : texts.map((text, at) => `Signer ${at + 1}: ${text}`).join(' ')
}

function signatureText({ result, signer = 'its signer', reason }: SignatureFinding): string {
  switch (result) {
    case 'valid':
      return `The key of ${signer} has made the signature, over these bytes. Whether that one may be relied on for it is not judged here.`
    case 'detached':
      return `The key of ${signer} has signed a digest of the content. The content is not in it: whether it is that one can’t be judged here.`
    case 'invalid':
      return `${reason ?? `The key of ${signer} has not made the signature over these bytes: they were changed, or another key of that name was used.`} Don’t rely on it.`
    case 'no_signer':
      return 'Its signature was not checked: the certificate of who has signed it is not open here. Open that one beside it.'
    case 'unsupported':
      return `Its signature can’t be checked here. ${reason ?? ''}`.trimEnd()
  }
}
