/** A public or private key explained: its numbers, whether they belong together, and the fingerprints that stand for it. */
import { toBase64, toHex, type Bytes } from '../bytes'
import { otherwise } from '../errors'
import { opensshFingerprint, opensshKey, opensshLine } from '../crypto/encodings/openssh'
import {
  bitLength,
  numberHex,
  readRsaPrivateNumbers,
  readRsaPublicNumbers,
  rsaConsistency,
  tooLongToCompute,
  type RsaPrivateNumbers,
} from '../crypto/encodings/rsa-numbers'
import { judgeKey } from '../crypto/pki/judge-key'
import type { FactCheck } from './check'
import { privateKeyCheck } from './private-key-check'
import { describePrivateKeyInfo, readPublicKey } from './x509/keys'
import { publicKeyOf } from './x509/public-of-private'

/** A number of a key. */
export interface KeyNumber {
  /** Its symbol, for instance `n` or `dp`. */
  readonly symbol: string
  readonly title: string
  readonly meaning: string
  readonly hex: string
  readonly decimal: string
  readonly bits: number
  /** True for numbers that only the owner may know. */
  readonly secret: boolean
}

/** A short text that stands for a key or certificate. */
export interface Fingerprint {
  readonly id: 'spki_sha256' | 'spki_pin' | 'key_identifier' | 'openssh'
  readonly title: string
  readonly text: string
  /** What it is the hash of, and who uses it. */
  readonly meaning: string
}

/** A public or private key. */
export interface KeyFacts {
  /** For instance `RSA, 2048 bits`. */
  readonly algorithm: string
  readonly bits: number | undefined
  readonly isPrivate: boolean
  /** RSA: n, e, and of private keys d, p, q, dp, dq, qi. Empty for other algorithms. */
  readonly numbers: readonly KeyNumber[]
  /** Of public keys whether it can be relied on; of RSA private keys whether the numbers belong together (RFC 8017 section 3.2). */
  readonly checks: readonly FactCheck[]
  /** Empty when the public half is not known. */
  readonly fingerprints: readonly Fingerprint[]
  /** The line for `authorized_keys`, where OpenSSH has this algorithm. */
  readonly opensshLine: string | undefined
}

type Symbols = keyof RsaPrivateNumbers

/** What each number of an RSA key is (RFC 8017 section 3). */
const RSA_NUMBERS: Readonly<Record<Symbols, { readonly title: string; readonly meaning: string }>> = {
  n: {
    title: 'Modulus n',
    meaning:
      'The product of two secret primes. Its length is the size of the key; whoever factors it has the private key.',
  },
  e: {
    title: 'Public exponent e',
    meaning: 'With n it verifies and encrypts: a number to the power of e, modulo n. Most keys have 65537.',
  },
  d: {
    title: 'Private exponent d',
    meaning: 'Undoes e: a number to the power of d, modulo n, signs and decrypts. This is the secret.',
  },
  p: {
    title: 'Prime p',
    meaning: 'The first of the two primes of n. Either of them gives the whole key away.',
  },
  q: { title: 'Prime q', meaning: 'The second prime: n divided by p.' },
  dp: {
    title: 'd mod (p − 1)',
    meaning: 'A shortcut: with it and the next two, signing is about four times faster.',
  },
  dq: { title: 'd mod (q − 1)', meaning: 'The same for q.' },
  qi: {
    title: 'Inverse of q mod p',
    meaning: 'Puts the results modulo p and modulo q together (Chinese remainder theorem).',
  },
}

/**
 * Explains a public key, SubjectPublicKeyInfo in DER.
 * @throws LabError as `readPublicKey` does
 */
export async function publicKeyFacts(spki: Bytes, comment = ''): Promise<KeyFacts> {
  const { text, bits } = readPublicKey(spki)
  const rsa = readRsaPublicNumbers(spki)
  const openssh = opensshKey(spki)
  return {
    algorithm: text,
    bits,
    isPrivate: false,
    numbers: rsa ? [numberOf('n', rsa.n, false), numberOf('e', rsa.e, false)] : [],
    checks: [publicKeyCheck(spki)],
    fingerprints: await fingerprintsOf(spki),
    opensshLine: openssh && opensshLine(openssh, comment),
  }
}

/** Whether a public key, SubjectPublicKeyInfo in DER, is one that can be relied on, whatever its size. */
function publicKeyCheck(spki: Bytes): FactCheck {
  const [id, title] = ['public_key', 'Form and numbers'] as const
  const judgement = judgeKey(spki)
  switch (judgement.result) {
    case 'good': {
      const reason = judgement.note ?? 'It can be read to the end, and nothing in it makes it worthless.'
      return { id, title, result: judgement.note === undefined ? 'ok' : 'warning', reason }
    }
    case 'bad':
      return { id, title, result: 'failed', reason: judgement.reason }
    case 'unknown':
      return { id, title, result: 'not_made', reason: judgement.reason }
  }
}

/**
 * Explains a private key, PKCS#8 in DER: its public half too, where it holds that or that can be computed.
 * @throws LabError as `describePrivateKeyInfo` does
 */
export async function privateKeyFacts(pkcs8: Bytes, comment = ''): Promise<KeyFacts> {
  const { text, bits } = describePrivateKeyInfo(pkcs8)
  const spki = await publicKeyOf(pkcs8).catch(otherwise(undefined))
  const rsa = readRsaPrivateNumbers(pkcs8)
  const openssh = spki && opensshKey(spki)
  return {
    algorithm: text,
    bits,
    isPrivate: true,
    numbers: rsa
      ? SYMBOLS.map((symbol) => numberOf(symbol, rsa[symbol], symbol !== 'n' && symbol !== 'e'))
      : [],
    checks: [await privateKeyCheck(pkcs8), ...(rsa ? consistencyOf(rsa) : [])],
    fingerprints: spki ? await fingerprintsOf(spki) : [],
    opensshLine: openssh && opensshLine(openssh, comment),
  }
}

const SYMBOLS = Object.keys(RSA_NUMBERS) as readonly Symbols[]

function numberOf(symbol: Symbols, value: bigint, secret: boolean): KeyNumber {
  return {
    symbol,
    ...RSA_NUMBERS[symbol],
    hex: numberHex(value),
    decimal: value.toString(),
    bits: bitLength(value),
    secret,
  }
}

const NOTHING_FITS = { product: false, exponents: false, dp: false, dq: false, qi: false }

/** Whether the numbers are one key (RFC 8017 section 3.2). A key that fails here may still sign, wrongly or slowly. */
function consistencyOf(numbers: RsaPrivateNumbers): readonly FactCheck[] {
  const tooLong = tooLongToCompute(Object.values(numbers))
  const fits = tooLong === undefined ? rsaConsistency(numbers) : NOTHING_FITS
  const check = (id: string, title: string, ok: boolean, good: string, bad: string): FactCheck => ({
    id,
    title,
    ...(tooLong === undefined
      ? { result: ok ? 'ok' : 'failed', reason: ok ? good : bad }
      : { result: 'not_made', reason: tooLong }),
  })
  return [
    check(
      'product',
      'p · q = n',
      fits.product,
      'The two primes multiply to the modulus.',
      'The two primes do not multiply to the modulus: they are of another key, or were damaged.',
    ),
    check(
      'exponents',
      'e · d ≡ 1 (mod lcm(p − 1, q − 1))',
      fits.exponents,
      'The private exponent undoes the public one.',
      'The private exponent does not undo the public one: what one does, the other can’t take back.',
    ),
    check(
      'dp',
      'dp = d mod (p − 1)',
      fits.dp,
      'The first shortcut fits the private exponent.',
      'The first shortcut does not fit: programs that use it sign wrongly.',
    ),
    check(
      'dq',
      'dq = d mod (q − 1)',
      fits.dq,
      'The second shortcut fits the private exponent.',
      'The second shortcut does not fit: programs that use it sign wrongly.',
    ),
    check(
      'qi',
      'qi · q ≡ 1 (mod p)',
      fits.qi,
      'The inverse puts both halves together.',
      'The inverse does not fit: programs that use it sign wrongly.',
    ),
  ]
}

/** What stands for the public key in other tools. */
async function fingerprintsOf(spki: Bytes): Promise<readonly Fingerprint[]> {
  const { keyBytes } = readPublicKey(spki)
  const digest = await hash('SHA-256', spki)
  const identifier = await hash('SHA-1', keyBytes)
  const openssh = opensshKey(spki)
  const prints: Fingerprint[] = [
    {
      id: 'spki_sha256',
      title: 'SHA-256 of the key',
      text: toHex(digest, ':'),
      meaning:
        'Hash of the SubjectPublicKeyInfo in DER: it stays the same when the certificate is renewed for the same key.',
    },
    {
      id: 'spki_pin',
      title: 'Pin',
      text: toBase64(digest),
      meaning: 'The same hash in base64, as curl --pinnedpubkey and mobile apps take it after sha256//.',
    },
    {
      id: 'key_identifier',
      title: 'Key identifier',
      text: toHex(identifier, ':'),
      meaning:
        'SHA-1 of the key’s bits (RFC 5280 section 4.2.1.2, method 1): what most authorities write into certificates to name the key. It need not withstand attacks.',
    },
  ]
  if (!openssh) return prints
  const text = await opensshFingerprint(openssh)
  const meaning = 'SHA-256 of the key in OpenSSH’s form, as ssh-keygen -l and ssh print it.'
  return [...prints, { id: 'openssh', title: 'OpenSSH fingerprint', text, meaning }]
}

async function hash(name: 'SHA-1' | 'SHA-256', bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(name, bytes))
}
