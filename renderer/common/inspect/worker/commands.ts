/** Commands for what is open, on files of the names that the export gives them, and where those files come from. */
import type { Bytes } from '#shared/bytes'
import { filesOf } from '#shared/export/given'
import type { ExportFileId } from '#shared/export/items'
import type { Artifact, CertificateArtifact } from '#shared/inspect/artifact'
import { filesFor, labFiles, type CommandFiles } from '#shared/commands/files'
import type { Command } from '#shared/commands/lines'
import { commandsFor } from '#shared/commands/commands-for'
import { certificatesOfKey, chainAbove, relatedTo } from './related'

/** How the lab's own export names its files. */
export type LabNames = Readonly<Partial<Record<ExportFileId, string>>>

/** A file that commands are about. */
export interface NeededFile {
  readonly name: string
  /** What it is exported from; undefined for a file of the lab's own export. */
  readonly artifact: Artifact | undefined
  /** Of a certificate: those above it, DER, its issuer's first. */
  readonly chain: readonly Bytes[]
}

export interface CommandList {
  readonly commands: readonly Command[]
  /** Those that some command names, in the order of the first one. */
  readonly files: readonly NeededFile[]
}

/** What is asked about. */
export interface CommandQuestion {
  readonly artifact: Artifact
  /** Whose it is, for what the lab's own export has. */
  readonly owner: 'authority' | 'server' | undefined
  readonly names: LabNames
  /** Certificates that are open, among them those above it. */
  readonly certificates: readonly CertificateArtifact[]
  /** That a certificate has to be for; empty: any. */
  readonly host: string
}

/** Finds the commands, and the files that they need. */
export async function commandsOf(question: CommandQuestion): Promise<CommandList> {
  const { artifact, owner, names, host } = question
  const { files, sources } = owner
    ? { files: { ...(await filesFor(artifact)), ...labFiles(owner, names) }, sources: [] }
    : await namedByExport(question)
  const commands = commandsFor(artifact, files, host)
  const lines = commands.map(({ line }) => line).join('\n')
  const used = [...new Set(Object.values(files))].filter((name: string) => lines.includes(name))
  const inLab = new Set(Object.values(names))
  const needed = used.map((name): NeededFile => {
    const source = sources.find((each) => each.name === name)
    return source ?? { name, artifact: owner && inLab.has(name) ? undefined : artifact, chain: [] }
  })
  return { commands, files: needed.sort((a, b) => lines.indexOf(a.name) - lines.indexOf(b.name)) }
}

/** Names of what isn't the lab's: its own, and those of what commands need beside it, as far as that is open. */
async function namedByExport(question: CommandQuestion): Promise<Named> {
  const own = await filesFor(question.artifact)
  const others = await othersOf(question)
  return { files: { ...own, ...others.files }, sources: others.sources }
}

interface Named {
  readonly files: CommandFiles
  readonly sources: readonly NeededFile[]
}

async function othersOf({ artifact, certificates, names }: CommandQuestion): Promise<Named> {
  switch (artifact.kind) {
    case 'certificate':
      return chainOf(artifact, chainAbove(artifact, certificates), names)
    case 'private-key': {
      const [own] = await certificatesOfKey(artifact.pkcs8, certificates)
      return one('certificate', own, names)
    }
    case 'cert-s':
      return one('authority', relatedTo(artifact, certificates).issuer, names)
    default:
      return { files: {}, sources: [] }
  }
}

async function one(
  role: keyof CommandFiles,
  certificate: CertificateArtifact | undefined,
  names: LabNames,
): Promise<Named> {
  if (!certificate) return { files: {}, sources: [] }
  const source = await sourceOf(certificate, names)
  return { files: named(role, source.name), sources: [source] }
}

/** The certificates above one, and all of them in one file. */
async function chainOf(
  artifact: CertificateArtifact,
  above: readonly CertificateArtifact[],
  names: LabNames,
): Promise<Named> {
  if (above.length === 0) return { files: {}, sources: [] }
  const chain = above.map(({ der }) => der)
  const sources = await Promise.all(above.map((certificate) => sourceOf(certificate, names)))
  const [, chainGroup] = await filesOf(artifact, chain)
  const chainName = chainGroup?.files.find(({ format }) => format === 'pem')?.name
  const files: CommandFiles = {
    ...named('issuer', sources[0]?.name),
    ...named('authority', sources.at(-1)?.name),
    ...named('chain', chainName),
    ...named('intermediates', above.length > 1 ? chainName : undefined),
  }
  const whole = chainName === undefined ? [] : [{ name: chainName, artifact, chain }]
  return { files, sources: [...sources, ...whole] }
}

async function sourceOf(certificate: CertificateArtifact, names: LabNames): Promise<NeededFile> {
  const inLab = certificate.id === 'lab/ca' ? names['ca-certificate/pem'] : undefined
  if (inLab !== undefined) return { name: inLab, artifact: undefined, chain: [] }
  const name = (await filesFor(certificate)).certificate ?? ''
  return { name, artifact: certificate, chain: [] }
}

function named(role: keyof CommandFiles, name: string | undefined): CommandFiles {
  return name === undefined ? {} : { [role]: name }
}
