/** Private keys in OpenSSH's own format under a passphrase (PROTOCOL.key of its sources): bcrypt derives, a cipher of SSH decrypts. */
import { cbc, ctr, gcm } from '@noble/ciphers/aes.js'
import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20orig } from '@noble/ciphers/chacha.js'
import { concat, equalBytes, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { bcryptBlocks, bcryptPbkdf } from '../primitives/bcrypt'
import { decryptCbcBlocks } from '../primitives/cbc'
import { unsupported, utf8Of, wrongPassphrase, type Unlocking } from './unlocking'

/** A locked part as the file has it. */
export interface OpensshLock {
  readonly cipher: string
  readonly derivation: string
  readonly salt: Bytes
  readonly rounds: number
  readonly ciphertext: Bytes
  /** What comes after the ciphertext: the tag of ciphers that have one. */
  readonly tag: Bytes
}

interface SshCipher {
  readonly keyBytes: number
  readonly ivBytes: number
  /** Undefined when a tag does not fit. */
  readonly decrypt: (key: Bytes, iv: Bytes, ciphertext: Bytes, tag: Bytes) => Uint8Array | undefined
}

const BCRYPT = 'bcrypt'
/** Rounds of bcrypt that are done; ssh-keygen has 16 or 24, and takes a person's word for more. */
const MAX_ROUNDS = 1_000
const TAG_BYTES = 16

const ctrMode = (keyBytes: number): SshCipher => ({
  keyBytes,
  ivBytes: 16,
  decrypt: (key, iv, ciphertext) => ctr(key, iv).decrypt(ciphertext),
})
const cbcMode = (keyBytes: number): SshCipher => ({
  keyBytes,
  ivBytes: 16,
  decrypt: (key, iv, ciphertext) => cbc(key, iv, { disablePadding: true }).decrypt(ciphertext),
})
const gcmMode = (keyBytes: number): SshCipher => ({
  keyBytes,
  ivBytes: 12,
  decrypt: (key, iv, ciphertext, tag) => {
    try {
      return gcm(key, iv).decrypt(concat(ciphertext, tag))
    } catch {
      return undefined
    }
  },
})

const CIPHERS: Readonly<Record<string, SshCipher>> = {
  'aes128-ctr': ctrMode(16),
  'aes192-ctr': ctrMode(24),
  'aes256-ctr': ctrMode(32),
  'aes128-cbc': cbcMode(16),
  'aes192-cbc': cbcMode(24),
  'aes256-cbc': cbcMode(32),
  'rijndael-cbc@lysator.liu.se': cbcMode(32),
  '3des-cbc': {
    keyBytes: 24,
    ivBytes: 8,
    decrypt: (key, iv, ciphertext) => decryptCbcBlocks('3DES', key, iv, ciphertext),
  },
  'aes128-gcm@openssh.com': gcmMode(16),
  'aes256-gcm@openssh.com': gcmMode(32),
  'chacha20-poly1305@openssh.com': { keyBytes: 64, ivBytes: 0, decrypt: decryptChaCha },
}
/** Blocks of a cipher, in bytes: what was closed is a whole number of them. */
const CIPHER_BLOCK_BYTES = 8

/**
 * Decrypts the private part: two check numbers, keys, padding.
 * @throws LabError `wrong_passphrase`, `unsupported_encryption`, `bad_openssh_key`
 */
export async function openOpensshLock(lock: OpensshLock, unlocking: Unlocking): Promise<Bytes> {
  const { cipher: name, derivation, salt, rounds, ciphertext, tag } = lock
  const { work, what } = unlocking
  const cipher = Object.hasOwn(CIPHERS, name) ? CIPHERS[name] : undefined
  if (!cipher) throw unsupported(what, `the cipher ${name.slice(0, 60)} of SSH`)
  if (derivation !== BCRYPT) throw unsupported(what, `the key derivation ${derivation.slice(0, 60)} of SSH`)
  if (rounds < 1 || rounds > MAX_ROUNDS) {
    const limit = MAX_ROUNDS.toLocaleString('en-GB')
    throw malformed(
      what,
      `It asks for ${rounds.toLocaleString('en-GB')} rounds of bcrypt; from 1 up to ${limit} are done here`,
    )
  }
  const isWhole = ciphertext.length > 0 && ciphertext.length % CIPHER_BLOCK_BYTES === 0
  if (!isWhole || salt.length === 0)
    throw malformed(what, 'Its locked part, or its salt, has a length that is none')
  const { keyBytes, ivBytes } = cipher
  const length = keyBytes + ivBytes
  // A round takes as long as some thousand iterations of a hash.
  work.spend(rounds * bcryptBlocks(length) * ITERATIONS_PER_ROUND)
  const passphrase = utf8Of(unlocking)
  // bcrypt has no empty passphrase: ssh-keygen leaves such keys unlocked.
  if (passphrase.length === 0) throw wrongPassphrase(what)
  const bytes = await bcryptPbkdf(passphrase, salt, rounds, length, work.tell)
  const opened = decrypted(cipher, bytes, ciphertext, tag, what)
  // The two check numbers: a wrong key makes them the same once in four thousand million times.
  if (!opened || opened.length < 8 || !equalBytes(opened.subarray(0, 4), opened.subarray(4, 8)))
    throw wrongPassphrase(what)
  return opened.slice() as Bytes
}

/** What a round costs, in iterations of a hash. */
const ITERATIONS_PER_ROUND = 3_000

function decrypted(
  { keyBytes, decrypt }: SshCipher,
  bytes: Bytes,
  ciphertext: Bytes,
  tag: Bytes,
  what: string,
): Uint8Array | undefined {
  try {
    return decrypt(bytes.slice(0, keyBytes), bytes.slice(keyBytes), ciphertext, tag)
  } catch (cause) {
    // @noble/ciphers throws Errors of several classes at lengths that it doesn't have.
    throw new LabError(
      'bad_openssh_key',
      `${what} can’t be read: its locked part has a length that its cipher doesn’t have.`,
      { cause },
    )
  }
}

/** PROTOCOL.chacha20poly1305, for the packet 0: the first half of the key encrypts, and its first block makes the key of the tag. */
function decryptChaCha(key: Bytes, _iv: Bytes, ciphertext: Bytes, tag: Bytes): Uint8Array | undefined {
  const main = key.slice(0, 32)
  const nonce = new Uint8Array(8)
  const tagKey = chacha20orig(main, nonce, new Uint8Array(32), undefined, 0)
  const expected = poly1305(ciphertext, tagKey)
  if (tag.length < TAG_BYTES || !equalBytes(expected, tag.subarray(0, TAG_BYTES))) return undefined
  return chacha20orig(main, nonce, ciphertext, undefined, 1)
}

function malformed(what: string, why: string): LabError {
  return new LabError('bad_openssh_key', `${what} can’t be opened. ${why}.`)
}
