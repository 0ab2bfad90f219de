/** Certificates of any kind, made by the `openssl` program in a folder of their own. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate with what it takes to issue others under it. */
export interface Issued {
  readonly pem: string
  readonly file: string
  readonly keyFile: string
}

export interface IssueOptions {
  /** As openssl writes it, for instance `/CN=ID-Server`. */
  readonly subject: string
  /** Itself when there is none. */
  readonly issuer?: Issued
  /** A name of {@link OpenSslPki.key}. */
  readonly key: string
  /** Lines of an extension section. */
  readonly extensions: readonly string[]
  /** Milliseconds since the Unix epoch; a year around `PKI_NOW` otherwise. */
  readonly notBefore?: number
  readonly notAfter?: number
  readonly hash?: string
  /** Further options of `openssl ca`. */
  readonly options?: readonly string[]
}

/** The moment at which everything that has no dates of its own is valid. */
export const PKI_NOW = Date.UTC(2025, 5, 15, 12)

const DAY = 86_400_000
const CONFIG = `
[ca]
default_ca = test
[test]
database = ./index.txt
new_certs_dir = ./issued
unique_subject = no
policy = anything
email_in_dn = yes
default_md = sha256
rand_serial = yes
copy_extensions = none
[anything]
countryName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
emailAddress = optional
[req]
distinguished_name = empty
string_mask = utf8only
[empty]
`

/** Extension lines that a good authority has. */
export const AUTHORITY = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
]
/** The same for one that stands under another. */
export const INTERMEDIATE = [...AUTHORITY, 'authorityKeyIdentifier=keyid:always']
/** Extension lines of a good server's certificate. */
export const SERVER = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature,keyEncipherment',
  'extendedKeyUsage=serverAuth',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid:always',
  'subjectAltName=DNS:localhost,IP:127.0.0.1',
]

/** Lines with those of the same names replaced; a name alone takes its line out. */
export function withLines(lines: readonly string[], ...changes: readonly string[]): readonly string[] {
  const nameOf = (line: string): string => line.split('=')[0]!
  const changed = new Set(changes.map(nameOf))
  return [
    ...lines.filter((line) => !changed.has(nameOf(line))),
    ...changes.filter((line) => line.includes('=')),
  ]
}

export class OpenSslPki {
  #count = 0
  readonly #keys = new Set<string>()

  constructor(readonly folder: string) {
    mkdirSync(join(folder, 'issued'))
    writeFileSync(join(folder, 'ca.cnf'), CONFIG)
    writeFileSync(join(folder, 'index.txt'), '')
  }

  /** The file of a key, made on first use. Kinds: `rsa:BITS`, `ec:CURVE`, `ed25519`; what comes after a space only tells keys apart. */
  key(name: string): string {
    const file = join(this.folder, `${name.replace(/[^a-z0-9]+/gi, '-')}.key`)
    if (this.#keys.has(name)) return file
    this.#keys.add(name)
    const [kind = '', parameter = ''] = name.split(' ')[0]!.split(':')
    const options: Readonly<Record<string, readonly string[]>> = {
      rsa: ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${parameter}`],
      ec: ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${parameter}`],
      explicit: [
        '-algorithm',
        'EC',
        '-pkeyopt',
        `ec_paramgen_curve:${parameter}`,
        '-pkeyopt',
        'ec_param_enc:explicit',
      ],
      ed25519: ['-algorithm', 'ED25519'],
      ed448: ['-algorithm', 'ED448'],
    }
    this.run('genpkey', ...options[kind]!, '-out', file)
    return file
  }

  issue(options: IssueOptions): Issued {
    const file = join(this.folder, `${++this.#count}.crt`)
    const keyFile = this.key(options.key)
    const request = join(this.folder, 'request.csr')
    const extensions = join(this.folder, 'extensions.cnf')
    writeFileSync(extensions, `${options.extensions.join('\n')}\n`)
    const config = ['-config', join(this.folder, 'ca.cnf')]
    this.run('req', '-new', ...config, '-key', keyFile, '-subj', options.subject, '-out', request)
    const signer = options.issuer
      ? ['-cert', options.issuer.file, '-keyfile', options.issuer.keyFile]
      : ['-selfsign', '-keyfile', keyFile]
    const dates = [
      ...['-startdate', timeText(options.notBefore ?? PKI_NOW - 180 * DAY)],
      ...['-enddate', timeText(options.notAfter ?? PKI_NOW + 180 * DAY)],
    ]
    this.run(
      'ca',
      ...config,
      '-batch',
      '-notext',
      '-preserveDN',
      ...signer,
      ...dates,
      '-md',
      options.hash ?? 'sha256',
      '-in',
      request,
      '-out',
      file,
      '-extfile',
      extensions,
      ...(options.options ?? []),
    )
    return { pem: readFileSync(file, 'utf8'), file, keyFile }
  }

  run(...args: readonly string[]): string {
    return execFileSync('openssl', [...args], { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' })
  }
}

/** GeneralizedTime. */
function timeText(time: number): string {
  return `${new Date(time).toISOString().replace(/\D/g, '').slice(0, 14)}Z`
}
