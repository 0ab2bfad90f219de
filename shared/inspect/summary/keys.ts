/** Keys in plain words. */
import { purposeOf } from '../../crypto/pki/key-purposes'
import { otherwise } from '../../errors'
import { HL1 } from '../../hl1/protocol'
import { keyInfo } from '../../record/protocol'
import { count } from '../../words'
import type { PrivateKeyArtifact, PublicKeyArtifact, SymmetricKeyArtifact } from '../artifact'
import type { FactCheck } from '../check'
import type { KeyFacts } from '../key-facts'
import type { SummaryFact, SummaryView, WeakSpot } from './view'
import { privateKeyFacts, publicKeyFacts } from '../key-facts'
import { symmetricFacts, type SymmetricKeySurroundings } from '../symmetric-facts'
import { describePrivateKeyInfo, readPublicKey } from '../x509/keys'
import { publicKeyOf } from '../x509/public-of-private'
import type { KeyFamily, PublicKeyDescription } from '../x509/types'
import { keyDoubt } from '../path/strength-checks'
import { historySpots, keySpots, sorted, type KeyHistory } from './weak-spots'

const CAN: Readonly<Record<KeyFamily, string>> = {
  RSA: 'checks signatures of its owner and encrypts for them',
  'RSA-PSS': 'checks signatures of its owner',
  EC: 'checks signatures of its owner, or agrees on a key with them',
  DSA: 'checks signatures of its owner',
  DH: 'agrees on a key with its owner',
  Ed25519: 'checks signatures of its owner',
  Ed448: 'checks signatures of its owner',
  X25519: 'agrees on a key with its owner',
  X448: 'agrees on a key with its owner',
  other: 'is of a kind that is not known here',
}

/** @throws LabError as `readPublicKey` does */
export async function summarisePublicKey(
  { spki, details = [] }: PublicKeyArtifact,
  history: KeyHistory | undefined,
): Promise<SummaryView> {
  const key = readPublicKey(spki)
  const weakSpots = sorted([...(history ? historySpots(history) : []), ...keySpots(key)])
  return {
    heading: `Public key (${key.text})`,
    lead: `Everyone may have it: it ${CAN[key.family]}. It does not say whose it is; a certificate does.`,
    ...keySoundness(key, weakSpots),
    facts: [...details, ...factsOf(await publicKeyFacts(spki))],
    weakSpots,
  }
}

/** @throws LabError as `describePrivateKeyInfo` does */
export async function summarisePrivateKey(
  { pkcs8 }: PrivateKeyArtifact,
  history: KeyHistory | undefined,
): Promise<SummaryView> {
  const { text } = describePrivateKeyInfo(pkcs8)
  const spki = await publicKeyOf(pkcs8).catch(otherwise(undefined))
  const facts = await privateKeyFacts(pkcs8)
  const key = spki && readPublicKey(spki)
  const broken = facts.checks.filter(({ result }) => result === 'failed')
  const weakSpots = sorted([
    ...broken.map(({ id, title, reason }): WeakSpot => ({
      id: `inconsistent_${id}`,
      weight: 'danger',
      title: `Not so: ${title}`,
      text: reason,
    })),
    ...(history ? historySpots(history) : []),
    ...(key ? keySpots(key) : []),
  ])
  const purpose = purposeOf(text)
  const open =
    purpose === undefined
      ? OPEN
      : { ...OPEN, conclusion: `It can’t be judged here. It is ${purpose}: ${text}.` }
  const sound = key ? keySoundness(key, weakSpots) : open
  return {
    heading: `Private key (${text})`,
    lead: 'The secret half of a pair: whoever has it can sign and decrypt as its owner. Keep it where only its owner can read it.',
    ...(broken.length > 0 ? brokenFor(broken) : sound),
    facts: factsOf(facts),
    weakSpots,
  }
}

/** A symmetric key of the protocol; without surroundings only what its symbol tells. */
export function summariseSymmetricKey(
  artifact: SymmetricKeyArtifact,
  surroundings: SymmetricKeySurroundings | undefined,
): SummaryView {
  if (!surroundings) {
    const about = keyInfo(HL1, artifact.symbol)?.about ?? ''
    const conclusion = 'Nothing is known of the session that it belongs to.'
    const heading = `Symmetric key ${artifact.symbol}`
    return { heading, lead: about, soundness: 'open', conclusion, facts: [], weakSpots: [] }
  }
  const facts = symmetricFacts(artifact, surroundings)
  const weakSpots = sorted(symmetricSpots(facts))
  const worst = weakSpots[0]
  return {
    heading: `Symmetric key ${facts.symbol} (${facts.algorithm})`,
    lead: facts.about,
    soundness: worst ? (worst.weight === 'danger' ? 'unsound' : 'weak') : 'sound',
    conclusion: worst ? `${worst.title}. ${facts.entropy}` : facts.entropy,
    facts: [
      { title: 'Algorithm', text: facts.algorithm },
      { title: 'Length', text: `${count(facts.length, 'byte')}, ${count(facts.strength, 'bit')} to guess` },
      { title: 'Origin', text: facts.origin },
      { title: 'Uses', text: usesText(facts.uses.length) },
    ],
    weakSpots,
  }
}

const OPEN = {
  soundness: 'open',
  conclusion: 'It does not hold its public half, and that is not computed here: its size can’t be judged.',
} as const

/** The form first: what can't be read has no numbers that could belong together. */
function brokenFor([first]: readonly FactCheck[]): Pick<SummaryView, 'soundness' | 'conclusion'> {
  const conclusion =
    first?.id === 'private_key'
      ? `It can’t be relied on. ${first.reason}`
      : 'Its numbers do not belong together: it is damaged, or put together from several keys.'
  return { soundness: 'unsound', conclusion }
}

function keySoundness(
  key: PublicKeyDescription,
  weakSpots: readonly WeakSpot[],
): Pick<SummaryView, 'soundness' | 'conclusion'> {
  const [worst] = weakSpots
  const doubt = keyDoubt(key)
  if (doubt?.kind === 'unknown')
    return { soundness: 'open', conclusion: `It can’t be judged here. ${doubt.why}` }
  if (doubt?.kind === 'worthless')
    return { soundness: 'unsound', conclusion: `It can’t be relied on. ${doubt.why}` }
  if (!worst) return { soundness: 'sound', conclusion: `Strong enough for today: ${key.text}.` }
  // How the lab delivered a key weakens it; only what the key itself is makes it worthless.
  const unsound = keySpots(key).some(({ weight }) => weight === 'danger')
  const others = weakSpots.length - 1
  const more = others === 0 ? '' : ` ${count(others, 'more weak spot')}.`
  return { soundness: unsound ? 'unsound' : 'weak', conclusion: `${worst.title}.${more}` }
}

function factsOf(facts: KeyFacts): readonly SummaryFact[] {
  return [
    { title: 'Kind and size', text: facts.algorithm },
    ...facts.fingerprints.map(({ title, text, meaning }) => ({ title, text, note: meaning })),
  ]
}

function symmetricSpots({
  symbol,
  strength,
  weakness,
  algorithm,
}: ReturnType<typeof symmetricFacts>): readonly WeakSpot[] {
  const spots: WeakSpot[] = []
  if (strength === 0) {
    spots.push({
      id: 'known_key',
      weight: 'danger',
      title: 'Everyone knows this key',
      text: `${symbol} is a constant of the program. It hides steps 3 and 4 from a casual look and protects nothing.`,
    })
  } else if (algorithm.startsWith('DES')) {
    spots.push({
      id: 'des',
      weight: 'caution',
      title: 'DES, 56 bits',
      text: 'All keys can be tried out, and nothing shows that a ciphertext was changed. Suite modern has AES-256-GCM.',
    })
  }
  if (weakness === 'weak' || weakness === 'semi-weak') {
    spots.push({
      id: 'weak_des_key',
      weight: 'danger',
      title: weakness === 'weak' ? 'A weak key of DES' : 'A semi-weak key of DES',
      text: 'Encrypting twice, with it or with its partner, gives the plaintext back. The protocol refuses such keys.',
    })
  }
  return spots
}

function usesText(number: number): string {
  return number === 0
    ? 'none yet'
    : `${count(number, 'message')} carried it or ${number === 1 ? 'was' : 'were'} protected by it`
}
