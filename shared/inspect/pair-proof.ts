/** Proves live that a private and a public key are a pair: one signs a fresh challenge, the other verifies it. */
import { toHex, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { describePrivateKeyInfo, readPublicKey } from './x509/keys'

/** A private key has signed a fresh challenge, and a public key has verified it, or not. */
export interface PairProof {
  readonly belongs: boolean
  readonly scheme: string
  /** 32 random bytes, hex. */
  readonly challenge: string
  /** Hex. */
  readonly signature: string
  readonly reason: string
}

export const CHALLENGE_BYTES = 32

interface Scheme {
  readonly text: string
  readonly key: RsaHashedImportParams | EcKeyImportParams | Algorithm
  readonly use: Algorithm | EcdsaParams
}

/**
 * Signs and verifies once. What can be compared beforehand is not asked: only the signature counts.
 * @param challenge 32 fresh random bytes
 * @throws LabError `unsupported_key` when the platform can't sign with a key of this kind; `bad_key` when it takes one of
 *   the keys for damaged
 */
export async function provePair(pkcs8: Bytes, spki: Bytes, challenge: Bytes): Promise<PairProof> {
  const own = describePrivateKeyInfo(pkcs8)
  const other = readPublicKey(spki)
  const scheme = schemeOf(own.family, own.curve ?? other.curve)
  if (!scheme) {
    const message = `Keys of this kind (${own.text}) can’t sign here. RSA, P-256, P-384, P-521 and Ed25519 can.`
    throw new LabError('unsupported_key', message)
  }
  const { subtle } = crypto
  const signer = await subtle.importKey('pkcs8', pkcs8, scheme.key, false, ['sign']).catch(damaged('private'))
  const signature = new Uint8Array(await subtle.sign(scheme.use, signer, challenge).catch(damaged('private')))
  const shown = { scheme: scheme.text, challenge: toHex(challenge), signature: toHex(signature) }
  if (other.family !== own.family) {
    const reason = `The public key is of another kind (${other.text}): it can’t belong to this private key (${own.text}).`
    return { ...shown, belongs: false, reason }
  }
  const verifier = await subtle
    .importKey('spki', spki, scheme.key, false, ['verify'])
    .catch((cause: unknown) => {
      // Another curve than the private key's.
      if (other.curve !== own.curve) return undefined
      return damaged('public')(cause)
    })
  const belongs = verifier !== undefined && (await subtle.verify(scheme.use, verifier, signature, challenge))
  const reason = belongs
    ? 'The public key verifies what the private key has just signed: they are a pair.'
    : 'The public key does not verify what the private key has just signed: they are of two different pairs.'
  return { ...shown, belongs, reason }
}

function schemeOf(family: string, curve: string | undefined): Scheme | undefined {
  switch (family) {
    case 'RSA':
      return {
        text: 'RSASSA-PKCS1-v1_5 with SHA-256',
        key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        use: { name: 'RSASSA-PKCS1-v1_5' },
      }
    case 'EC':
      return curve === 'P-256' || curve === 'P-384' || curve === 'P-521'
        ? {
            text: `ECDSA on ${curve} with SHA-256`,
            key: { name: 'ECDSA', namedCurve: curve },
            use: { name: 'ECDSA', hash: 'SHA-256' },
          }
        : undefined
    case 'Ed25519':
      return { text: 'Ed25519', key: { name: 'Ed25519' }, use: { name: 'Ed25519' } }
    default:
      return undefined
  }
}

function damaged(which: 'private' | 'public'): (cause: unknown) => never {
  return (cause) => {
    const unsupported = cause instanceof Error && cause.name === 'NotSupportedError'
    throw unsupported
      ? new LabError('unsupported_key', `Keys of this kind can’t be used on this platform.`, { cause })
      : new LabError('bad_key', `The ${which} key can’t be used: its parts don’t fit one another.`, { cause })
  }
}
