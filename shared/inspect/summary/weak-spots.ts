/** Weak spots of keys and certificates: what is below today's practice, and what the suite `classic` does on purpose. */
import { equalBytes } from '../../bytes'
import { matchDnsName } from '../../crypto/pki/host-name'
import { judgeKey } from '../../crypto/pki/judge-key'
import { count } from '../../words'
import type { WeakSpot } from './view'
import { isSelfSigned } from '../path/facts'
import { hasWeakHash, keyDoubt, MIN_RSA_BITS } from '../path/strength-checks'
import { isForServers } from '../path/use-checks'
import type { AlgorithmView, CertificateDescription, PublicKeyDescription } from '../x509/types'

/** Who made a key pair of the lab, and how its private half travelled. */
export interface KeyHistory {
  /** `authority` in suite classic: key escrow. */
  readonly madeBy: 'authority' | 'server'
  /** What the private key travelled under, when it did. */
  readonly deliveredUnder: 'DES' | undefined
}

/** Days that browsers grant a server's certificate (CA/Browser Forum, Baseline Requirements section 6.3.2). */
const MAX_DAYS = 398
const SOON_DAYS = 14
const DAY_MS = 86_400_000
const WEIGHTS: readonly WeakSpot['weight'][] = ['danger', 'caution', 'note']

/** The heaviest first. */
export function sorted(spots: readonly WeakSpot[]): readonly WeakSpot[] {
  return WEIGHTS.flatMap((weight) => spots.filter((spot) => spot.weight === weight))
}

/** Weak spots of a public key, and of the pair that it belongs to. */
export function keySpots(key: PublicKeyDescription): readonly WeakSpot[] {
  const spots: WeakSpot[] = []
  const doubt = keyDoubt(key)
  if (doubt?.kind === 'small') {
    const isRsa = key.family === 'RSA' || key.family === 'RSA-PSS'
    spots.push({
      id: 'small_key',
      weight: 'danger',
      title: isRsa ? `Key under ${MIN_RSA_BITS} bits` : 'Weak key',
      text: `${key.text}: such a key can be computed from its public half by those who have enough machines. Make one with at least ${MIN_RSA_BITS} bits of RSA, or on P-256.`,
    })
  }
  const exponent = key.rsa && BigInt(`0x${key.rsa.exponent}`)
  if (exponent !== undefined && (exponent < 3n || exponent % 2n === 0n)) {
    spots.push({
      id: 'bad_exponent',
      weight: 'danger',
      title: `Exponent ${exponent}`,
      text: 'With this exponent RSA hides and proves nothing: it has to be odd and at least 3. Make a new key with 65537.',
    })
  } else if (doubt?.kind === 'worthless') {
    spots.push({
      id: 'worthless_key',
      weight: 'danger',
      title: 'A key that can’t be relied on',
      text: `${doubt.why} Make a new one.`,
    })
  } else if (exponent !== undefined && exponent < 65_537n) {
    spots.push({
      id: 'small_exponent',
      weight: 'caution',
      title: `Exponent ${exponent}`,
      text: 'Programs that check padding carelessly accept forged signatures of keys with so small an exponent (Bleichenbacher, 2006). 65537 is the usual choice.',
    })
  }
  const judgement = doubt ? undefined : judgeKey(key.spki)
  if (judgement?.result === 'good' && judgement.note !== undefined)
    spots.push({
      id: 'odd_form',
      weight: 'caution',
      title: 'Numbers written as negative ones',
      text: judgement.note,
    })
  return spots
}

/** What the lab did with the key of its server. */
export function historySpots({ madeBy, deliveredUnder }: KeyHistory): readonly WeakSpot[] {
  const spots: WeakSpot[] = []
  if (deliveredUnder === 'DES') {
    spots.push({
      id: 'des_delivery',
      weight: 'danger',
      title: 'Private key delivered under DES',
      text: 'In step 2 the private key SK_S crossed the network under DES, whose 56 bits can be tried out. Whoever recorded that message can have the key, and with it pose as the server. In suite modern the key never leaves the server.',
    })
  }
  if (madeBy === 'authority') {
    spots.push({
      id: 'key_escrow',
      weight: 'caution',
      title: 'The authority knows the private key',
      text: 'The authority made the key pair for the server (key escrow): it can read and sign whatever the server can. In suite modern the server makes the pair and sends a request.',
    })
  }
  return spots
}

/** A weak hash under a signature that others rely on. */
export function hashSpot(algorithm: AlgorithmView): readonly WeakSpot[] {
  if (!hasWeakHash(algorithm)) return []
  return [
    {
      id: 'weak_hash',
      weight: 'danger',
      title: `Signed over ${algorithm.hash ?? 'a weak hash'}`,
      text: 'Two texts with one hash can be made for it, and then one signature fits both. Have it signed with SHA-256.',
    },
  ]
}

/** Weak spots of a certificate as such, beside what its path is refused for. */
export function certificateSpots(
  certificate: CertificateDescription,
  authorities: readonly CertificateDescription[],
  now: number,
): readonly WeakSpot[] {
  const isAuthority = certificate.standard.basicConstraints?.authority === true
  const selfSigned = isSelfSigned(certificate)
  return [
    ...keySpots(certificate.publicKey),
    ...(selfSigned ? [] : hashSpot(certificate.signatureAlgorithm)),
    ...(isAuthority ? authoritySpots(certificate) : serverSpots(certificate, selfSigned, authorities)),
    ...expirySpots(certificate, now),
  ]
}

function authoritySpots(certificate: CertificateDescription): readonly WeakSpot[] {
  const names = certificate.standard.subjectAltName ?? []
  const isServer = isForServers(certificate) && names.some(({ kind }) => kind === 'DNS' || kind === 'IP')
  return isServer ? [AUTHORITY_AS_SERVER] : []
}

function serverSpots(
  certificate: CertificateDescription,
  selfSigned: boolean,
  authorities: readonly CertificateDescription[],
): readonly WeakSpot[] {
  const { standard, publicKey, notBefore, notAfter } = certificate
  const spots: WeakSpot[] = []
  const shared = authorities.some(
    (other) =>
      other.standard.basicConstraints?.authority === true && equalBytes(other.publicKey.spki, publicKey.spki),
  )
  if (shared) spots.push(AUTHORITY_AS_SERVER)
  if (selfSigned) {
    spots.push({
      id: 'self_signed',
      weight: 'caution',
      title: 'Vouches for itself',
      text: 'Nobody else stands behind this certificate. Everyone who is to accept it has to be given it beforehand, and it can’t be taken back.',
    })
  }
  const hosts = (standard.subjectAltName ?? []).filter(({ kind }) => kind === 'DNS' || kind === 'IP')
  if (hosts.length === 0) {
    spots.push({
      id: 'no_alternative_name',
      weight: 'caution',
      title: 'No host in its alternative names',
      text: 'Browsers and most programs look for the host among the subject alternative names alone, and refuse this certificate for every host.',
    })
  }
  const wildcard = hosts.find(({ kind, value }) => kind === 'DNS' && value.includes('*'))
  if (wildcard) spots.push(wildcardSpot(wildcard.value))
  const days = notBefore === undefined || notAfter === undefined ? 0 : (notAfter - notBefore) / DAY_MS
  if (days > MAX_DAYS) {
    spots.push({
      id: 'long_validity',
      weight: 'caution',
      title: `Valid for ${count(Math.round(days), 'day')}`,
      text: `Browsers refuse server certificates of public authorities that are valid for more than ${MAX_DAYS} days: a key that was stolen stays useful as long.`,
    })
  }
  return spots
}

const AUTHORITY_AS_SERVER: WeakSpot = {
  id: 'authority_as_server',
  weight: 'danger',
  title: 'An authority’s key used as a server’s',
  text: 'Whoever breaks into the server can then issue certificates for any name. Keep the authority’s key away from servers and give each server a key of its own.',
}

function wildcardSpot(name: string): WeakSpot {
  const sample = name.replace('*', 'x')
  const partial = matchDnsName(name, sample) !== 'wildcard'
  return partial
    ? {
        id: 'partial_wildcard',
        weight: 'caution',
        title: `Wildcard ${name}`,
        text: 'A wildcard that is not the whole first label, or that stands for a top-level domain, is refused by browsers (RFC 9525 section 6.3).',
      }
    : {
        id: 'wildcard',
        weight: 'note',
        title: `Wildcard ${name}`,
        text: 'One key stands for every host of the domain: whoever gets it from one of them can pose as all others.',
      }
}

function expirySpots({ notAfter }: CertificateDescription, now: number): readonly WeakSpot[] {
  if (notAfter === undefined || notAfter < now || notAfter - now > SOON_DAYS * DAY_MS) return []
  const days = Math.floor((notAfter - now) / DAY_MS)
  return [
    {
      id: 'expires_soon',
      weight: 'note',
      title: days === 0 ? 'Expires within a day' : `Expires in ${count(days, 'day')}`,
      text: 'Renew it before that: afterwards everyone refuses it.',
    },
  ]
}
