/**
 * The cases of NIST's PKITS: certificates and lists from Debian's python3-cryptography-vectors, what should become of each from
 * test/vectors/pkits/verdicts.json.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Bytes } from '#shared/bytes'
import type { InspectContext } from '#shared/inspect/artifact'

const FOLDER = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data'
const FILE = resolve(import.meta.dirname, '../vectors/pkits/verdicts.json')
/** The certificates are valid from 2010 to 2030. */
const NOW = Date.UTC(2026, 10, 30)

interface WrittenCase {
  readonly test: string
  readonly title: string
  readonly trustAnchors: readonly string[]
  /** From below the anchor to the one that is judged. */
  readonly certificates: readonly string[]
  readonly crls: readonly string[]
  readonly valid: boolean
}

/** A case: a chain and lists, and whether it is to be accepted. */
export interface PkitsCase {
  /** For instance `4.4.1`. */
  readonly test: string
  readonly title: string
  readonly leaf: Bytes
  readonly context: InspectContext
  readonly isGood: boolean
}

/** Every case, in the order of the document. */
export function readPkits(): readonly PkitsCase[] {
  const written = JSON.parse(readFileSync(FILE, 'utf8')) as readonly WrittenCase[]
  return written.map(({ test, title, trustAnchors, certificates, crls, valid }) => ({
    test,
    title,
    leaf: read('certs', certificates.at(-1) ?? ''),
    context: {
      now: NOW,
      trustAnchors: trustAnchors.map((name) => read('certs', name)),
      intermediates: certificates.slice(0, -1).map((name) => read('certs', name)),
      revocationLists: crls.map((name) => read('crls', name)),
      host: '',
    },
    isGood: valid,
  }))
}

/** The path of a file of the suite, for instance `certs/GoodCACert.crt`. */
export function pkitsFile(name: string): string {
  return join(FOLDER, name)
}

function read(folder: 'certs' | 'crls', name: string): Bytes {
  return new Uint8Array(readFileSync(pkitsFile(`${folder}/${name}`)))
}
