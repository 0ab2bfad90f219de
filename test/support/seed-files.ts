/** Good files of every format, for what mutates them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PASSPHRASE, type ForeignFiles } from './foreign-files'
import type { SeedFile } from './mutated-files'

const FAULTS = join(import.meta.dirname, '../vectors/faults/files')
/** What takes seconds to open each time. */
const SLOW = new Set(['95a-p12-mac-6-million.p12'])

/** Those of test/vectors/faults. */
export function fromFaults(): readonly SeedFile[] {
  return readdirSync(FAULTS)
    .filter((name) => !/\.(pass|md)$/.test(name) && !SLOW.has(name))
    .map((name) => {
      const pass = join(FAULTS, `${name}.pass`)
      const passphrase = existsSync(pass) ? readFileSync(pass, 'utf8').replace(/\n$/, '') : undefined
      return { name, bytes: new Uint8Array(readFileSync(join(FAULTS, name))), passphrase }
    })
}

/** Of each kind of key: key, certificate and request, in PEM and DER, under a passphrase, and together. */
export function fromOpenssl(foreign: ForeignFiles): readonly SeedFile[] {
  const env = 'env:PASSPHRASE'
  return (['rsa', 'ec', 'ed25519', 'dsa'] as const).flatMap((kind): SeedFile[] => {
    const made = (name: string, passphrase: string | undefined, ...args: readonly string[]): SeedFile => ({
      ...{ name: `${kind}-${name}`, passphrase },
      bytes: new Uint8Array(foreign.openssl(...args)),
    })
    const [key, certificate] = [`${kind}.key`, `${kind}.crt`]
    return [
      made('key.pem', undefined, 'pkey', '-in', key),
      made('key.der', undefined, 'pkey', '-in', key, '-outform', 'DER'),
      made('public.pem', undefined, 'pkey', '-in', key, '-pubout'),
      made('request.pem', undefined, 'req', '-in', `${kind}.csr`),
      made('certificate.der', undefined, 'x509', '-in', certificate, '-outform', 'DER'),
      made('locked.pem', PASSPHRASE, 'pkcs8', '-topk8', '-in', key, '-passout', env, '-iter', '10'),
      made('chain.p7b', undefined, 'crl2pkcs7', '-nocrl', '-certfile', certificate),
      made(
        'store.p12',
        PASSPHRASE,
        'pkcs12',
        '-export',
        '-inkey',
        key,
        '-in',
        certificate,
        '-passout',
        env,
        '-iter',
        '10',
        '-maciter',
      ),
    ]
  })
}
