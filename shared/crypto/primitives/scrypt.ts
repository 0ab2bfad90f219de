/**
 * scrypt (RFC 7914) by @noble/hashes, since WebCrypto doesn't have it: keys that `openssl pkcs8 -scrypt` and others have locked
 * open with it.
 */
import { scryptAsync } from '@noble/hashes/scrypt.js'
import type { Bytes } from '../../bytes'
import { nextTurn } from '../../turn'

/** The parameters of RFC 7914 section 2. */
export interface ScryptCost {
  /** N: a power of 2. */
  readonly cost: number
  /** r, in 128 bytes. */
  readonly blockSize: number
  /** p. */
  readonly parallelization: number
}

/** Most of N times r times p: 128 MiB of memory and some seconds. */
export const MAX_SCRYPT_WORK = 2 ** 20

/**
 * Derives `length` bytes. Other events have their turn before it, promises also meanwhile: where a window must not wait, this
 * belongs in a worker.
 * @throws SyntaxError when the parameters are none, or ask for more than {@link MAX_SCRYPT_WORK}
 */
export async function scrypt(
  passphrase: Bytes,
  salt: Bytes,
  { cost, blockSize, parallelization }: ScryptCost,
  length: number,
): Promise<Bytes> {
  const isPower = cost > 1 && Number.isInteger(Math.log2(cost))
  if (!isPower || blockSize < 1 || parallelization < 1) throw new SyntaxError('The cost of scrypt is none.')
  if (cost * blockSize * parallelization > MAX_SCRYPT_WORK) {
    const limit = MAX_SCRYPT_WORK.toLocaleString('en-GB')
    throw new SyntaxError(
      `scrypt with cost ${cost}, block size ${blockSize} and parallelization ${parallelization} is more work than is accepted: their product is at most ${limit}.`,
    )
  }
  await nextTurn()
  const options = { N: cost, r: blockSize, p: parallelization, dkLen: length }
  return (await scryptAsync(passphrase, salt, options)) as Bytes
}
