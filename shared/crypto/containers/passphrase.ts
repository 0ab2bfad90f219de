/**
 * What was locked with a passphrase, opened: PBES2 (RFC 8018 section 6.2), the schemes of PKCS#12 (RFC 7292 appendix C), and
 * those of PBES1 (RFC 8018 section 6.1) that old keys have. Which functions and ciphers there are stands in tables.
 */
import { concat, type Bytes } from '../../bytes'
import { numberOf, oidOf, partsOf, type Ber } from '../encodings/ber'
import { oidNamed } from '../encodings/oids'
import { hashRepeatedly, type HashName } from '../primitives/hashes'
import { cipherNamed, openCbc, type Opener } from './ciphers'
import { deriveKey, saltOf } from './key-derivation'
import { derivePkcs12, PURPOSE } from './pkcs12-kdf'
import { unsupported, utf8Of, wrongPassphrase, type Unlocking } from './unlocking'

const PBES2 = oidNamed('PBES2')
const SEQUENCE = 0x30

type OldCipher = '3DES' | 'DES' | 'RC2'

/** Schemes of PKCS#12: 3DES with three keys and with two, RC2 with 128 bits and with 40. */
const PKCS12_SCHEMES: Readonly<Record<string, { readonly cipher: OldCipher; readonly bytes: number }>> = {
  [oidNamed('pbeWithSHAAnd3-KeyTripleDES-CBC')]: { cipher: '3DES', bytes: 24 },
  [oidNamed('pbeWithSHAAnd2-KeyTripleDES-CBC')]: { cipher: '3DES', bytes: 16 },
  [oidNamed('pbeWithSHAAnd128BitRC2-CBC')]: { cipher: 'RC2', bytes: 16 },
  [oidNamed('pbeWithSHAAnd40BitRC2-CBC')]: { cipher: 'RC2', bytes: 5 },
}
const BLOCK_BYTES = 8

/** Schemes of PBES1. */
const PBES1_SCHEMES: Readonly<Record<string, { readonly cipher: OldCipher; readonly hash: HashName }>> = {
  [oidNamed('pbeWithMD5AndDES-CBC')]: { cipher: 'DES', hash: 'MD5' },
  [oidNamed('pbeWithMD5AndRC2-CBC')]: { cipher: 'RC2', hash: 'MD5' },
  [oidNamed('pbeWithSHA1AndDES-CBC')]: { cipher: 'DES', hash: 'SHA-1' },
  [oidNamed('pbeWithSHA1AndRC2-CBC')]: { cipher: 'RC2', hash: 'SHA-1' },
}

/**
 * Decrypts what an AlgorithmIdentifier describes: a SEQUENCE. The passphrase counts as UTF-8, in the schemes of PKCS#12 as UTF-16.
 * @throws LabError `wrong_passphrase` when what comes out shows that it is wrong, `unsupported_encryption` for other
 *   algorithms; SyntaxError for parameters that are none
 */
export async function openLocked(
  algorithm: Ber | undefined,
  ciphertext: Bytes,
  unlocking: Unlocking,
): Promise<Bytes> {
  const [name, parameters] = partsOf(algorithm, 'sequence')
  const opener = await openerFor(oidOf(name), parameters, unlocking)
  const opened = await opener(ciphertext)
  if (!opened) throw wrongPassphrase(unlocking.what)
  // One wrong key in 256 leaves one byte of padding by chance. More of it, or the beginning of what was locked, is no chance.
  const isSure = opened.evidenceBits > 8 || opened.plaintext[0] === SEQUENCE
  if (!isSure) throw wrongPassphrase(unlocking.what)
  return opened.plaintext
}

async function openerFor(scheme: string, parameters: Ber | undefined, unlocking: Unlocking): Promise<Opener> {
  if (scheme === PBES2) return pbes2(parameters, unlocking)
  const pkcs12 = PKCS12_SCHEMES[scheme]
  const pbes1 = PBES1_SCHEMES[scheme]
  if (!pkcs12 && !pbes1) throw unsupported(unlocking.what, `the method ${scheme}`)
  const [saltPart, count] = partsOf(parameters, 'sequence')
  const salt = saltOf(saltPart)
  const iterations = numberOf(count)
  const { work } = unlocking
  if (pbes1) {
    // PBKDF1 (RFC 8018 section 5.1): the first half of the hash is the key, the second the IV.
    work.spend(iterations)
    const input = concat(utf8Of(unlocking), salt)
    const bytes = await hashRepeatedly(pbes1.hash, input, iterations, work.tell)
    const [key, iv] = [bytes.slice(0, BLOCK_BYTES), bytes.slice(BLOCK_BYTES, 2 * BLOCK_BYTES)]
    return openCbc(pbes1.cipher, key, iv)
  }
  const { cipher, bytes } = pkcs12 ?? { cipher: '3DES', bytes: 24 }
  work.spend(iterations, bytes > 20 ? 3 : 2)
  const common = { hash: 'SHA-1', passphrase: unlocking.utf16, salt, iterations } as const
  const key = await derivePkcs12({ ...common, purpose: PURPOSE.key, length: bytes }, work.tell)
  const iv = await derivePkcs12({ ...common, purpose: PURPOSE.iv, length: BLOCK_BYTES }, work.tell)
  return openCbc(cipher, cipher === '3DES' && bytes === 16 ? concat(key, key.slice(0, 8)) : key, iv)
}

async function pbes2(parameters: Ber | undefined, unlocking: Unlocking): Promise<Opener> {
  const [derivation, encryption] = partsOf(parameters, 'sequence')
  const [name, cipherParameters] = partsOf(encryption, 'sequence')
  const cipher = cipherNamed(oidOf(name))
  if (!cipher) throw unsupported(unlocking.what, `PBES2 with the cipher ${oidOf(name)}`)
  const { bytes, opener } = cipher(cipherParameters)
  return opener(await deriveKey(derivation, unlocking, bytes))
}
