/**
 * bcrypt_pbkdf, with which OpenSSH locks private keys (PROTOCOL.key of its sources): PBKDF2's frame around bcrypt's hash, which
 * is bcrypt-pbkdf's. Its own frame would hold everything up until it is done.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import library from 'bcrypt-pbkdf'
import { concat, type Bytes } from '../../bytes'
import { nextTurn } from '../../turn'
import type { Tell } from './hashes'

const HASH_BYTES = 32
/** Rounds computed before other events get their turn: some tens of milliseconds. */
const SLICE = 4

/** Blocks of hashes that a key of this length takes, each of all rounds. */
export function bcryptBlocks(length: number): number {
  return Math.ceil(length / HASH_BYTES)
}

/** Derives `length` bytes: of every block a byte in turn. */
export async function bcryptPbkdf(
  passphrase: Bytes,
  salt: Bytes,
  rounds: number,
  length: number,
  tell?: Tell,
): Promise<Bytes> {
  const blocks = bcryptBlocks(length)
  const key = new Uint8Array(blocks * HASH_BYTES)
  const passphraseHash = sha512(passphrase)
  for (let block = 0; block < blocks; block++) {
    const counter = new Uint8Array(4)
    new DataView(counter.buffer).setUint32(0, block + 1)
    const value = new Uint8Array(HASH_BYTES)
    const sum = new Uint8Array(HASH_BYTES)
    for (let round = 0; round < rounds; round++) {
      if (round % SLICE === 0) {
        tell?.((block * rounds + round) / (blocks * rounds))
        await nextTurn()
      }
      library.hash(passphraseHash, sha512(round === 0 ? concat(salt, counter) : value), value)
      for (let at = 0; at < HASH_BYTES; at++) sum[at] = (sum[at] ?? 0) ^ (value[at] ?? 0)
    }
    for (let at = 0; at < HASH_BYTES; at++) key[at * blocks + block] = sum[at] ?? 0
  }
  return key.slice(0, length)
}
