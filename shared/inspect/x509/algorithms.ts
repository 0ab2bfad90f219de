/** AlgorithmIdentifier (RFC 5280 section 4.1.1.2) in words. */
import type { Bytes } from '../../bytes'
import { readPssParameters } from '../../crypto/pki/pss-parameters'
import { signatureAlgorithm } from '../../crypto/pki/verify'
import { oidName, oidNamed } from '../../crypto/encodings/oids'
import { fieldOf, oidOfPart, wholeBytes, type Part } from './parts'
import type { AlgorithmView } from './types'

const RSASSA_PSS = oidNamed('id-RSASSA-PSS')

/** Reads an AlgorithmIdentifier; without one the OID is empty. */
export function readAlgorithm(part: Part | undefined): AlgorithmView {
  const oid = oidOfPart(fieldOf(part, 'algorithm')) ?? ''
  const held = fieldOf(part, 'parameters')
  const parameters = held && wholeBytes(held)
  return { oid, name: oidName(oid) ?? (oid || 'unreadable'), hash: hashOf(oid, parameters), parameters }
}

/** A sentence's part: `sha256WithRSAEncryption`, or `id-RSASSA-PSS with SHA-256`. */
export function algorithmText({ oid, name, hash }: AlgorithmView): string {
  return oid === RSASSA_PSS && hash !== undefined ? `${name} with ${hash}` : name
}

function hashOf(oid: string, parameters: Bytes | undefined): string | undefined {
  if (oid === RSASSA_PSS) return readPssParameters(parameters)?.hash
  return signatureAlgorithm(oid)?.hash
}
