/**
 * RSA and ECDH of a server by Node, on the spot (record 0054): while one client is there, the way to another thread and back is
 * longer than the work spares anybody. Here no window waits; where several clients are there, the other core has work to do too.
 */
import { constants, createPrivateKey, diffieHellman, KeyObject, privateDecrypt, sign } from 'node:crypto'
import { oneAhead } from '#shared/ahead'
import { LabError, passOwnFault } from '#shared/errors'
import { perObject } from '#shared/remember'
import type { RsaPrivateKey } from '#shared/crypto/primitives/rsa'
import type { CryptoProvider } from '#shared/crypto/provider'

/** What a server's keys are used for in a session. */
type SessionWork = Pick<CryptoProvider, 'makeKeyShare' | 'decryptOaep' | 'signPss' | 'agree'>

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING }

/** The private key of a server that has registered: it was judged then. */
const keyObject = perObject(({ pkcs8 }: RsaPrivateKey) =>
  createPrivateKey({
    key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length),
    format: 'der',
    type: 'pkcs8',
  }),
)

const onTheSpot: Omit<SessionWork, 'makeKeyShare'> = {
  async decryptOaep(privateKey, hash, ciphertext) {
    const key = keyObject(privateKey)
    // RFC 8017 section 7.1.2: as long as the modulus.
    if (ciphertext.length * 8 !== key.asymmetricKeyDetails?.modulusLength)
      throw new LabError('bad_ciphertext', 'The RSA block is not as long as the modulus.')
    try {
      return new Uint8Array(privateDecrypt({ key, ...OAEP, oaepHash: hash.replace('-', '') }, ciphertext))
    } catch (cause) {
      passOwnFault(cause)
      throw new LabError('bad_ciphertext', 'This key does not open the RSA block.', { cause })
    }
  },
  signPss: async (privateKey, data) =>
    new Uint8Array(sign('sha256', data, { key: keyObject(privateKey), ...PSS })),
  agree: async (own, peer) =>
    new Uint8Array(diffieHellman({ privateKey: KeyObject.from(own), publicKey: KeyObject.from(peer) })),
}

/**
 * What `--serve` computes by: as long as `isAlone` says so it opens, proves and agrees on the spot and has a share lying ready, and
 * by `usual` otherwise. The rest is that of `usual`.
 */
export function servingCrypto(isAlone: () => boolean, usual: CryptoProvider): CryptoProvider {
  const alone: SessionWork = { ...onTheSpot, makeKeyShare: oneAhead(usual.makeKeyShare) }
  const now = (): SessionWork => (isAlone() ? alone : usual)
  return {
    ...usual,
    makeKeyShare: () => now().makeKeyShare(),
    decryptOaep: (key, hash, ciphertext) => now().decryptOaep(key, hash, ciphertext),
    signPss: (key, data) => now().signPss(key, data),
    agree: (own, peer) => now().agree(own, peer),
  }
}
