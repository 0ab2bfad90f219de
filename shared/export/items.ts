/** What the lab has to export, and the files that can be made of it. */
import { FORMATS, isPkcs12, type ExportFormat } from './formats'

/** The items in the order in which they are offered. */
export const EXPORT_ITEM_IDS = [
  'ca-certificate',
  'server-certificate',
  'server-chain',
  'cert-s',
  'server-public-key',
  'server-request',
  'ca-revocation-list',
  'fingerprints',
  'readme',
  'checksums',
  'server-private-key',
  'ca-private-key',
] as const
export type ExportItemId = (typeof EXPORT_ITEM_IDS)[number]

export interface ExportItem {
  readonly id: ExportItemId
  readonly title: string
  /** What it is for, in one sentence. */
  readonly purpose: string
  /** True for secrets: their files are for the owner's eyes only. */
  readonly private: boolean
  /** `export`: it is about the other files. */
  readonly owner: 'authority' | 'server' | 'export'
  /** The forms it can be written in; the first is the usual one. */
  readonly formats: readonly [ExportFormat, ...ExportFormat[]]
  /** True for what is written when nobody chooses. */
  readonly usual: boolean
}

const PRIVATE_KEY_FORMATS = [
  'pem',
  'der',
  'pkcs1',
  'pkcs1-der',
  'pkcs12',
  'pkcs12-pbmac1',
  'pkcs12-compatible',
  'jwk',
  'jwks',
] as const

const ITEMS: { readonly [Id in ExportItemId]: Omit<ExportItem, 'id'> } = {
  'ca-certificate': {
    title: 'Authority certificate',
    purpose: 'Tell a browser or a tool to trust it, and the server’s certificate is accepted there.',
    private: false,
    owner: 'authority',
    formats: ['pem', 'der'],
    usual: true,
  },
  'server-certificate': {
    title: 'Server certificate (X.509)',
    purpose:
      'The server’s certificate alone: to look at, and for programs that ask for it without those above it.',
    private: false,
    owner: 'server',
    formats: ['pem', 'der'],
    usual: true,
  },
  'server-chain': {
    title: 'Server certificate chain',
    purpose:
      'The server’s certificate and then the authority’s, in one file: for the server program, as nginx (fullchain) and others want it.',
    private: false,
    owner: 'server',
    formats: ['pem', 'pkcs7', 'pkcs7-der'],
    usual: true,
  },
  'cert-s': {
    title: 'Cert_S with the signed text',
    purpose: 'The protocol’s own certificate with the exact text that was signed, to check it by hand.',
    private: false,
    owner: 'server',
    formats: ['json'],
    usual: true,
  },
  'server-public-key': {
    title: 'Server public key',
    purpose: 'Encrypts for the server and checks its signatures.',
    private: false,
    owner: 'server',
    formats: ['pem', 'der', 'pkcs1', 'jwk', 'jwks', 'openssh'],
    usual: true,
  },
  'server-request': {
    title: 'Certification request (CSR)',
    purpose: 'Asks another authority for a certificate of the server’s key; the key has signed it.',
    private: false,
    owner: 'server',
    formats: ['pem', 'der'],
    usual: false,
  },
  'ca-revocation-list': {
    title: 'Revocation list (CRL)',
    purpose: 'Which certificates of the authority are revoked, signed: for programs that ask for it.',
    private: false,
    owner: 'authority',
    formats: ['pem', 'der'],
    usual: false,
  },
  fingerprints: {
    title: 'SHA-256 fingerprints',
    purpose: 'Of the certificates and their keys, to compare by eye or over the telephone.',
    private: false,
    owner: 'authority',
    formats: ['text'],
    usual: false,
  },
  readme: {
    title: 'How to use the files',
    purpose: 'Commands for nginx, Node, curl, Java and browsers, with the names of the other files.',
    private: false,
    owner: 'export',
    formats: ['text'],
    usual: false,
  },
  checksums: {
    title: 'Checksums of the other files',
    purpose: 'What sha256sum -c needs to tell whether a file has changed.',
    private: false,
    owner: 'export',
    formats: ['text'],
    usual: false,
  },
  'server-private-key': {
    title: 'Server private key',
    purpose: 'A server program needs it beside its certificate; whoever else has it can pose as the server.',
    private: true,
    owner: 'server',
    formats: PRIVATE_KEY_FORMATS,
    usual: true,
  },
  'ca-private-key': {
    title: 'Authority private key',
    purpose: 'Whoever has it can issue certificates that everyone who trusts the authority accepts.',
    private: true,
    owner: 'authority',
    formats: PRIVATE_KEY_FORMATS,
    usual: true,
  },
}

export const EXPORT_ITEMS: readonly ExportItem[] = EXPORT_ITEM_IDS.map((id) => ({ id, ...ITEMS[id] }))

/** `server-private-key/pkcs12`. */
export type ExportFileId = `${ExportItemId}/${ExportFormat}`

/** Whether a passphrase locks the file: it never can, it can, or there is no such file without one. */
export type Lockable = 'never' | 'optional' | 'always'

/** A file that an item can become. */
export interface ExportFile {
  readonly id: ExportFileId
  readonly item: ExportItem
  readonly format: ExportFormat
  /** Its name unless the person gives another. */
  readonly name: string
  readonly private: boolean
  readonly lock: Lockable
}

/** File names by item: what comes before the format's ending, or the whole name. */
const NAMES: { readonly [Id in ExportItemId]: Partial<Record<ExportFormat, string>> } = {
  'ca-certificate': { pem: 'ca.crt', der: 'ca.der' },
  'server-certificate': { pem: 'server.crt', der: 'server.der' },
  'server-chain': { pem: 'server-chain.crt', pkcs7: 'server-chain.p7b', 'pkcs7-der': 'server-chain.p7c' },
  'cert-s': { json: 'cert-s.json' },
  'server-public-key': {
    pem: 'server-public.pem',
    der: 'server-public.der',
    pkcs1: 'server-public-pkcs1.pem',
    jwk: 'server-public.jwk',
    jwks: 'server-public.jwks',
    openssh: 'server-ssh.pub',
  },
  'server-request': { pem: 'server.csr', der: 'server-csr.der' },
  'ca-revocation-list': { pem: 'ca-crl.pem', der: 'ca.crl' },
  fingerprints: { text: 'fingerprints.txt' },
  readme: { text: 'README.txt' },
  checksums: { text: 'SHA256SUMS' },
  'server-private-key': privateNames('server'),
  'ca-private-key': privateNames('ca'),
}

/** Every file that can be written, in the order of the items and their formats. */
export const EXPORT_FILES: readonly ExportFile[] = EXPORT_ITEMS.flatMap((item) =>
  item.formats.map((format) => ({
    id: `${item.id}/${format}` as const,
    item,
    format,
    name: NAMES[item.id][format] ?? `${item.id}.${format}`,
    private: item.private,
    lock: item.private ? lockOf(format) : 'never',
  })),
)

/** What is written when nobody chooses: everything that the protocol is about, in PEM. */
export const USUAL_FILES: readonly ExportFile[] = EXPORT_FILES.filter(
  ({ item, format }) => item.usual && format === item.formats[0],
)

/** What a server program, its clients and its keeper need, in one go. */
export const BUNDLE_FILE_IDS = [
  'server-certificate/pem',
  'server-chain/pem',
  'server-private-key/pem',
  'ca-certificate/pem',
  'server-private-key/pkcs12',
  'readme/text',
  'checksums/text',
] as const satisfies readonly ExportFileId[]

const BY_ID = new Map<string, ExportFile>(EXPORT_FILES.map((file) => [file.id, file]))

/** The file with this id; undefined for an id that there is not. */
export function findExportFile(id: string): ExportFile | undefined {
  return BY_ID.get(id)
}

/** The item and the format in words: “Server private key, DER”. */
export function fileTitle({ item, format }: Pick<ExportFile, 'item' | 'format'>): string {
  return item.formats.length === 1 ? item.title : `${item.title}, ${FORMATS[format].title}`
}

/** How a private key's file of this form is locked. */
export function lockOf(format: ExportFormat): Lockable {
  if (isPkcs12(format)) return 'always'
  return format === 'pem' || format === 'der' ? 'optional' : 'never'
}

function privateNames(owner: string): Partial<Record<ExportFormat, string>> {
  return {
    pem: `${owner}.key`,
    der: `${owner}-key.der`,
    pkcs1: `${owner}-pkcs1.key`,
    'pkcs1-der': `${owner}-pkcs1.der`,
    pkcs12: `${owner}.p12`,
    'pkcs12-pbmac1': `${owner}-pbmac1.p12`,
    'pkcs12-compatible': `${owner}-compatible.p12`,
    jwk: `${owner}.jwk`,
    jwks: `${owner}.jwks`,
  }
}
