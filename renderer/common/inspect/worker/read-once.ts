/** Certificates and lists that were read lately: every tab asks about what is shown, each time with a copy of its bytes. */
import { equalBytes, type Bytes } from '#shared/bytes'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readRevocationList, type RevocationListDescription } from '#shared/inspect/x509/revocation-list'
import type { CertificateDescription } from '#shared/inspect/x509/types'

/** So many bytes of each are kept, and the newest one whatever its length: long chains, and all lists that are open together. */
const MOST_BYTES = 32 * 2 ** 20

/** What was asked for last is last. */
const kept: Kept<CertificateDescription>[] = []
const keptLists: Kept<RevocationListDescription>[] = []

interface Kept<Read> {
  readonly der: Bytes
  readonly read: Read
}

/** Forgets all of them. */
export function forgetRead(): void {
  kept.length = 0
  keptLists.length = 0
}

/**
 * Reads a certificate, or gives what it was read as before.
 * @throws LabError as `readCertificate` does
 */
export function readCertificateOnce(der: Bytes): CertificateDescription {
  return readOnce(der, kept, readCertificate)
}

/**
 * The same for a revocation list.
 * @throws LabError as `readRevocationList` does
 */
export function readListOnce(der: Bytes): RevocationListDescription {
  return readOnce(der, keptLists, readRevocationList)
}

function readOnce<Read>(der: Bytes, among: Kept<Read>[], reader: (der: Bytes) => Read): Read {
  const at = among.findIndex((other) => equalBytes(other.der, der))
  const [known] = at === -1 ? [] : among.splice(at, 1)
  const one = known ?? { der, read: reader(der) }
  among.push(one)
  let bytes = among.reduce((sum, other) => sum + other.der.length, 0)
  while (among.length > 1 && bytes > MOST_BYTES) bytes -= among.shift()?.der.length ?? 0
  return one.read
}
