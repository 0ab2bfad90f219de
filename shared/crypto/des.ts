/** DES in CBC mode with PKCS#7 padding (FIPS 46-3, SP 800-38A), by node-forge: WebCrypto has no DES. */
import forge from 'node-forge'
import { concat, fromBinaryString, toBinaryString, toHex, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { nextTurn } from '../turn'
import { perform } from './operations'
import { unpad } from './padding'

export const DES_KEY_BYTES = 8
export const DES_BLOCK_BYTES = 8

/** Bytes that are worked on before other events get their turn. */
const SLICE = 0x10000

/** The 4 weak and 12 semi-weak keys (FIPS 74, section 3.6), with odd parity. */
const WEAK_KEYS = new Set([
  '0101010101010101',
  'fefefefefefefefe',
  '1f1f1f1f0e0e0e0e',
  'e0e0e0e0f1f1f1f1',
  '01fe01fe01fe01fe',
  'fe01fe01fe01fe01',
  '1fe01fe00ef10ef1',
  'e01fe01ff10ef10e',
  '01e001e001f101f1',
  'e001e001f101f101',
  '1ffe1ffe0efe0efe',
  'fe1ffe1ffe0efe0e',
  '011f011f010e010e',
  '1f011f010e010e01',
  'e0fee0fef1fef1fe',
  'fee0fee0fef1fef1',
])

/** The four weak ones: each half of the key schedule is all zeros or all ones, so all its rounds are alike. */
const SELF_INVERSE = /^(?:(01|fe)\1{7}|1f1f1f1f0e0e0e0e|e0e0e0e0f1f1f1f1)$/

/** True for a weak or semi-weak key, whatever its parity bits say: DES ignores them. */
export function isWeakDesKey(key: Uint8Array): boolean {
  return desWeakness(key) !== 'none'
}

/** Weak keys decrypt what they encrypted by encrypting it again; semi-weak ones do that for a partner key. */
export function desWeakness(key: Uint8Array): 'weak' | 'semi-weak' | 'none' {
  const odd = toHex(key.map(withOddParity))
  if (!WEAK_KEYS.has(odd)) return 'none'
  return SELF_INVERSE.test(odd) ? 'weak' : 'semi-weak'
}

/** Encrypts; the result is a whole number of 8-byte blocks, at least one longer than the plaintext's whole blocks. */
export async function encryptDes(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Promise<Bytes> {
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
export async function decryptDes(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Promise<Bytes> {
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

function withOddParity(byte: number): number {
  let ones = 0
  for (let bit = 1; bit < 8; bit++) ones += (byte >> bit) & 1
  return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
}
