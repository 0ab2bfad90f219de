/** Files of keys and certificates as other programs write them, made in a folder of their own. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type KeyKind = 'rsa' | 'ec' | 'ed25519' | 'dsa'
export const PASSPHRASE = 'grüne Wiese 🌱'

/** How `openssl` makes a key of each kind. */
const GENERATE: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ec: ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ed25519: ['genpkey', '-algorithm', 'ED25519'],
  dsa: ['genpkey', '-paramfile', 'dsa.params'],
}

/** A folder with a key and a self-signed certificate of each kind: `rsa.key`, `rsa.crt`, `rsa.csr` and so on. */
export class ForeignFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), 'foreign-files-'))

  constructor() {
    this.openssl(
      'genpkey',
      '-genparam',
      '-algorithm',
      'DSA',
      '-pkeyopt',
      'dsa_paramgen_bits:1024',
      '-out',
      'dsa.params',
    )
    for (const [kind, how] of Object.entries(GENERATE)) {
      this.openssl(...how, '-out', `${kind}.key`)
      const request = ['req', '-key', `${kind}.key`, '-subj', `/O=Example/CN=${kind}.example`]
      const names = ['-addext', `subjectAltName=DNS:${kind}.example,IP:127.0.0.1`]
      this.openssl(...request, ...names, '-new', '-out', `${kind}.csr`)
      this.openssl(...request, ...names, '-x509', '-days', '30', '-out', `${kind}.crt`)
    }
  }

  /** Runs `openssl` in the folder; the passphrase is in the environment variable PASSPHRASE. */
  openssl(...args: readonly string[]): Buffer {
    return this.run('openssl', ...args)
  }

  run(program: string, ...args: readonly string[]): Buffer {
    const env = { ...process.env, PASSPHRASE }
    return execFileSync(program, args, { cwd: this.#folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  path(name: string): string {
    return join(this.#folder, name)
  }

  read(name: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(readFileSync(this.path(name)))
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content, { mode: 0o600 })
  }

  /** SubjectPublicKeyInfo of a kind's key, DER, by OpenSSL. */
  spki(kind: KeyKind): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.openssl('pkey', '-in', `${kind}.key`, '-pubout', '-outform', 'DER'))
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
