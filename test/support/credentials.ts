/** Key pairs and certificates for tests. */
import { fromBase64, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { signCertS } from '#shared/crypto/pki/cert-s'
import {
  issueAuthorityCertificate,
  issueServerCertificate,
  serialFrom,
  validFor,
} from '#shared/crypto/pki/issue'
import { issueRevocationList } from '#shared/crypto/pki/issue-list'
import { generateRsaKeyPair, publicKeyFromSpki, type RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import { webCrypto } from '#shared/crypto/provider'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import { DEFAULT_IDENTITIES } from '#shared/hl1/identity'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { storedPairs, type StoredPair } from './key-pairs'

/** `stranger` is the key of an authority that nobody trusts, `other` that of some other server. */
export type KeyOwner = 'authority' | 'server' | 'stranger' | 'other'

const BITS = 2048
/** Made before, in turn for whoever needs a new one. */
const ready = storedPairs().map(asKeyPair)
let taken = 0
const pairs = new Map<KeyOwner, Promise<RsaKeyPair>>()

function asKeyPair({ spki, pkcs8 }: StoredPair): RsaKeyPair {
  const bytes = fromBase64(pkcs8)!
  return {
    publicKey: publicKeyFromSpki(fromBase64(spki)!),
    privateKey: { pkcs8: bytes, pem: encodePem('PRIVATE KEY', bytes) },
  }
}

/** The key pair of one party, the same in every call. */
export function keyPair(owner: KeyOwner): Promise<RsaKeyPair> {
  const pair = pairs.get(owner) ?? newKeyPair(BITS)
  pairs.set(owner, pair)
  return pair
}

/** Another key pair than those of the calls before, as far back as anybody looks. */
async function newKeyPair(bits: RsaBits): Promise<RsaKeyPair> {
  const pair = bits === BITS && ready.length > 0 ? ready[taken++ % ready.length] : undefined
  return pair ?? generateRsaKeyPair(bits)
}

/** An environment that takes the time for a new RSA key pair only where none was made before. */
export function withReadyKeys(environment: Environment): Environment {
  return { ...environment, crypto: { ...environment.crypto, generateRsaKeyPair: newKeyPair } }
}

/** The revocation list that an authority begins with, DER. */
export function firstList({ certificate, keyPair }: AuthorityCredentials): Promise<Bytes> {
  const issuer = { certificate, privateKey: keyPair.privateKey }
  const thisUpdate = Date.now()
  const list = { number: 1, thisUpdate, nextUpdate: thisUpdate + 86_400_000, revoked: [] }
  return issueRevocationList(issuer, list, webCrypto)
}

/** An authority whose certificate is valid for a year from `now`. */
export async function authorityCredentials(
  now: number,
  owner: 'authority' | 'stranger' = 'authority',
): Promise<AuthorityCredentials> {
  const identity = DEFAULT_IDENTITIES.authority
  const pair = await keyPair(owner)
  const certificate = await issueAuthorityCertificate(
    pair,
    {
      identity,
      serial: serialFrom(systemEnvironment.random(16)),
      validity: validFor(365, now),
    },
    webCrypto,
  )
  return { identity, keyPair: pair, certificate }
}

/** What a server holds after registering with that authority. */
export async function serverCredentials(
  authority: AuthorityCredentials,
  now: number,
  owner: 'server' | 'other' = 'server',
): Promise<ServerCredentials> {
  const identity = DEFAULT_IDENTITIES.server
  const { publicKey, privateKey } = await keyPair(owner)
  const issuer = { certificate: authority.certificate, privateKey: authority.keyPair.privateKey }
  return {
    identity,
    publicKey,
    privateKey,
    certS: await signCertS(
      issuer.privateKey,
      {
        idS: identity,
        idCa: authority.identity,
        pkS: publicKey.pem,
      },
      webCrypto,
    ),
    certificate: await issueServerCertificate(
      issuer,
      {
        identity,
        publicKey,
        serial: serialFrom(systemEnvironment.random(16)),
        validity: validFor(365, now),
      },
      webCrypto,
    ),
  }
}
