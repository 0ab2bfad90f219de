/** The files of Debian's package python3-cryptography-vectors: certificates, keys and containers of every kind, many of them broken. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

const FOLDER = '/usr/lib/python3/dist-packages/cryptography_vectors'

/** What stands in files of other kinds is no key and no certificate. */
const ENDINGS = new Set(['.crt', '.crl', '.cp', '.der', '.pem', '.p12', '.p7b', '.key', '.pub'])

export interface VectorFile {
  /** Below the package's folder, for instance `x509/custom/san_ipaddr.pem`. */
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** All files of keys and certificates below a folder of the package, in the order of their names. A missing package is an error. */
export function vectorFiles(folder: string): readonly VectorFile[] {
  return readdirSync(join(FOLDER, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ENDINGS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: relative(FOLDER, path), bytes: new Uint8Array(readFileSync(path)) }))
}
