/** Public keys as OpenSSH writes them: the blob of RFC 4253 section 6.6, RFC 5656 section 3.1 and RFC 8709 section 4, and its one-line text. */
import { concat, fromHex, toBase64, toUtf8, type Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { readChildren, readElement } from './der'
import { decodeOid } from './oid-text'
import { oidNamed } from './oids'
import { numberHex, readRsaPublicNumbers } from './rsa-numbers'

const [EC, ED25519] = [oidNamed('id-ecPublicKey'), oidNamed('Ed25519')]
/** OpenSSH's names of the curves that it knows, by their OID. */
const CURVES: Readonly<Record<string, string>> = {
  [oidNamed('secp256r1')]: 'nistp256',
  [oidNamed('secp384r1')]: 'nistp384',
  [oidNamed('secp521r1')]: 'nistp521',
}
const UNCOMPRESSED = 0x04

/** A key's name and blob; undefined for a kind of key that OpenSSH doesn't have. */
export interface OpensshKey {
  /** For instance `ssh-rsa`. */
  readonly name: string
  readonly blob: Bytes
}

/** Turns a SubjectPublicKeyInfo into OpenSSH's form. */
export function opensshKey(spki: Bytes): OpensshKey | undefined {
  const rsa = readRsaPublicNumbers(spki)
  if (rsa) return made('ssh-rsa', mpint(rsa.e), mpint(rsa.n))
  return orUndefined(() => {
    const [algorithm, key] = readChildren(spki, readElement(spki))
    if (!algorithm || !key) return undefined
    const [oid, parameter] = readChildren(spki, algorithm).map(({ contentStart, end }) =>
      decodeOid(spki.subarray(contentStart, end)),
    )
    const point = spki.slice(key.contentStart + 1, key.end)
    if (oid === ED25519) return made('ssh-ed25519', point)
    const curve = oid === EC && parameter !== undefined ? CURVES[parameter] : undefined
    if (curve === undefined || point[0] !== UNCOMPRESSED) return undefined
    return made(`ecdsa-sha2-${curve}`, toUtf8(curve), point)
  })
}

/** The line for `authorized_keys`: name, blob in base64, and a comment. */
export function opensshLine({ name, blob }: OpensshKey, comment = ''): string {
  return [name, toBase64(blob), comment].filter((part) => part !== '').join(' ')
}

/** The fingerprint as `ssh-keygen -l` prints it: SHA-256 in base64 without padding. */
export async function opensshFingerprint({ blob }: OpensshKey): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', blob))
  return `SHA256:${toBase64(digest).replace(/=+$/, '')}`
}

function made(name: string, ...parts: readonly Bytes[]): OpensshKey {
  return { name, blob: concat(...[toUtf8(name), ...parts].map(lengthPrefixed)) }
}

/** RFC 4251 section 5, `string`. */
function lengthPrefixed(bytes: Bytes): Bytes {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.length)
  return concat(length, bytes)
}

/** RFC 4251 section 5, `mpint`: a zero byte before a set highest bit. */
function mpint(value: bigint): Bytes {
  const bytes = fromHex(numberHex(value)) ?? new Uint8Array()
  return (bytes[0] ?? 0) >= 0x80 ? concat(new Uint8Array(1), bytes) : bytes
}
