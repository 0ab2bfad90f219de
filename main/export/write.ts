/** Writes keys and certificates of the lab to files. */
import { toHex, toUtf8, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import {
  checkTwins,
  parseExportRequest,
  type ExportRequest,
  type ExportResult,
  type Identities,
} from '#shared/export'
import type { LockWith } from '#shared/export/encode'
import { EXPORT_FILES, fileTitle, type ExportFile } from '#shared/export/items'
import { readmeText } from '#shared/export/readme'
import { bytesOf, contentOf, identitiesOf, type ExportSources, type PresentContent } from './contents'
import { putFiles, type PutOptions } from '../files/put'

export interface ExportOptions extends PutOptions {
  readonly sources: ExportSources
  /** That many random bytes, for the encryption of private keys. */
  readonly random: (length: number) => Bytes
}

/** A file under the name it shall have; without a content where it is about the others. */
interface Chosen {
  readonly file: ExportFile
  readonly name: string
  readonly content: PresentContent | undefined
}

/**
 * Writes the chosen files into a folder, as {@link putFiles} does.
 * @throws LabError before the first byte: `export_nothing_chosen`, `export_bad_request`, `export_bad_passphrase`,
 *   `export_bad_name`, `export_confirmation_missing`, `export_passphrase_missing`, `export_not_available`, and what
 *   {@link putFiles} throws
 */
export async function writeExport(request: ExportRequest, options: ExportOptions): Promise<ExportResult> {
  const parsed = parseExportRequest(request)
  const chosen = await chooseFiles(parsed, options.sources)
  checkConfirmations(chosen, parsed)
  const { overwrite = false } = parsed
  const targets = chosen.map(({ file, name }) => ({
    id: file.id,
    name,
    private: file.private,
    replace: typeof overwrite === 'boolean' ? overwrite : overwrite.includes(file.id),
  }))
  return putFiles(targets, () => encodeAll(chosen, parsed, options), options)
}

/**
 * The bytes of one file, for whoever wants to have it without a folder.
 * @throws LabError as {@link writeExport} before the first byte
 */
export async function encodeExport(
  request: ExportRequest,
  options: Pick<ExportOptions, 'sources' | 'random'>,
): Promise<Bytes> {
  const parsed = parseExportRequest(request)
  const chosen = await chooseFiles(parsed, options.sources)
  checkConfirmations(chosen, parsed)
  const [bytes] = await encodeAll(chosen, parsed, options)
  return bytes ?? new Uint8Array()
}

/** In the order in which they are offered, each once. */
async function chooseFiles(request: ExportRequest, sources: ExportSources): Promise<readonly Chosen[]> {
  const chosen: Chosen[] = []
  const missing: string[] = []
  for (const file of EXPORT_FILES) {
    const wanted = request.files.find(({ id }) => id === file.id)
    if (!wanted) continue
    const { id } = file.item
    const content = id === 'readme' || id === 'checksums' ? undefined : await contentOf(id, sources)
    if (content?.kind === 'missing') missing.push(`${fileTitle(file)}: ${content.reason}`)
    else chosen.push({ file, name: wanted.name ?? file.name, content })
  }
  if (missing.length > 0) throw new LabError('export_not_available', missing.join(' '))
  checkTwins(chosen.map(({ name }) => name))
  return chosen
}

/** What has to be said before a private key is written. */
function checkConfirmations(chosen: readonly Chosen[], request: ExportRequest): void {
  const secrets = chosen.filter(({ file }) => file.private)
  if (secrets.some(({ file }) => file.item.id === 'ca-private-key') && request.confirmAuthorityKey !== true) {
    throw new LabError(
      'export_confirmation_missing',
      'The authority’s private key is written only after its own confirmation: confirm it, or leave it out.',
    )
  }
  const plain = secrets.filter(({ file }) => !isLocked(file, request)).map(({ name }) => name)
  if (plain.length > 0 && request.confirmPlain !== true) {
    throw new LabError(
      'export_confirmation_missing',
      `A private key would stand unprotected in ${plain.join(', ')}: confirm it, or protect it with a passphrase.`,
    )
  }
  const always = secrets.filter(({ file }) => file.lock === 'always').map(({ name }) => name)
  if (always.length > 0 && request.passphrase === undefined) {
    const message = `PKCS#12 files are always locked: type a passphrase for ${always.join(', ')}.`
    throw new LabError('export_passphrase_missing', message)
  }
}

function isLocked({ lock }: ExportFile, { passphrase, protect = true }: ExportRequest): boolean {
  return lock === 'always' || (lock === 'optional' && passphrase !== undefined && protect)
}

/** The lab's own files first: those about the others need them. */
async function encodeAll(
  chosen: readonly Chosen[],
  request: ExportRequest,
  { sources, random }: Pick<ExportOptions, 'sources' | 'random'>,
): Promise<readonly Bytes[]> {
  const { passphrase, friendlyName } = request
  const lockWith: LockWith | undefined = passphrase === undefined ? undefined : { passphrase, random }
  const encoded = new Map<Chosen, Bytes>()
  await Promise.all(
    chosen.map(async (one) => {
      if (!one.content) return
      const lock = isLocked(one.file, request) ? lockWith : undefined
      encoded.set(one, await bytesOf(one.content, one.file.format, lock, friendlyName))
    }),
  )
  const readme = chosen.find(({ file }) => file.item.id === 'readme')
  if (readme) encoded.set(readme, toUtf8(readmeOf(chosen, request, identitiesOf(sources))))
  const checksums = chosen.find(({ file }) => file.item.id === 'checksums')
  if (checksums) encoded.set(checksums, toUtf8(await checksumsOf(encoded)))
  return chosen.map((one) => encoded.get(one) ?? new Uint8Array())
}

function readmeOf(
  chosen: readonly Chosen[],
  { passphrase, protect, friendlyName }: ExportRequest,
  { server, authority }: Identities,
): string {
  return readmeText(
    chosen.map(({ file, name }) => ({ id: file.id, name })),
    {
      locked: passphrase !== undefined && protect !== false,
      friendlyName: friendlyName ?? server,
      authority,
    },
  )
}

/** As `sha256sum` writes it, and `sha256sum -c` reads it. */
async function checksumsOf(encoded: ReadonlyMap<Chosen, Bytes>): Promise<string> {
  const lines = await Promise.all(
    [...encoded].map(async ([{ name }, bytes]) => {
      const digest = await crypto.subtle.digest('SHA-256', bytes)
      return `${toHex(new Uint8Array(digest))}  ${name}\n`
    }),
  )
  return lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('')
}
