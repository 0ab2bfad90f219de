/** Certificates and lists that were read lately: every tab asks about what is shown, each time with a copy of its bytes. */
import { equalBytes, type Bytes } from '#shared/bytes'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readRevocationList, type RevocationListDescription } from '#shared/inspect/x509/revocation-list'
import type { CertificateDescription } from '#shared/inspect/x509/types'

/** So many are kept: a long chain, and what else is open. Lists may be long. */
const [MOST, MOST_LISTS] = [200, 20] as const

/** The newest last. */
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
  return readOnce(der, kept, MOST, readCertificate)
}

/**
 * The same for a revocation list.
 * @throws LabError as `readRevocationList` does
 */
export function readListOnce(der: Bytes): RevocationListDescription {
  return readOnce(der, keptLists, MOST_LISTS, readRevocationList)
}

function readOnce<Read>(der: Bytes, among: Kept<Read>[], most: number, reader: (der: Bytes) => Read): Read {
  const known = among.find((other) => equalBytes(other.der, der))
  if (known) return known.read
  const read = reader(der)
  among.push({ der, read })
  if (among.length > most) among.shift()
  return read
}
