/** What stands in each exported file, made from what the lab holds at that moment. */
import { toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { certSText } from '#shared/crypto/cert-s'
import { isSignedBy, type Certificate } from '#shared/crypto/certificate'
import { encodePem } from '#shared/crypto/pem'
import { encryptPkcs8, encryptedPkcs8Length } from '#shared/crypto/pkcs8'
import type { RsaPrivateKey } from '#shared/crypto/rsa'
import type { ExportItemId } from '#shared/export'
import type { AuthorityCredentials, ServerCredentials } from '#shared/protocol/state'

/** What there is to export. Each part is undefined until it exists. */
export interface ExportSources {
  readonly authority: AuthorityCredentials | undefined
  readonly server: ServerCredentials | undefined
  /** The authority that the server trusts, where that one runs in another program. */
  readonly trustAnchor?: Certificate | undefined
}

/** An item that can be exported now, or the reason why not. A private key's content is its key: it may get a passphrase. */
export type ExportContent = PresentContent | { readonly kind: 'missing'; readonly reason: string }
export type PresentContent =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'key'; readonly key: RsaPrivateKey }

/** Finds the content of an item. */
export async function contentOf(id: ExportItemId, sources: ExportSources): Promise<ExportContent> {
  const { authority, server } = sources
  switch (id) {
    case 'ca-certificate': {
      const certificate = authority?.certificate ?? sources.trustAnchor
      return certificate ? text(certificate.pem) : NO_AUTHORITY
    }
    case 'ca-private-key':
      return authority ? { kind: 'key', key: authority.keyPair.privateKey } : NO_AUTHORITY
    case 'server-certificate':
      return server ? text(server.certificate.pem) : NOT_REGISTERED
    case 'server-chain':
      return server ? chainOf(server, sources) : NOT_REGISTERED
    case 'cert-s':
      return server ? certSOf(server) : NOT_REGISTERED
    case 'server-public-key':
      return server ? text(encodePem('PUBLIC KEY', server.publicKey.spki)) : NOT_REGISTERED
    case 'server-private-key':
      return server ? { kind: 'key', key: server.privateKey } : NOT_REGISTERED
  }
}

/** The bytes of the file; a private key is locked when there is a passphrase. */
export async function bytesOf(
  content: PresentContent,
  passphrase: string | undefined,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  if (content.kind === 'text') return toUtf8(content.text)
  const { pkcs8 } = content.key
  if (passphrase === undefined) return toUtf8(encodePem('PRIVATE KEY', pkcs8))
  return toUtf8(encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, passphrase, random)))
}

/** Size of the file in bytes, without the work of locking a key. */
export function sizeOf(content: PresentContent, locked: boolean): number {
  if (content.kind === 'text') return toUtf8(content.text).length
  const { pkcs8 } = content.key
  if (!locked) return encodePem('PRIVATE KEY', pkcs8).length
  return encodePem('ENCRYPTED PRIVATE KEY', new Uint8Array(encryptedPkcs8Length(pkcs8.length))).length
}

const NO_AUTHORITY = missing('There is no authority yet: start the certificate authority.')
const NOT_REGISTERED = missing('The server has no certificate yet: register it with the authority.')

/** The server's certificate, then that of the authority that signed it: another one's would make a chain that nobody accepts. */
async function chainOf(server: ServerCredentials, sources: ExportSources): Promise<ExportContent> {
  for (const certificate of [sources.authority?.certificate, sources.trustAnchor]) {
    if (certificate && (await isSignedBy(server.certificate, certificate.publicKey))) {
      return text(server.certificate.pem + certificate.pem)
    }
  }
  return missing(
    'The server’s certificate is from another authority than the present one: register the server again.',
  )
}

/** The signature with all that is needed to verify it: protocol.md section 2. */
function certSOf({ identity, certificate, publicKey, certS }: ServerCredentials): ExportContent {
  // The suite `modern` has no Cert_S.
  if (!certS) {
    return missing(
      'There is no Cert_S in the suite that the server was registered with: register it with classic.',
    )
  }
  const parts = { idS: identity, idCa: certificate.issuer.commonName ?? '', pkS: publicKey.pem }
  const json = {
    id_s: parts.idS,
    id_ca: parts.idCa,
    pk_s: parts.pkS,
    signed_text: certSText(parts),
    signature: toBase64(certS),
    algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
  }
  return text(`${JSON.stringify(json, undefined, 2)}\n`)
}

function text(value: string): ExportContent {
  return { kind: 'text', text: value }
}

function missing(reason: string): ExportContent {
  return { kind: 'missing', reason }
}
