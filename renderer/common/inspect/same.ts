/** What artifacts are by their bytes: the same thing is one thing, wherever it is from. */
import { equalBytes, type Bytes } from '#shared/bytes'
import { derOf, type Artifact } from '#shared/inspect/artifact'

/** The bytes that an artifact is; undefined for a key that is hidden. */
function bytesOf(artifact: Artifact): Bytes | undefined {
  switch (artifact.kind) {
    case 'private-key':
      return artifact.pkcs8
    case 'signature':
    case 'cert-s':
      return artifact.signature
    case 'symmetric-key':
      return artifact.key
    default:
      return derOf(artifact)
  }
}

/** True for two artifacts of one kind with the same bytes, wherever they are from; hidden keys are told apart by id. */
export function isSame(a: Artifact, b: Artifact): boolean {
  const [left, right] = [bytesOf(a), bytesOf(b)]
  if (a.kind !== b.kind) return false
  return left && right ? equalBytes(left, right) : !left && !right && a.id === b.id
}
