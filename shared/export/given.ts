/** What one key, certificate or request can be written as, wherever it came from: also from a file that was opened. */
import { toHex, toUtf8, type Bytes } from '../bytes'
import { LabError } from '../errors'
import type { Artifact } from '../inspect/artifact'
import {
  encodeCertS,
  encodeCertificates,
  encodePrivateKey,
  encodePublicKey,
  encodeRequest,
  privateKeySize,
  type LockWith,
} from './encode'
import type { ExportFormat } from './formats'
import type { Lockable } from './items'
import { nameProblem } from './names'

/** A file that can be made of it. */
export interface GivenFile {
  readonly format: ExportFormat
  /** A name to begin with. */
  readonly name: string
  readonly private: boolean
  readonly lock: Lockable
  /** What is in it, in a sentence. */
  readonly holds: string
  /** Size in bytes, and with a passphrase where it can have one. */
  readonly bytes: number
  readonly lockedBytes?: number
  readonly encode: (lock: LockWith | undefined) => Promise<Bytes>
}

/** Files that are forms of the same thing; the first is the usual one. */
export interface GivenGroup {
  readonly title: string
  readonly purpose: string
  readonly private: boolean
  readonly files: readonly GivenFile[]
}

/** A form before its size is known. */
interface Form {
  readonly format: ExportFormat
  readonly name: string
  readonly encode: (lock: LockWith | undefined) => Promise<Bytes> | Bytes
}

/**
 * Everything that an artifact can be written as; forms that its kind of key doesn't have are left out.
 * @param chain of a certificate: those above it, DER, its issuer's first
 */
export async function filesOf(
  artifact: Artifact,
  chain: readonly Bytes[] = [],
): Promise<readonly GivenGroup[]> {
  const base = baseName(artifact.title)
  const holds = `${artifact.title}: ${artifact.source}.`
  const open = (title: string, purpose: string, forms: readonly Form[]): Promise<GivenGroup> =>
    openGroup({ title, purpose, holds, forms })
  switch (artifact.kind) {
    case 'certificate':
      return [
        await open('Certificate', 'Tells whose a public key is, and who says so.', [
          ...certificateForms(base, [artifact.der]),
          { format: 'text', name: `${base}-sha256.txt`, encode: () => fingerprint(artifact.der) },
        ]),
        ...(chain.length === 0
          ? []
          : [
              await open('Certificate chain', 'The certificate and those above it, in one file.', [
                ...chainForms(base, [artifact.der, ...chain]),
              ]),
            ]),
      ]
    case 'request':
      return [
        await open('Certification request', 'Asks an authority for a certificate.', [
          { format: 'pem', name: `${base}.csr`, encode: () => encodeRequest('pem', artifact.der) },
          { format: 'der', name: `${base}-csr.der`, encode: () => encodeRequest('der', artifact.der) },
        ]),
      ]
    case 'public-key':
      return [
        await open('Public key', 'Encrypts for its owner and checks their signatures.', [
          ...publicForms(base, artifact.spki),
        ]),
      ]
    case 'private-key':
      return [await privateGroup(base, artifact.pkcs8, holds)]
    case 'signature':
      return [
        await open('Signature', 'The bytes that a public key checks.', [
          { format: 'binary', name: `${base}.sig`, encode: () => artifact.signature },
        ]),
      ]
    case 'cert-s': {
      const encode = (): Bytes => encodeCertS(artifact, artifact.signature)
      const purpose = 'The protocol’s own certificate with the exact text that was signed.'
      return [await open('Cert_S', purpose, [{ format: 'json', name: `${base}.json`, encode }])]
    }
    case 'symmetric-key': {
      const { key } = artifact
      if (!key) return []
      const file = { format: 'binary', name: `${base}.key`, lock: 'never', private: true, holds } as const
      const files = [{ ...file, bytes: key.length, encode: async () => key }]
      return [{ title: 'Symmetric key', purpose: 'Opens what it closed.', private: true, files }]
    }
    case 'other':
      return [
        await open(artifact.what, 'The bytes as they stand.', [
          { format: 'der', name: `${base}.der`, encode: () => artifact.der },
        ]),
      ]
  }
}

function certificateForms(base: string, ders: readonly Bytes[]): readonly Form[] {
  return [
    { format: 'pem', name: `${base}.crt`, encode: () => encodeCertificates('pem', ders) },
    { format: 'der', name: `${base}.der`, encode: () => encodeCertificates('der', ders) },
  ]
}

function chainForms(base: string, ders: readonly Bytes[]): readonly Form[] {
  return [
    { format: 'pem', name: `${base}-chain.crt`, encode: () => encodeCertificates('pem', ders) },
    { format: 'pkcs7', name: `${base}-chain.p7b`, encode: () => encodeCertificates('pkcs7', ders) },
    { format: 'pkcs7-der', name: `${base}-chain.p7c`, encode: () => encodeCertificates('pkcs7-der', ders) },
  ]
}

function publicForms(base: string, spki: Bytes): readonly Form[] {
  const names = {
    pem: `${base}-public.pem`,
    der: `${base}-public.der`,
    pkcs1: `${base}-public-pkcs1.pem`,
    jwk: `${base}-public.jwk`,
    jwks: `${base}-public.jwks`,
    openssh: `${base}-ssh.pub`,
  } as const
  return Object.entries(names).map(([format, name]) => ({
    format: format as keyof typeof names,
    name,
    encode: () => encodePublicKey(format as keyof typeof names, spki, base),
  }))
}

async function privateGroup(base: string, pkcs8: Bytes, holds: string): Promise<GivenGroup> {
  const names = {
    pem: `${base}.key`,
    der: `${base}-key.der`,
    pkcs1: `${base}-pkcs1.key`,
    'pkcs1-der': `${base}-pkcs1.der`,
    jwk: `${base}.jwk`,
    jwks: `${base}.jwks`,
  } as const
  const input = { pkcs8, certificates: [], friendlyName: base }
  const files: GivenFile[] = []
  for (const [key, name] of Object.entries(names)) {
    const format = key as keyof typeof names
    const lock = format === 'pem' || format === 'der' ? 'optional' : 'never'
    const bytes = await unlessUnsupported(() => privateKeySize(format, input, false))
    if (bytes === undefined) continue
    const lockedBytes = lock === 'optional' ? await privateKeySize(format, input, true) : undefined
    files.push({
      ...{ format, name, private: true, lock, holds, bytes },
      ...(lockedBytes === undefined ? {} : { lockedBytes }),
      encode: (lockWith) => encodePrivateKey(format, input, lockWith),
    })
  }
  const purpose = 'Whoever has it can act in its owner’s name.'
  return { title: 'Private key', purpose, private: true, files }
}

async function openGroup(group: {
  readonly title: string
  readonly purpose: string
  readonly holds: string
  readonly forms: readonly Form[]
}): Promise<GivenGroup> {
  const { title, purpose, holds, forms } = group
  const files: GivenFile[] = []
  for (const { format, name, encode } of forms) {
    const content = await unlessUnsupported(async () => encode(undefined))
    if (!content) continue
    const file = { format, name, holds, bytes: content.length, encode: async () => content }
    files.push({ ...file, private: false, lock: 'never' })
  }
  return { title, purpose, private: false, files }
}

/** Undefined where this kind of key has no such form, or the bytes are no key at all. */
async function unlessUnsupported<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof LabError && ['unsupported_key', 'bad_key'].includes(error.code)) return undefined
    throw error
  }
}

async function fingerprint(der: Bytes): Promise<Bytes> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der))
  return toUtf8(`sha256 Fingerprint=${toHex(digest, ':').toUpperCase()}\n`)
}

/** A title such as `CN=ID-Server, O=Lab` as the beginning of a name: `ID-Server`. */
function baseName(title: string): string {
  const [first = ''] = title.replace(/^CN\s*=\s*/i, '').split(/[,/\\]/)
  const base = first
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
  return base === '' || nameProblem(base) !== undefined ? 'exported' : base
}
