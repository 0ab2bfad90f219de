/** What can be exported, as the dialog, the bridge to main and the terminal know it; the files are written in `main/export`. */
import * as v from 'valibot'
import { LabError } from './errors'

/** The items in the order in which they are offered. */
export const EXPORT_ITEM_IDS = [
  'ca-certificate',
  'server-certificate',
  'server-chain',
  'cert-s',
  'server-public-key',
  'server-private-key',
  'ca-private-key',
] as const
export type ExportItemId = (typeof EXPORT_ITEM_IDS)[number]

export interface ExportItem {
  readonly id: ExportItemId
  /** Name of the file in the chosen folder. */
  readonly name: string
  readonly title: string
  /** What it is for, in one sentence. */
  readonly purpose: string
  /** True for secrets: their files are for the owner's eyes only. */
  readonly private: boolean
  readonly owner: 'authority' | 'server'
}

const ITEMS: { readonly [Id in ExportItemId]: Omit<ExportItem, 'id'> } = {
  'ca-certificate': {
    name: 'ca.crt',
    title: 'Authority certificate',
    purpose: 'Tell a browser or a tool to trust it, and the server’s certificate is accepted there.',
    private: false,
    owner: 'authority',
  },
  'server-certificate': {
    name: 'server.crt',
    title: 'Server certificate (X.509)',
    purpose: 'The server shows it to prove which public key belongs to its name.',
    private: false,
    owner: 'server',
  },
  'server-chain': {
    name: 'server-chain.crt',
    title: 'Server certificate chain',
    purpose: 'The server’s certificate and then the authority’s, in one file as nginx and others want it.',
    private: false,
    owner: 'server',
  },
  'cert-s': {
    name: 'cert-s.json',
    title: 'Cert_S with the signed text',
    purpose: 'The protocol’s own certificate with the exact text that was signed, to check it by hand.',
    private: false,
    owner: 'server',
  },
  'server-public-key': {
    name: 'server-public.pem',
    title: 'Server public key',
    purpose: 'Encrypts for the server and checks its signatures.',
    private: false,
    owner: 'server',
  },
  'server-private-key': {
    name: 'server.key',
    title: 'Server private key (PKCS#8)',
    purpose: 'A server program needs it beside its certificate; whoever else has it can pose as the server.',
    private: true,
    owner: 'server',
  },
  'ca-private-key': {
    name: 'ca.key',
    title: 'Authority private key (PKCS#8)',
    purpose: 'Whoever has it can issue certificates that everyone who trusts the authority accepts.',
    private: true,
    owner: 'authority',
  },
}

export const EXPORT_ITEMS: readonly ExportItem[] = EXPORT_ITEM_IDS.map((id) => ({ id, ...ITEMS[id] }))

/** In UTF-8 at most 768 bytes: OpenSSL's commands read up to 1,023. */
export const MAX_PASSPHRASE_LENGTH = 256

const itemId = v.picklist(EXPORT_ITEM_IDS, (issue) => `${issue.received.slice(0, 40)} is nothing to export.`)

/** Shape of an export request. Its messages are for people. */
export const exportRequestSchema = v.object(
  {
    items: v.pipe(
      v.array(itemId, 'The items to export are a list.'),
      v.minLength(1, 'Nothing is chosen for the export: choose at least one item.'),
      v.maxLength(EXPORT_ITEM_IDS.length, 'The list of items to export is longer than there are items.'),
    ),
    /** Encrypts the private keys; without it they are written plain. */
    passphrase: v.optional(
      v.pipe(
        v.string('The passphrase is a text.'),
        v.minLength(1, 'The passphrase is empty: type one, or export the private key without.'),
        v.maxLength(
          MAX_PASSPHRASE_LENGTH,
          `The passphrase is too long: it has at most ${MAX_PASSPHRASE_LENGTH} characters.`,
        ),
        v.check(
          (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
          'The passphrase has a character that can’t be typed, such as a line break: use one line of text.',
        ),
      ),
    ),
    /** Which existing files may be replaced: all, none, or those of these items. */
    overwrite: v.optional(
      v.union([v.boolean(), v.array(itemId)], 'What may be replaced is yes, no or a list of items.'),
    ),
    /** True once the person has said, on its own, that the authority's private key shall be written. */
    confirmAuthorityKey: v.optional(v.boolean('Whether the authority’s key is confirmed is yes or no.')),
  },
  'The export request is not an object.',
)

/** What the person chose. The folder comes beside it: main has asked for it. */
export type ExportRequest = Readonly<v.InferOutput<typeof exportRequestSchema>>

/**
 * Checks a request of unknown shape.
 * @throws LabError `export_nothing_chosen` for an empty list, `export_bad_passphrase`, or else `export_bad_request`
 */
export function parseExportRequest(value: unknown): ExportRequest {
  const result = v.safeParse(exportRequestSchema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const member = issue.path?.[0].key
  if (issue.type === 'min_length' && member === 'items')
    throw new LabError('export_nothing_chosen', issue.message)
  throw new LabError(member === 'passphrase' ? 'export_bad_passphrase' : 'export_bad_request', issue.message)
}

/** An item that can't be exported yet, and why. */
export interface UnavailableExport {
  readonly id: ExportItemId
  readonly reason: string
}

/** A file that would be written. */
export interface PlannedFile {
  readonly id: ExportItemId
  readonly name: string
  /** The name alone while no folder is chosen. */
  readonly path: string
  /** True when something has this name already, be it a link that leads nowhere. */
  readonly exists: boolean
  readonly private: boolean
  /** Size in bytes. */
  readonly bytes: number
}

export interface ExportPlan {
  readonly folder: string | undefined
  readonly files: readonly PlannedFile[]
  readonly unavailable: readonly UnavailableExport[]
}

/** A file that was written. */
export interface WrittenFile {
  readonly id: ExportItemId
  readonly name: string
  readonly path: string
  /** Size in bytes. */
  readonly bytes: number
  /** Of the content, in hex. */
  readonly sha256: string
  readonly private: boolean
  /** True when it took the place of an older file. */
  readonly replaced: boolean
}

export interface ExportResult {
  readonly folder: string
  readonly files: readonly WrittenFile[]
}
