/** Proves live that a private and a public key are a pair: one signs a fresh challenge, the other verifies it. */
import { toHex, type Bytes } from '../bytes'
import { curveHalves } from '../crypto/pki/curve-halves'
import { privateKeyParts, publicKeyParts } from '../crypto/encodings/key-parts'
import { signOnCurve, verifyOnCurve, type SigningCurve } from '../crypto/primitives/computed-curves'
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

/** How keys of one kind sign. The verifier is undefined for a public key of another curve than the private key's. */
interface Scheme {
  readonly text: string
  readonly sign: (challenge: Bytes) => Promise<Bytes>
  readonly verify: (signature: Bytes, challenge: Bytes) => Promise<boolean>
}

/**
 * Signs and verifies once. What can be compared beforehand is not asked: only the signature counts.
 * @param challenge 32 fresh random bytes
 * @throws LabError `unsupported_key` when no key of this kind can sign here; `bad_key` when one of the keys is taken for damaged
 */
export async function provePair(pkcs8: Bytes, spki: Bytes, challenge: Bytes): Promise<PairProof> {
  const own = describePrivateKeyInfo(pkcs8)
  const other = readPublicKey(spki)
  const scheme = schemeOf(own.family, own.curve ?? other.curve, pkcs8, spki)
  if (!scheme) {
    const message = `Keys of this kind (${own.text}) can’t sign here. RSA, P-256, P-384, P-521, secp256k1, Ed25519 and Ed448 can.`
    throw new LabError('unsupported_key', message)
  }
  const signature = await scheme.sign(challenge)
  const shown = { scheme: scheme.text, challenge: toHex(challenge), signature: toHex(signature) }
  if (other.family !== own.family) {
    const reason = `The public key is of another kind (${other.text}): it can’t belong to this private key (${own.text}).`
    return { ...shown, belongs: false, reason }
  }
  const sameCurve = other.curve === own.curve
  const belongs = await scheme.verify(signature, challenge).catch((cause: unknown) => {
    if (!sameCurve) return false
    throw cause
  })
  const reason = belongs
    ? 'The public key verifies what the private key has just signed: they are a pair.'
    : 'The public key does not verify what the private key has just signed: they are of two different pairs.'
  return { ...shown, belongs, reason }
}

function schemeOf(family: string, curve: string | undefined, pkcs8: Bytes, spki: Bytes): Scheme | undefined {
  switch (family) {
    case 'RSA': {
      const name = 'RSASSA-PKCS1-v1_5'
      return native(`${name} with SHA-256`, { name, hash: 'SHA-256' }, { name }, pkcs8, spki)
    }
    case 'EC':
      if (curve === 'secp256k1') return computed('ECDSA on secp256k1 with SHA-256', curve, pkcs8, spki)
      return curve === 'P-256' || curve === 'P-384' || curve === 'P-521'
        ? native(
            `ECDSA on ${curve} with SHA-256`,
            { name: 'ECDSA', namedCurve: curve },
            { name: 'ECDSA', hash: 'SHA-256' },
            pkcs8,
            spki,
          )
        : undefined
    case 'Ed25519':
    case 'Ed448':
      return computed(family, family, pkcs8, spki)
    default:
      return undefined
  }
}

function native(
  text: string,
  key: RsaHashedImportParams | EcKeyImportParams,
  use: Algorithm | EcdsaParams,
  pkcs8: Bytes,
  spki: Bytes,
): Scheme {
  const { subtle } = crypto
  return {
    text,
    sign: async (challenge) => {
      const signer = await subtle.importKey('pkcs8', pkcs8, key, false, ['sign']).catch(damaged('private'))
      return new Uint8Array(await subtle.sign(use, signer, challenge).catch(damaged('private')))
    },
    verify: async (signature, challenge) => {
      const verifier = await subtle.importKey('spki', spki, key, false, ['verify']).catch(damaged('public'))
      return subtle.verify(use, verifier, signature, challenge)
    },
  }
}

/** For curves that WebCrypto doesn't have everywhere. */
function computed(text: string, curve: SigningCurve, pkcs8: Bytes, spki: Bytes): Scheme {
  return {
    text,
    sign: async (challenge) => {
      const { secret } = await curveHalves(curve, privateKeyParts(pkcs8))
      return signOnCurve(curve, secret, challenge)
    },
    verify: (signature, challenge) => verifyOnCurve(curve, publicKeyParts(spki).key, signature, challenge),
  }
}

function damaged(which: 'private' | 'public'): (cause: unknown) => never {
  return (cause) => {
    throw new LabError('bad_key', `The ${which} key can’t be used: its parts don’t fit one another.`, {
      cause,
    })
  }
}
