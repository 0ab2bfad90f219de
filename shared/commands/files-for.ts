/** The names of the files that commands about anything that is open are about. */
import { filesOf, type GivenGroup } from '../export/given'
import type { ExportFormat } from '../export/formats'
import type { Bytes } from '../bytes'
import type { Artifact, OwnFile } from '../inspect/artifact'
import { readPublicKey } from '../inspect/x509/keys'
import type { CommandFiles } from './files'
import { isCommonKey } from './keys'
import type { CommandFile } from './reading'
import { readsOther } from './signatures'

/**
 * The files that commands about an artifact from anywhere are about: the one that it was opened from, where that holds nothing
 * else and is in a form that they read, and those that it is exported as, by the names that the export begins with.
 */
export async function filesFor(artifact: Artifact): Promise<CommandFiles> {
  const exported = await exportedFiles(artifact)
  const { file } = artifact
  if (!file) return exported
  switch (artifact.kind) {
    case 'certificate':
      return { ...exported, certificate: file }
    case 'request':
      return { ...exported, request: file }
    case 'public-key':
      return withPublicKey(exported, file, artifact.spki)
    case 'private-key':
      return { ...exported, key: file }
    case 'cert-s':
      return { ...exported, certS: file }
    case 'other':
      return readsOther(artifact.what, file.form) ? { ...exported, der: file } : exported
    default:
      return exported
  }
}

/** OpenSSH turns keys of RSA and on the NIST's curves into PEM and back; of others the form that is wanting is exported. */
function withPublicKey(exported: CommandFiles, file: OwnFile, spki: Bytes): CommandFiles {
  const key = readPublicKey(spki)
  const isTurned = key.family === 'RSA' || (key.family === 'EC' && isCommonKey(key))
  const { publicKey, openssh, ...others } = exported
  const kept = (role: 'publicKey' | 'openssh', name: CommandFile | undefined): CommandFiles =>
    isTurned || name === undefined ? {} : { [role]: name }
  return file.form === 'openssh'
    ? { ...others, publicKey: file, ...kept('publicKey', publicKey), openssh: file }
    : { ...others, publicKey: file, ...kept('openssh', openssh) }
}

async function exportedFiles(artifact: Artifact): Promise<CommandFiles> {
  const groups = await filesOf(artifact)
  switch (artifact.kind) {
    case 'certificate':
      return named(groups, { certificate: 'pem' })
    case 'request':
      return named(groups, { request: 'pem' })
    case 'public-key':
      return named(groups, { publicKey: 'pem', openssh: 'openssh' })
    case 'private-key':
      return named(groups, { key: 'pem' })
    case 'signature':
      return named(groups, { signature: 'binary' })
    case 'cert-s':
      return named(groups, { certS: 'json' })
    case 'symmetric-key':
      return named(groups, { secret: 'binary' })
    case 'other':
      return Object.fromEntries(
        Object.entries(named(groups, { der: 'der' })).map(([role, name]) => [role, { name, form: 'der' }]),
      )
  }
}

function named(
  groups: readonly GivenGroup[],
  roles: Readonly<Partial<Record<keyof CommandFiles, ExportFormat>>>,
): CommandFiles {
  const files = groups.flatMap((group) => group.files)
  const found = Object.entries(roles).flatMap(([role, format]) => {
    const file = files.find((each) => each.format === format)
    return file ? [[role, file.name] as const] : []
  })
  return Object.fromEntries(found)
}
