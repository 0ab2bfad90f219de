/** The MAC over a PKCS#12 file (RFC 7292 section 4), by its own derivation or by PBMAC1 (RFC 9579). */
import { equalBytes, type Bytes } from '../../bytes'
import { numberOf, octetsOf, oidOf, partsOf, type Ber } from '../encodings/ber'
import { oidNamed } from '../encodings/oids'
import { hashOfOid, hashSizes, hmacBytes } from '../primitives/hashes'
import { deriveKey, hmacHash } from './key-derivation'
import { derivePkcs12, PURPOSE } from './pkcs12-kdf'
import { unsupported, wrongPassphrase, type Unlocking } from './unlocking'

const PBMAC1 = oidNamed('PBMAC1')

/**
 * Checks MacData: a DigestInfo, salt, and iterations that are 1 unless given.
 * @returns the passphrase's bytes as the rest of the file takes them: some tools take no passphrase for no bytes at all,
 *   others for an empty text
 * @throws LabError `wrong_passphrase`, `unsupported_encryption`; SyntaxError for what is no MacData
 */
export async function verifyMac(mac: Ber, authenticated: Bytes, unlocking: Unlocking): Promise<Bytes> {
  const [digestInfo, salt, count] = partsOf(mac, 'sequence')
  const [algorithm, digest] = partsOf(digestInfo, 'sequence')
  const [name, parameters] = partsOf(algorithm, 'sequence')
  const expected = octetsOf(digest)
  const { utf16, work, what } = unlocking
  const oid = oidOf(name)
  if (oid === PBMAC1) {
    if (equalBytes(await computePbmac1(parameters, authenticated, unlocking), expected)) return utf16
    throw wrongPassphrase(what)
  }
  const hash = hashOfOid(oid)
  if (!hash) throw unsupported(what, `a MAC with ${oid}`)
  const iterations = count ? numberOf(count) : 1
  const isEmpty = utf16.length === 2
  for (const passphrase of isEmpty ? [utf16, new Uint8Array()] : [utf16]) {
    work.spend(iterations)
    const key = await derivePkcs12(
      {
        ...{ hash, passphrase, iterations, salt: octetsOf(salt) },
        ...{ purpose: PURPOSE.mac, length: hashSizes(hash).output },
      },
      work.tell,
    )
    if (equalBytes(hmacBytes(hash, key, authenticated), expected)) return passphrase
  }
  throw wrongPassphrase(what)
}

/** RFC 9579 section 4: the passphrase is UTF-8; salt and iterations of MacData are not used. */
async function computePbmac1(
  parameters: Ber | undefined,
  authenticated: Bytes,
  unlocking: Unlocking,
): Promise<Bytes> {
  const [derivation, scheme] = partsOf(parameters, 'sequence')
  const oid = oidOf(partsOf(scheme, 'sequence')[0])
  const hash = hmacHash(oid)
  if (!hash) throw unsupported(unlocking.what, `PBMAC1 with the function ${oid}`)
  return hmacBytes(hash, await deriveKey(derivation, unlocking, undefined), authenticated)
}
