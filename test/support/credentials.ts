/** Key pairs and certificates for tests: each made once per test file, on first use. */
import { signCertS } from '#shared/crypto/pki/cert-s'
import {
  issueAuthorityCertificate,
  issueServerCertificate,
  serialFrom,
  validFor,
} from '#shared/crypto/pki/issue'
import { generateRsaKeyPair, type RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { systemEnvironment } from '#shared/hl1/environment'
import { DEFAULT_IDENTITIES } from '#shared/hl1/identity'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'

/** `stranger` is the key of an authority that nobody trusts, `other` that of some other server. */
export type KeyOwner = 'authority' | 'server' | 'stranger' | 'other'

const pairs = new Map<KeyOwner, Promise<RsaKeyPair>>()

/** The key pair of one party, the same in every call. */
export function keyPair(owner: KeyOwner): Promise<RsaKeyPair> {
  const pair = pairs.get(owner) ?? generateRsaKeyPair(2048)
  pairs.set(owner, pair)
  return pair
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
): Promise<ServerCredentials> {
  const identity = DEFAULT_IDENTITIES.server
  const { publicKey, privateKey } = await keyPair('server')
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
