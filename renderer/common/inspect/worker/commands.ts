/** Commands for what is open, on files of the names that the export gives them, and where those files come from. */
import type { Bytes } from '#shared/bytes'
import { filesOf } from '#shared/export/given'
import type { ExportFileId } from '#shared/export/items'
import type { Artifact, CertificateArtifact } from '#shared/inspect/artifact'
import { nameOf } from '#shared/commands/reading'
import { sameNameKey, shellWord } from '#shared/export/names'
import { labFiles, type CommandFiles } from '#shared/commands/files'
import { filesFor } from '#shared/commands/files-for'
import type { Command } from '#shared/commands/lines'
import { commandsFor } from '#shared/commands/commands-for'
import { certificatesOfKey, chainAbove, relatedTo } from './related'

/** How the lab's own export names its files. */
export type LabNames = Readonly<Partial<Record<ExportFileId, string>>>

/** A file that commands are about. */
export interface NeededFile {
  readonly name: string
  /** True for the person's own file, which needs no export. */
  readonly own: boolean
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
  /** Whether revocation lists are open: then the lab's own is asked along. */
  readonly listed?: boolean
}

/** Finds the commands, and the files that they need. */
export async function commandsOf(question: CommandQuestion): Promise<CommandList> {
  const { artifact, owner, names, host, listed = false } = question
  const { files, sources } = owner
    ? {
        files: { ...(await filesFor(artifact)), ...labFiles(owner, listed ? names : withoutList(names)) },
        sources: [],
      }
    : await namedByExport(question)
  const commands = commandsFor(artifact, files, host)
  const lines = commands.map(({ line }) => line).join('\n')
  const placeOf = (name: string): number => lines.indexOf(shellWord(name))
  const inLab = new Set(Object.values(names))
  const own = artifact.file?.name
  const used = [...new Set(Object.values(files).map(nameOf))].filter((name) => name !== undefined)
  const needed = used.flatMap((name): readonly NeededFile[] => {
    if (placeOf(name) < 0) return []
    const source = sources.find((each) => each.name === name)
    const from = owner && inLab.has(name) ? undefined : artifact
    return [source ?? { name, own: name === own, artifact: from, chain: [] }]
  })
  return { commands, files: needed.sort((a, b) => placeOf(a.name) - placeOf(b.name)) }
}

/** As long as there is no list, none is asked. */
function withoutList({ 'ca-revocation-list/pem': _, ...names }: LabNames): LabNames {
  return names
}

/** Names of what isn't the lab's: its own, and those of what commands need beside it, as far as that is open. */
async function namedByExport(question: CommandQuestion): Promise<Named> {
  const { artifact } = question
  const others = await othersOf(question)
  const own = await filesFor(artifact)
  const { file, ...bare } = artifact
  // Two files of one name can't lie in one folder.
  const isTaken = file && Object.values(others.files).some((name) => isSameName(nameOf(name), file.name))
  const files = isTaken ? await filesFor(bare) : own
  return { files: { ...files, ...others.files }, sources: others.sources }
}

function isSameName(one: string | undefined, other: string): boolean {
  return one !== undefined && sameNameKey(one) === sameNameKey(other)
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
  const whole = chainName === undefined ? [] : [{ name: chainName, own: false, artifact, chain }]
  return { files, sources: [...sources, ...whole] }
}

async function sourceOf(certificate: CertificateArtifact, names: LabNames): Promise<NeededFile> {
  const inLab = certificate.id === 'lab/ca' ? names['ca-certificate/pem'] : undefined
  if (inLab !== undefined) return { name: inLab, own: false, artifact: undefined, chain: [] }
  // Nobody knows whether its own file lies beside the one that commands are about.
  const { file, ...bare } = certificate
  const name = nameOf((await filesFor(file ? bare : certificate)).certificate) ?? ''
  return { name, own: false, artifact: certificate, chain: [] }
}

function named(role: keyof CommandFiles, name: string | undefined): CommandFiles {
  return name === undefined ? {} : { [role]: name }
}
