/** The cases of x509-limbo (test/vectors/limbo), and each as a question to the verdict. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { InspectContext } from '#shared/inspect/artifact'
import type { AskedBeyond } from '#shared/inspect/path/judged'

const FILE = resolve(import.meta.dirname, '../vectors/limbo/limbo.json')
/** Where a case names no time: its certificates are valid for nearly a thousand years. */
const NOW = Date.UTC(2023, 11, 2)

interface WrittenCase {
  readonly id: string
  readonly validation_kind: 'SERVER' | 'CLIENT'
  readonly trusted_certs: readonly string[]
  readonly untrusted_intermediates: readonly string[]
  readonly peer_certificate: string
  readonly validation_time: string | null
  readonly expected_result: 'SUCCESS' | 'FAILURE'
  readonly expected_peer_name: { readonly value: string } | null
  readonly max_chain_depth: number | null
}

/** A case of a server's chain. */
export interface LimboCase {
  readonly id: string
  readonly leaf: Bytes
  readonly context: InspectContext
  readonly more: AskedBeyond
  readonly isGood: boolean
}

/** Every case, in the order of the file; `others` counts those that are about clients. */
export function readLimbo(): { readonly cases: readonly LimboCase[]; readonly others: number } {
  const { testcases } = JSON.parse(readFileSync(FILE, 'utf8')) as { testcases: readonly WrittenCase[] }
  const servers = testcases.filter((each) => each.validation_kind === 'SERVER')
  return { cases: servers.map(caseOf), others: testcases.length - servers.length }
}

function caseOf(written: WrittenCase): LimboCase {
  const depth = written.max_chain_depth
  const context: InspectContext = {
    now: written.validation_time === null ? NOW : Date.parse(written.validation_time),
    trustAnchors: written.trusted_certs.map(der),
    intermediates: written.untrusted_intermediates.map(der),
    host: written.expected_peer_name?.value ?? '',
    profile: 'web',
  }
  return {
    id: written.id,
    leaf: der(written.peer_certificate),
    context,
    more: depth === null ? {} : { maxIntermediates: depth },
    isGood: written.expected_result === 'SUCCESS',
  }
}

const der = (pem: string): Bytes => decodePem('CERTIFICATE', pem)
