/** Writes keys and certificates of the lab to files. */
import { join, resolve } from 'node:path'
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
import { EXPORT_FILES, fileTitle, type ExportFile, type ExportItem } from '#shared/export/items'
import { readmeText } from '#shared/export/readme'
import { unlessAborted } from '#shared/unless-aborted'
import {
  bytesOf,
  contentOf,
  identitiesOf,
  publicBytes,
  type ExportSources,
  type PresentContent,
} from './contents'
import { hasSameBytes } from './there'
import { putFiles, type PutOptions } from '../files/put'

export interface ExportOptions extends PutOptions, EncodeOptions {
  /** Gives it up, with its reason, until the first file is written: locking keys is what takes time. */
  readonly signal?: AbortSignal
}

interface EncodeOptions {
  readonly sources: ExportSources
  /** That many random bytes, for the encryption of private keys. */
  readonly random: (length: number) => Bytes
  /** Is told what is at stake, nothing perhaps, before the first byte; true to go on. */
  readonly ask: (stake: Stake) => Promise<boolean>
}

/** What somebody has to say yes to. */
export interface Stake {
  /** Private keys that would leave. */
  readonly secrets: readonly LeavingSecret[]
  /** Names of files that would be replaced. */
  readonly replacing: readonly string[]
}

/** A private key as it would leave. */
export interface LeavingSecret {
  /** Of its file. */
  readonly name: string
  readonly owner: ExportItem['owner']
  /** True when it is of use only with the passphrase. */
  readonly locked: boolean
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
 *   `export_bad_name`, `export_passphrase_missing`, `export_not_available`, `export_confirmation_missing` when `ask` says no,
 *   the signal's reason, and what {@link putFiles} throws
 */
export async function writeExport(request: ExportRequest, options: ExportOptions): Promise<ExportResult> {
  const parsed = parseExportRequest(request)
  const chosen = await chooseFiles(parsed, options.sources)
  checkPassphrase(chosen, parsed)
  const { overwrite = false } = parsed
  const targets = chosen.map(({ file, name }) => ({
    id: file.id,
    name,
    private: file.private,
    replace: typeof overwrite === 'boolean' ? overwrite : overwrite.includes(file.id),
  }))
  const prepare = async (replacing: readonly string[]): Promise<readonly Bytes[]> => {
    // Nothing is lost where a file takes the place of its like.
    const changed: string[] = []
    for (const name of replacing) if (!(await isSame(name, chosen, options))) changed.push(name)
    await askFirst({ secrets: secretsOf(chosen, parsed), replacing: changed }, options)
    const encoded = encodeAll(chosen, parsed, options)
    return options.signal ? unlessAborted(encoded, options.signal) : encoded
  }
  return putFiles(targets, prepare, options)
}

async function isSame(
  name: string,
  chosen: readonly Chosen[],
  { sources, folder }: ExportOptions,
): Promise<boolean> {
  const id = chosen.find((one) => one.name === name)?.file.id
  const bytes = id && (await publicBytes(id, sources))
  return bytes !== undefined && hasSameBytes(join(resolve(folder), name), bytes)
}

/**
 * The bytes of one file, for whoever wants to have it without a folder.
 * @throws LabError as {@link writeExport} before the first byte
 */
export async function encodeExport(request: ExportRequest, options: EncodeOptions): Promise<Bytes> {
  const parsed = parseExportRequest(request)
  const chosen = await chooseFiles(parsed, options.sources)
  checkPassphrase(chosen, parsed)
  await askFirst({ secrets: secretsOf(chosen, parsed), replacing: [] }, options)
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

function checkPassphrase(chosen: readonly Chosen[], { passphrase }: ExportRequest): void {
  const always = chosen.filter(({ file }) => file.lock === 'always').map(({ name }) => name)
  if (always.length > 0 && passphrase === undefined) {
    const message = `PKCS#12 files are always locked: type a passphrase for ${always.join(', ')}.`
    throw new LabError('export_passphrase_missing', message)
  }
}

function secretsOf(chosen: readonly Chosen[], request: ExportRequest): readonly LeavingSecret[] {
  return chosen
    .filter(({ file }) => file.private)
    .map(({ file, name }) => ({ name, owner: file.item.owner, locked: isLocked(file, request) }))
}

async function askFirst(stake: Stake, { ask }: EncodeOptions): Promise<void> {
  if (await ask(stake)) return
  throw new LabError('export_confirmation_missing', 'Nothing was exported: it was not confirmed.')
}

function isLocked({ lock }: ExportFile, { passphrase, protect = true }: ExportRequest): boolean {
  return lock === 'always' || (lock === 'optional' && passphrase !== undefined && protect)
}

/** The lab's own files first: those about the others need them. */
async function encodeAll(
  chosen: readonly Chosen[],
  request: ExportRequest,
  { sources, random }: EncodeOptions,
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
