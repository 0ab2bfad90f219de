/**
 * Private keys locked by OpenSSL's own PEM encryption (RFC 1421's headers `Proc-Type` and `DEK-Info`), as `openssl genrsa -aes256`
 * wrote them up to version 1.1. The key is one round of MD5 over passphrase and salt: weak, and read all the same.
 */
import { concat, fromHex, toUtf8, type Bytes } from '../../bytes'
import { LabError, passOwnFault } from '../../errors'
import { decryptCbc, type CbcCipher } from '../primitives/cbc'
import { hashBytes } from '../primitives/hashes'
import { wrongPassphrase } from './unlocking'

/** By OpenSSL's name; the length of the key in bytes. */
const CIPHERS: Readonly<Record<string, { readonly cipher: CbcCipher; readonly bytes: number }>> = {
  'AES-128-CBC': { cipher: 'AES', bytes: 16 },
  'AES-192-CBC': { cipher: 'AES', bytes: 24 },
  'AES-256-CBC': { cipher: 'AES', bytes: 32 },
  'CAMELLIA-128-CBC': { cipher: 'Camellia', bytes: 16 },
  'CAMELLIA-192-CBC': { cipher: 'Camellia', bytes: 24 },
  'CAMELLIA-256-CBC': { cipher: 'Camellia', bytes: 32 },
  'DES-EDE3-CBC': { cipher: '3DES', bytes: 24 },
  'DES-CBC': { cipher: 'DES', bytes: 8 },
  'RC2-CBC': { cipher: 'RC2', bytes: 16 },
  'RC2-64-CBC': { cipher: 'RC2', bytes: 8 },
  'RC2-40-CBC': { cipher: 'RC2', bytes: 5 },
}
/** The salt is the start of the IV. */
const SALT_BYTES = 8
const SEQUENCE = 0x30

/**
 * Decrypts the body of a PEM block.
 * @param what it is, for messages: “The private key”
 * @param info the value of its header `DEK-Info`, for instance `AES-128-CBC,2A57FF97…`
 * @throws LabError `wrong_passphrase`, `unsupported_encryption` for another cipher, `bad_encrypted_key` for a header or body that is none
 */
export async function openPemLock(
  body: Bytes,
  info: string,
  passphrase: string,
  what: string,
): Promise<Bytes> {
  const [name = '', hex = ''] = info.split(',').map((part) => part.trim())
  const found = CIPHERS[name.toUpperCase()]
  if (!found) {
    const known = Object.keys(CIPHERS).join(', ')
    throw new LabError(
      'unsupported_encryption',
      `${what} is locked with ${name.slice(0, 40) || 'no named cipher'}; expected is one of ${known}.`,
    )
  }
  const iv = fromHex(hex)
  if (!iv || iv.length < SALT_BYTES) {
    throw new LabError(
      'bad_encrypted_key',
      'The header DEK-Info has no initial vector in hex after its cipher.',
    )
  }
  const key = deriveKey(passphrase, iv.slice(0, SALT_BYTES), found.bytes)
  const opened = await decryptCbc(found.cipher, key, iv, body).catch((cause: unknown) => {
    passOwnFault(cause)
    const message =
      'The length of the locked private key is not one that its cipher makes: the text is damaged.'
    throw new LabError('bad_encrypted_key', message, { cause })
  })
  // One wrong key in 256 leaves one byte of padding by chance: then what comes out has to begin like a key as well.
  const isSure = opened && (body.length - opened.length > 1 || opened[0] === SEQUENCE)
  if (!isSure) throw wrongPassphrase(what)
  return opened
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round. */
function deriveKey(passphrase: string, salt: Bytes, length: number): Bytes {
  let block: Bytes = new Uint8Array()
  let key: Bytes = new Uint8Array()
  while (key.length < length) {
    block = hashBytes('MD5', concat(block, toUtf8(passphrase), salt))
    key = concat(key, block)
  }
  return key.slice(0, length)
}
