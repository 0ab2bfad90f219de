/** DES in CBC mode with PKCS#7 padding (FIPS 46-3, SP 800-38A), by node-forge: WebCrypto has no DES. */
import forge from 'node-forge'
import { concat, fromBinaryString, toBinaryString, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { nextTurn } from '../../turn'
import { plainly } from './operations'
import { unpad } from './padding'

export const DES_KEY_BYTES = 8
export const DES_BLOCK_BYTES = 8

/** Bytes that are worked on before other events get their turn: a quarter of a millisecond. */
const SLICE = 0x2000

/** Encrypts; the result is a whole number of 8-byte blocks, at least one longer than the plaintext's whole blocks. */
export async function encryptDes(
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
  perform = plainly,
): Promise<Bytes> {
  return perform('des_encrypt', async () => {
    const cipher = forge.cipher.createCipher('DES-CBC', toBinaryString(key))
    const blocks = await run(cipher, iv, plaintext)
    cipher.finish()
    return concat(blocks, fromBinaryString(cipher.output.getBytes()))
  })
}

/**
 * Decrypts and takes the padding off.
 * @throws LabError `bad_ciphertext` for a length that is not a whole number of blocks, or wrong padding
 */
export async function decryptDes(
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  perform = plainly,
): Promise<Bytes> {
  if (ciphertext.length === 0 || ciphertext.length % DES_BLOCK_BYTES !== 0) {
    throw new LabError('bad_ciphertext', 'The ciphertext is not a whole number of 8-byte blocks.')
  }
  // Never finished: node-forge would look only at the last byte of the padding, and all of it is checked below.
  const decrypt = () => run(forge.cipher.createDecipher('DES-CBC', toBinaryString(key)), iv, ciphertext)
  return unpad(await perform('des_decrypt', decrypt), DES_BLOCK_BYTES)
}

/** Works through all whole blocks, a slice at a time, so that a long message never holds up the window or its peers. */
async function run(cipher: forge.cipher.BlockCipher, iv: Uint8Array, input: Uint8Array): Promise<Bytes> {
  cipher.start({ iv: toBinaryString(iv) })
  const parts: Bytes[] = []
  for (let start = 0; start < input.length; start += SLICE) {
    if (start > 0) await nextTurn()
    cipher.update(forge.util.createBuffer(toBinaryString(input.subarray(start, start + SLICE))))
    parts.push(fromBinaryString(cipher.output.getBytes()))
  }
  return concat(...parts)
}
