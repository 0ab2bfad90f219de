/** What stands in each exported file, made from what the lab holds at that moment. */
import { toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { isSignedBy, type Certificate } from '#shared/crypto/pki/certificate'
import { decodePem } from '#shared/crypto/encodings/pem'
import { makeRequest } from '#shared/crypto/pki/request'
import { describePublicKey, type RsaPrivateKey, type RsaPublicKey } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import type { Identities } from '#shared/export'
import {
  encodeCertS,
  encodeCertificates,
  encodePrivateKey,
  encodePublicKey,
  encodeRequest,
  encodeRevocationList,
  privateKeySize,
  type LockWith,
} from '#shared/export/encode'
import { FORMATS, isPkcs12, type ExportFormat } from '#shared/export/formats'
import { findExportFile, type ExportFile, type ExportFileId, type ExportItemId } from '#shared/export/items'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'

/** What there is to export. Each part is undefined until it exists. */
export interface ExportSources {
  readonly authority: AuthorityCredentials | undefined
  readonly server: ServerCredentials | undefined
  /** The authority's revocation list, DER. */
  readonly revocationList?: Bytes | undefined
  /** The authority that the server trusts, where that one runs in another program. */
  readonly trustAnchor?: Certificate | undefined
  /** Of a recording: private keys are not exported, nor what it takes one to make. */
  readonly isPublicOnly?: boolean
}

/** An item that can be exported now, in any of its forms, or the reason why not. */
export type ExportContent = PresentContent | { readonly kind: 'missing'; readonly reason: string }

/** `open` is for everybody; `secret` is a private key, which may get a passphrase. */
export type PresentContent =
  | {
      readonly kind: 'open'
      /** What is in the file, in a sentence. */
      readonly holds: string
      readonly encode: (format: ExportFormat) => Promise<Bytes> | Bytes
    }
  | { readonly kind: 'secret'; readonly holds: string; readonly key: SecretKey }

/** A private key with its owner, and the certificates that go into PKCS#12 with it: DER, its own first. */
export interface SecretKey {
  readonly privateKey: RsaPrivateKey
  readonly identity: string
  readonly certificates: readonly Bytes[]
}

/** Items that the lab itself has; the others are about the files that are exported. */
export type LabItemId = Exclude<ExportItemId, 'readme' | 'checksums'>

/** Finds the content of an item. */
export async function contentOf(id: LabItemId, sources: ExportSources): Promise<ExportContent> {
  const { authority, server } = sources
  if (sources.isPublicOnly && NEEDS_PRIVATE_KEY.has(id)) return PUBLIC_ONLY
  switch (id) {
    case 'ca-certificate': {
      const certificate = authority?.certificate ?? sources.trustAnchor
      return certificate ? certificates([certificate]) : NO_AUTHORITY
    }
    case 'ca-private-key': {
      if (!authority) return NO_AUTHORITY
      const { identity, keyPair, certificate } = authority
      return secret(identity, keyPair.privateKey, keyPair.publicKey, [certificate])
    }
    case 'server-certificate':
      return server ? certificates([server.certificate]) : NOT_REGISTERED
    case 'server-chain': {
      if (!server) return NOT_REGISTERED
      const issuer = await issuerOf(server, sources)
      return issuer ? certificates([server.certificate, issuer]) : OTHER_AUTHORITY
    }
    case 'cert-s':
      return server ? certSOf(server) : NOT_REGISTERED
    case 'server-public-key':
      return server ? publicKey(server.publicKey, server.identity) : NOT_REGISTERED
    case 'server-request':
      return server ? requestOf(server) : NOT_REGISTERED
    case 'server-private-key': {
      if (!server) return NOT_REGISTERED
      const issuer = await issuerOf(server, sources)
      const chain = issuer ? [server.certificate, issuer] : [server.certificate]
      return secret(server.identity, server.privateKey, server.publicKey, chain)
    }
    case 'ca-revocation-list':
      return sources.revocationList ? revocationList(sources.revocationList) : NO_AUTHORITY
    case 'fingerprints':
      return fingerprintsOf(sources)
  }
}

/** Whose keys and certificates these are. */
export function identitiesOf({ authority, server, trustAnchor }: ExportSources): Identities {
  const certificate = authority?.certificate ?? trustAnchor
  return { server: server?.identity ?? '', authority: certificate?.subject.commonName ?? '' }
}

/** The bytes of a file; `lock` holds the passphrase of a private key, where it gets one. */
export async function bytesOf(
  content: PresentContent,
  format: ExportFormat,
  lock: LockWith | undefined,
  friendlyName?: string,
): Promise<Bytes> {
  if (content.kind === 'open') return content.encode(format)
  return encodePrivateKey(format, keyInput(content.key, friendlyName), lock)
}

/** The bytes of a public file of the lab, where there is one now; none of those that are about other files. */
export async function publicBytes(id: ExportFileId, sources: ExportSources): Promise<Bytes | undefined> {
  const file = findExportFile(id)
  const item = file?.item.id
  if (!file || item === undefined || item === 'readme' || item === 'checksums') return undefined
  const content = await contentOf(item, sources)
  return content.kind === 'open' ? content.encode(file.format) : undefined
}

/** Size of the file in bytes, without the work of locking a key. */
export async function sizeOf(
  content: PresentContent,
  format: ExportFormat,
  locked: boolean,
): Promise<number> {
  if (content.kind === 'open') return (await content.encode(format)).length
  return privateKeySize(format, keyInput(content.key), locked)
}

/** The text of a public file, where it is text. */
export async function textOf(content: PresentContent, format: ExportFormat): Promise<string | undefined> {
  if (content.kind === 'secret' || !FORMATS[format].text) return undefined
  return new TextDecoder().decode(await content.encode(format))
}

/** What a file holds, in a sentence, for those who may not or can't read it. */
export function holdsOf(content: PresentContent, { format }: ExportFile): string {
  if (content.kind === 'open' || !isPkcs12(format)) return content.holds
  const others = content.key.certificates.length - 1
  return `${content.holds} Beside it its certificate${others > 0 ? ' and that of the authority' : ''}.`
}

const NEEDS_PRIVATE_KEY: ReadonlySet<LabItemId> = new Set([
  'ca-private-key',
  'server-private-key',
  'server-request',
])
const PUBLIC_ONLY = missing('Of a recording what is public is exported: go back to the lab for its own keys.')
const NO_AUTHORITY = missing('There is no authority yet: start the certificate authority.')
const NOT_REGISTERED = missing('The server has no certificate yet: register it with the authority.')
const OTHER_AUTHORITY = missing(
  'The server’s certificate is from another authority than the present one: register the server again.',
)

/** The authority that signed the server's certificate: another one's would make a chain that nobody accepts. */
async function issuerOf(server: ServerCredentials, sources: ExportSources): Promise<Certificate | undefined> {
  for (const certificate of [sources.authority?.certificate, sources.trustAnchor]) {
    if (certificate && (await isSignedBy(server.certificate, certificate.publicKey, webCrypto)))
      return certificate
  }
  return undefined
}

function certificates(chain: readonly Certificate[]): ExportContent {
  const ders = chain.map(({ der }) => der)
  const holds = `The certificate of ${chain.map(({ subject }) => subject.text).join(', then that of ')}.`
  return { kind: 'open', holds, encode: (format) => encodeCertificates(format, ders) }
}

function revocationList(der: Bytes): ExportContent {
  const holds = 'The list of certificates that the authority has revoked, signed with its key.'
  return { kind: 'open', holds, encode: (format) => encodeRevocationList(format, der) }
}

async function publicKey(key: RsaPublicKey, identity: string): Promise<ExportContent> {
  const { bits } = await describePublicKey(key)
  const holds = `The public key of ${identity}: RSA, ${bits} bits.`
  return { kind: 'open', holds, encode: (format) => encodePublicKey(format, key.spki, identity) }
}

async function secret(
  identity: string,
  privateKey: RsaPrivateKey,
  key: RsaPublicKey,
  chain: readonly Certificate[],
): Promise<ExportContent> {
  const { bits } = await describePublicKey(key)
  const holds = `The private key of ${identity}: RSA, ${bits} bits.`
  return { kind: 'secret', holds, key: { privateKey, identity, certificates: chain.map(({ der }) => der) } }
}

function keyInput({ privateKey, identity, certificates: chain }: SecretKey, friendlyName = identity) {
  return { pkcs8: privateKey.pkcs8, certificates: chain, friendlyName }
}

/** PKCS#1 v1.5 signatures have no chance in them: in suite `modern` this is the request of step 1, byte for byte. */
async function requestOf({
  identity,
  publicKey: open,
  privateKey,
}: ServerCredentials): Promise<ExportContent> {
  const pem = await makeRequest(identity, { publicKey: open, privateKey }, webCrypto)
  const der = decodePem('CERTIFICATE REQUEST', pem)
  const holds = `A request for a certificate of CN=${identity}, signed with the key it is about.`
  return { kind: 'open', holds, encode: (format) => encodeRequest(format, der) }
}

function certSOf({ identity, certificate, publicKey: key, certS }: ServerCredentials): ExportContent {
  // The suite `modern` has no Cert_S.
  if (!certS) {
    return missing(
      'There is no Cert_S in the suite that the server was registered with: register it with classic.',
    )
  }
  const parts = { idS: identity, idCa: certificate.issuer.commonName ?? '', pkS: key.pem }
  const holds = `Cert_S of ${identity}, signed by ${parts.idCa}.`
  return { kind: 'open', holds, encode: () => encodeCertS(parts, certS) }
}

/** In the form of `openssl x509 -fingerprint -sha256`. */
async function fingerprintsOf(sources: ExportSources): Promise<ExportContent> {
  const authority = sources.authority?.certificate ?? sources.trustAnchor
  const found = [
    { title: 'Authority', certificate: authority },
    { title: 'Server', certificate: sources.server?.certificate },
  ]
  const parts: string[] = []
  for (const { title, certificate } of found) {
    if (!certificate) continue
    const digest = (bytes: Bytes): Promise<ArrayBuffer> => crypto.subtle.digest('SHA-256', bytes)
    const whole = new Uint8Array(await digest(certificate.der))
    const key = new Uint8Array(await digest(certificate.publicKey.spki))
    parts.push(
      [
        `${title}: ${certificate.subject.text}`,
        `  certificate      ${toHex(whole, ':').toUpperCase()}`,
        `  public key       ${toHex(key, ':').toUpperCase()}`,
        `  public key, pin  ${toBase64(key)}`,
        '',
      ].join('\n'),
    )
  }
  if (parts.length === 0) return NO_AUTHORITY
  return text('SHA-256 of the certificates and of their public keys.', parts.join('\n'))
}

function text(holds: string, value: string): ExportContent {
  return { kind: 'open', holds, encode: () => toUtf8(value) }
}

function missing(reason: string): ExportContent {
  return { kind: 'missing', reason }
}
