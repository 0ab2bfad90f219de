/** What one key, certificate or request can be written as, wherever it came from: also from a file that was opened. */
import { toHex, toUtf8, type Bytes } from '../bytes'
import { LabError, messageOf, passOwnFault } from '../errors'
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
import { isPkcs12, type ExportFormat } from './formats'
import { lockOf, type Lockable } from './items'
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
  readonly encode: (lock: LockWith | undefined, friendlyName?: string) => Promise<Bytes>
}

/** A form that can't be made of it, though its kind has it. */
export interface MissingForm {
  readonly format: ExportFormat
  /** In a sentence. */
  readonly reason: string
}

/** Files that are forms of the same thing; the first is the usual one. */
export interface GivenGroup {
  readonly title: string
  readonly purpose: string
  readonly private: boolean
  readonly files: readonly GivenFile[]
  readonly missing: readonly MissingForm[]
}

/** A form before its size is known. */
interface Form {
  readonly format: ExportFormat
  readonly name: string
  readonly encode: () => Promise<Bytes> | Bytes
}

/**
 * Everything that an artifact can be written as. Forms that its kind of key doesn't have are left out; one that can't be made of
 * this one is told with the reason, and takes no other along.
 * @param chain of a certificate: those above it, DER, its issuer's first; of a private key: its own certificate, and those above
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
      return [await privateGroup(base, artifact.pkcs8, chain, holds)]
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
      const purpose = 'Opens what it closed.'
      return [{ title: 'Symmetric key', purpose, private: true, files, missing: [] }]
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

async function privateGroup(
  base: string,
  pkcs8: Bytes,
  certificates: readonly Bytes[],
  holds: string,
): Promise<GivenGroup> {
  const names = {
    pem: `${base}.key`,
    der: `${base}-key.der`,
    pkcs1: `${base}-pkcs1.key`,
    'pkcs1-der': `${base}-pkcs1.der`,
    pkcs12: `${base}.p12`,
    'pkcs12-pbmac1': `${base}-pbmac1.p12`,
    'pkcs12-compatible': `${base}-compatible.p12`,
    jwk: `${base}.jwk`,
    jwks: `${base}.jwks`,
  } as const
  const input = { pkcs8, certificates, friendlyName: base }
  const forms = Object.entries(names).filter(
    ([format]) => certificates.length > 0 || !isPkcs12(format as ExportFormat),
  )
  const { files, missing } = await sorted(forms, async ([key, name]): Promise<GivenFile> => {
    const format = key as keyof typeof names
    const lock = lockOf(format)
    const bytes = await privateKeySize(format, input, lock === 'always')
    const lockedBytes = lock === 'optional' ? await privateKeySize(format, input, true) : undefined
    return {
      ...{
        format,
        name,
        private: true,
        lock,
        holds: isPkcs12(format) ? withCertificates(holds, certificates) : holds,
      },
      ...{ bytes, ...(lockedBytes === undefined ? {} : { lockedBytes }) },
      encode: (lockWith, friendlyName = base) =>
        encodePrivateKey(format, { ...input, friendlyName }, lockWith),
    }
  })
  const purpose = 'Whoever has it can act in its owner’s name.'
  const uncertified: readonly MissingForm[] =
    certificates.length > 0
      ? []
      : [{ format: 'pkcs12', reason: 'It holds the key’s certificate too: open that as well.' }]
  return { title: 'Private key', purpose, private: true, files, missing: [...missing, ...uncertified] }
}

function withCertificates(holds: string, { length }: readonly Bytes[]): string {
  return `${holds} Beside it its certificate${length > 1 ? ` and ${length - 1} above that` : ''}.`
}

async function openGroup(group: {
  readonly title: string
  readonly purpose: string
  readonly holds: string
  readonly forms: readonly Form[]
}): Promise<GivenGroup> {
  const { title, purpose, holds, forms } = group
  const named = forms.map((form) => [form.format, form] as const)
  const { files, missing } = await sorted(named, async ([, { format, name, encode }]): Promise<GivenFile> => {
    const content = await encode()
    const file = { format, name, holds, bytes: content.length, encode: async () => content }
    return { ...file, private: false, lock: 'never' }
  })
  return { title, purpose, private: false, files, missing }
}

/** Makes each form by itself. One that this kind of key doesn't have is left out, one that fails is told. */
async function sorted<Named extends readonly [string, unknown]>(
  forms: readonly Named[],
  make: (form: Named) => Promise<GivenFile>,
): Promise<Pick<GivenGroup, 'files' | 'missing'>> {
  const files: GivenFile[] = []
  const missing: MissingForm[] = []
  for (const form of forms) {
    try {
      files.push(await make(form))
    } catch (error) {
      passOwnFault(error)
      if (error instanceof LabError && error.code === 'unsupported_key') continue
      missing.push({ format: form[0] as ExportFormat, reason: reasonOf(error) })
    }
  }
  return { files, missing }
}

/** What the runtime refuses it refuses without a word. */
function reasonOf(error: unknown): string {
  const message = messageOf(error).trim()
  return message === '' ? 'The runtime refuses this key.' : message
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
