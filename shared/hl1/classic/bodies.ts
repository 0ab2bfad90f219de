/** The two kinds of body of suite `classic` (protocol.md section 3): RSA-OAEP with SHA-1, and IV + DES-CBC. */
import { concat, type Bytes } from '../../bytes'
import { DES_BLOCK_BYTES } from '../../crypto/primitives/des'
import type { RsaPrivateKey, RsaPublicKey } from '../../crypto/primitives/rsa'
import type { Environment } from '../environment'
import type { KeySymbol } from '../keys'
import type { BodyLayout, ClosedBody } from '../step'

const OAEP_HASH = 'SHA-1'
export const RSA_ALGORITHM = 'RSAES-OAEP, SHA-1, MGF1-SHA-1'
export const DES_ALGORITHM = 'DES-CBC, PKCS#7 padding, random IV'

/** A body of this suite opened: one plaintext. */
type Opened = BodyLayout & { readonly parts: readonly Bytes[] }

/** Closes a plaintext under a public key: the body is one RSA block. */
export async function closeWithRsa(
  symbol: KeySymbol,
  key: RsaPublicKey,
  plaintext: Bytes,
  { crypto }: Environment,
): Promise<ClosedBody> {
  const body = await crypto.encryptOaep(key, OAEP_HASH, plaintext)
  return { body, ...rsaLayout(symbol, body.length) }
}

/** Opens what {@link closeWithRsa} closed. */
export async function openWithRsa(
  symbol: KeySymbol,
  key: RsaPrivateKey,
  body: Bytes,
  { crypto }: Environment,
): Promise<Opened> {
  return { parts: [await crypto.decryptOaep(key, OAEP_HASH, body)], ...rsaLayout(symbol, body.length) }
}

/** Closes a plaintext under a DES key: the body is an IV of 8 random bytes, then whole blocks. */
export async function closeWithDes(
  symbol: KeySymbol,
  key: Bytes,
  plaintext: Bytes,
  { random, crypto }: Environment,
): Promise<ClosedBody> {
  const iv = random(DES_BLOCK_BYTES)
  const body = concat(iv, await crypto.encryptDes(key, iv, plaintext))
  return { body, ...desLayout(symbol, body.length) }
}

/** Opens what {@link closeWithDes} closed. */
export async function openWithDes(
  symbol: KeySymbol,
  key: Bytes,
  body: Bytes,
  { crypto }: Environment,
): Promise<Opened> {
  const iv = body.subarray(0, DES_BLOCK_BYTES)
  const plaintext = await crypto.decryptDes(key, iv, body.subarray(DES_BLOCK_BYTES))
  return { parts: [plaintext], ...desLayout(symbol, body.length) }
}

/** Every bit of an RSA block depends on the whole plaintext. */
function rsaLayout(symbol: KeySymbol, length: number): BodyLayout {
  const note = `one RSA block: the whole plaintext under ${symbol}`
  return {
    ranges: [{ name: 'ciphertext', start: 0, end: length, note, key: symbol }],
    project: () => ({ start: 0, end: length }),
  }
}

/** Block n of the ciphertext is made from bytes 8n to 8n+7 of the plaintext (and from the block before it). */
function desLayout(symbol: KeySymbol, length: number): BodyLayout {
  const blocks = (length - DES_BLOCK_BYTES) / DES_BLOCK_BYTES
  return {
    ranges: [
      {
        name: 'IV',
        start: 0,
        end: DES_BLOCK_BYTES,
        note: 'initialisation vector: 8 random bytes, sent in clear',
      },
      {
        name: 'ciphertext',
        start: DES_BLOCK_BYTES,
        end: length,
        note: `${blocks} blocks of 8 bytes`,
        key: symbol,
      },
      {
        name: 'last block',
        start: length - DES_BLOCK_BYTES,
        end: length,
        note: 'ends in the padding',
        key: symbol,
      },
    ],
    project: (_, { start, end }) => ({
      start: DES_BLOCK_BYTES * (1 + Math.floor(start / DES_BLOCK_BYTES)),
      end: DES_BLOCK_BYTES * (1 + Math.ceil(end / DES_BLOCK_BYTES)),
    }),
  }
}
