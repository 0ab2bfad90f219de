/** Block ciphers in CBC mode (SP 800-38A) with PKCS#7 padding, for files of any age: AES by WebCrypto, Camellia here, the rest by node-forge. */
import forge from 'node-forge'
import { concat, fromBinaryString, toBinaryString, type Bytes } from '../../bytes'
import { nextTurn } from '../../turn'
import { decryptCamelliaCbc } from './camellia'
import { withoutPadding } from './padding'

/** Which of its key lengths a cipher runs with is told by its key. */
export type CbcCipher = 'AES' | 'Camellia' | '3DES' | 'DES' | 'RC2'

const BLOCK_BYTES = { AES: 16, Camellia: 16, '3DES': 8, DES: 8, RC2: 8 } as const satisfies Record<
  CbcCipher,
  number
>
/** Bytes that are worked on before other events get their turn. */
const SLICE = 0x4000

/**
 * Decrypts and takes the padding off.
 * @param effectiveBits of a key of RC2; without, as many as it has
 * @returns undefined when what comes out is not padded, as with a wrong key
 * @throws SyntaxError when IV or ciphertext have a length that the cipher doesn't have
 */
export async function decryptCbc(
  cipher: CbcCipher,
  key: Bytes,
  iv: Bytes,
  ciphertext: Bytes,
  effectiveBits = key.length * 8,
): Promise<Bytes | undefined> {
  const block = BLOCK_BYTES[cipher]
  if (iv.length !== block || ciphertext.length === 0 || ciphertext.length % block !== 0)
    throw new SyntaxError(
      `The ciphertext is not a whole number of ${block}-byte blocks with an IV before them.`,
    )
  // Chromium's WebCrypto has no AES with 192 bits.
  if (cipher === 'AES' && key.length !== 24) return decryptAes(key, iv, ciphertext)
  if (cipher === 'Camellia') return withoutPadding(decryptCamelliaCbc(key, iv, ciphertext), block)
  const decipher = startDecipher(cipher, toBinaryString(key), toBinaryString(iv), effectiveBits)
  return withoutPadding(await decryptBlocks(decipher, ciphertext), block)
}

/** Decrypts whole blocks; what was padded stays so. */
export function decryptCbcBlocks(cipher: '3DES', key: Bytes, iv: Bytes, ciphertext: Bytes): Bytes {
  const decipher = startDecipher(cipher, toBinaryString(key), toBinaryString(iv), key.length * 8)
  decipher.update(forge.util.createBuffer(toBinaryString(ciphertext)))
  return fromBinaryString(decipher.output.getBytes())
}

/** Encrypts with AES or 3DES; the result is at least one byte longer and a whole number of blocks. */
export async function encryptCbc(
  cipher: 'AES' | '3DES',
  key: Bytes,
  iv: Bytes,
  plaintext: Bytes,
): Promise<Bytes> {
  if (cipher === 'AES') {
    const native = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt'])
    return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, native, plaintext))
  }
  const encipher = forge.cipher.createCipher('3DES-CBC', toBinaryString(key))
  encipher.start({ iv: toBinaryString(iv) })
  encipher.update(forge.util.createBuffer(toBinaryString(plaintext)))
  encipher.finish()
  return fromBinaryString(encipher.output.getBytes())
}

/** Length in bytes of what {@link encryptCbc} makes of `length` bytes. */
export function encryptedLength(cipher: 'AES' | '3DES', length: number): number {
  const block = BLOCK_BYTES[cipher]
  return (Math.floor(length / block) + 1) * block
}

async function decryptAes(key: Bytes, iv: Bytes, ciphertext: Bytes): Promise<Bytes | undefined> {
  const native = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt'])
  return crypto.subtle.decrypt({ name: 'AES-CBC', iv }, native, ciphertext).then(
    (plaintext) => new Uint8Array(plaintext),
    () => undefined,
  )
}

/** Never finished: node-forge would look only at the last byte of the padding. */
async function decryptBlocks(decipher: Decipher, ciphertext: Bytes): Promise<Bytes> {
  const parts: Bytes[] = []
  for (let start = 0; start < ciphertext.length; start += SLICE) {
    if (start > 0) await nextTurn()
    decipher.update(forge.util.createBuffer(toBinaryString(ciphertext.subarray(start, start + SLICE))))
    parts.push(fromBinaryString(decipher.output.getBytes()))
  }
  return concat(...parts)
}

type Decipher = Pick<forge.rc2.cipher, 'update' | 'output'>

function startDecipher(
  cipher: Exclude<CbcCipher, 'Camellia'>,
  key: string,
  iv: string,
  effectiveBits: number,
): Decipher {
  if (cipher === 'RC2') {
    const rc2 = forge.rc2.createDecryptionCipher(key, effectiveBits)
    rc2.start(iv)
    return rc2
  }
  const decipher = forge.cipher.createDecipher(`${cipher}-CBC`, key)
  decipher.start({ iv })
  return decipher
}
