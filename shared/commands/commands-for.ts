/**
 * The same with OpenSSL and others: for what is open, the commands that show or check the same thing on the exported files.
 * Every one of them is run by `test/integration/openssl-commands.test.ts`.
 */
import { assertNever } from '../errors'
import type { Artifact } from '../inspect/artifact'
import { certificateCommands, requestCommands } from './certificate'
import type { CommandFiles } from './files'
import { privateKeyCommands, publicKeyCommands } from './keys'
import { certSCommands, otherCommands, signatureCommands, symmetricKeyCommands } from './signatures'
import type { Command } from './lines'

/**
 * The commands for an artifact, to be run in the folder of the files, in this order.
 * @param host that a server's certificate has to be for; empty: any
 * @throws LabError as the reader of its kind does, when its bytes are not what its kind says
 */
export function commandsFor(artifact: Artifact, files: CommandFiles, host = ''): readonly Command[] {
  switch (artifact.kind) {
    case 'certificate':
      return certificateCommands(artifact, files, host)
    case 'request':
      return requestCommands(artifact, files)
    case 'public-key':
      return publicKeyCommands(artifact, files)
    case 'private-key':
      return privateKeyCommands(artifact, files)
    case 'signature':
      return signatureCommands(artifact, files)
    case 'cert-s':
      return certSCommands(files)
    case 'symmetric-key':
      return symmetricKeyCommands(files)
    case 'other':
      return otherCommands(artifact, files)
    default:
      return assertNever(artifact)
  }
}
