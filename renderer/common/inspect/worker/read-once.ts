/** Certificates that were read lately: every tab asks about the one that is shown, each time with a copy of its bytes. */
import { equalBytes, type Bytes } from '#shared/bytes'
import { readCertificate } from '#shared/inspect/x509/certificate'
import type { CertificateDescription } from '#shared/inspect/x509/types'

/** So many are kept: a long chain, and what else is open. */
const MOST = 200

/** The newest last. */
const kept: CertificateDescription[] = []

/** Forgets all of them. */
export function forgetCertificates(): void {
  kept.length = 0
}

/**
 * Reads a certificate, or gives what it was read as before.
 * @throws LabError as `readCertificate` does
 */
export function readCertificateOnce(der: Bytes): CertificateDescription {
  const known = kept.find((other) => equalBytes(other.der, der))
  if (known) return known
  const read = readCertificate(der)
  kept.push(read)
  if (kept.length > MOST) kept.shift()
  return read
}
