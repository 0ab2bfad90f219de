/** The two kinds of body of suite `classic` (protocol.md section 3): RSA-OAEP with SHA-1, and IV + DES-CBC. */
import { concat, type Bytes } from '../../bytes'
import { DES_BLOCK_BYTES } from '../../crypto/primitives/des'
import type { RsaPrivateKey, RsaPublicKey } from '../../crypto/primitives/rsa'
import type { OpenedBody } from '../conduct'
import type { Environment } from '../environment'

const OAEP_HASH = 'SHA-1'

/** Closes a plaintext under a public key: the body is one RSA block. */
export function closeWithRsa(key: RsaPublicKey, plaintext: Bytes, { crypto }: Environment): Promise<Bytes> {
  return crypto.encryptOaep(key, OAEP_HASH, plaintext)
}

/** Opens what {@link closeWithRsa} closed. */
export async function openWithRsa(
  key: RsaPrivateKey,
  body: Bytes,
  { crypto }: Environment,
): Promise<OpenedBody<never>> {
  return { parts: [await crypto.decryptOaep(key, OAEP_HASH, body)] }
}

/** Closes a plaintext under a DES key: the body is an IV of 8 random bytes, then whole blocks. */
export async function closeWithDes(
  key: Bytes,
  plaintext: Bytes,
  { random, crypto }: Environment,
): Promise<Bytes> {
  const iv = random(DES_BLOCK_BYTES)
  return concat(iv, await crypto.encryptDes(key, iv, plaintext))
}

/** Opens what {@link closeWithDes} closed. */
export async function openWithDes(
  key: Bytes,
  body: Bytes,
  { crypto }: Environment,
): Promise<OpenedBody<never>> {
  const iv = body.subarray(0, DES_BLOCK_BYTES)
  return { parts: [await crypto.decryptDes(key, iv, body.subarray(DES_BLOCK_BYTES))] }
}
