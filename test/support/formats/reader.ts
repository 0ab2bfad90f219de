/** A tool that reads exported files, and what it must find in them: columns of the table in docs/formats.md. */
import { X509Certificate } from 'node:crypto'
import type { ExportFile, ExportFileId, ExportItemId } from '#shared/export/items'
import { PASSPHRASE_VARIABLE, mustRun, runTool, type ToolOptions } from '../key-tools'

/** What the files of one owner have to hold. PEM texts with their line feed. */
export interface Owner {
  readonly certificate: string
  /** The certificate, and those above it. */
  readonly chain: readonly string[]
  readonly publicKey: string
  readonly privateKey: string
  /** The key in the form of OpenSSH, without a comment. */
  readonly sshKey: string
  /** SHA-256 of the SubjectPublicKeyInfo, base64. */
  readonly pin: string
  readonly identity: string
}

/** An exported file. */
export interface Subject {
  readonly file: ExportFile
  readonly folder: string
  readonly name: string
  /** True when it was written under the passphrase. */
  readonly locked: boolean
  readonly passphrase: string
  readonly owner: Owner
}

/** One cell: `how` is what the table says, `read` throws when the tool does not find what it should. */
export interface Cell {
  readonly how: string
  readonly read: (subject: Subject) => Promise<void>
}

/** A column: cells by item and form. */
export interface Reader {
  readonly title: string
  readonly cellFor: (file: ExportFile) => Cell | undefined
}

export type Check = (subject: Subject, found: string) => void

export const CERTIFICATES = ['ca-certificate', 'server-certificate'] as const
export const PRIVATE_KEYS = ['server-private-key', 'ca-private-key'] as const
export const PASS_IN = ['-passin', `env:${PASSPHRASE_VARIABLE}`] as const

/** Ids of some forms of some items. */
export function ids(
  items: readonly ExportItemId[],
  ...formats: readonly ExportFile['format'][]
): ExportFileId[] {
  return items.flatMap((item) => formats.map((format) => `${item}/${format}` as const))
}

export function reader(
  title: string,
  cells: readonly {
    readonly of: readonly ExportFileId[]
    readonly how: string
    readonly read: Cell['read']
  }[],
): Reader {
  return { title, cellFor: ({ id }) => cells.find(({ of }) => of.includes(id)) }
}

export function optionsOf({ folder, passphrase }: Subject): ToolOptions {
  return { cwd: folder, passphrase }
}

/** Runs a command on the file and checks what it prints; what is locked must not open with another passphrase. */
export function command(
  program: string,
  args: (subject: Subject) => readonly string[],
  check: Check,
): Cell['read'] {
  return async (subject) => {
    check(subject, await mustRun(program, args(subject), optionsOf(subject)))
    if (!subject.locked) return
    const other = { ...subject, passphrase: 'another' }
    const { ok } = await runTool(program, args(other), optionsOf(other))
    expectThat(!ok, `${program} opens ${subject.name} with another passphrase`)
  }
}

export const equals =
  (expected: (owner: Owner) => string): Check =>
  ({ owner, name }, found) =>
    expectThat(found === expected(owner), `${name}: something else was found:\n${found}`)

export const contains =
  (...expected: readonly ((owner: Owner) => string)[]): Check =>
  ({ owner, name }, found) => {
    for (const part of expected.map((make) => make(owner)))
      expectThat(found.includes(part), `${name}: ${part} was not found in:\n${found}`)
  }

export const theCertificate = (owner: Owner): string => owner.certificate
export const thePublicKey = (owner: Owner): string => owner.publicKey
export const thePrivateKey = (owner: Owner): string => owner.privateKey
export const wholeChain = [0, 1].map(
  (index) =>
    (owner: Owner): string =>
      owner.chain[index] ?? owner.certificate,
)
export const fingerprint = ({ certificate }: Owner): string => new X509Certificate(certificate).fingerprint256

export function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new Error(message)
}
