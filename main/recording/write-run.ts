/** The bytes of a run file, made in turns with other work. */
import { createHash } from 'node:crypto'
import { toUtf8, type Bytes } from '#shared/bytes'
import { lockAsJwe } from '#shared/crypto/containers/jwe'
import { LabError } from '#shared/errors'
import { encodeRun } from '#shared/run/encode'
import type { RunContent } from '#shared/run/format'
import type { Run } from '#shared/run/run'
import { LONGEST_RUN } from '#shared/run/file-type'
import { endOfRun, runText, secretsText } from '#shared/run/text'
import { BYTES_PER_TURN, nextTurn } from '#shared/turn'

/** What becomes of the secrets that are still there. */
export type SecretsChoice =
  | { readonly secrets: 'left_out' }
  | { readonly secrets: 'locked'; readonly passphrase: string }
  | { readonly secrets: 'in_clear' }

/**
 * Writes a run.
 * @throws LabError `passphrase_missing`, `run_too_large`
 */
export async function writeRun(run: Run, choice: SecretsChoice): Promise<Bytes> {
  const { content, secrets } = await encodeRun(run)
  const pieces: Bytes[] = []
  const hash = createHash('sha256')
  let length = 0
  let sinceTurn = 0
  for (const text of runText(content, await standing(secrets, choice))) {
    const bytes = toUtf8(text)
    pieces.push(bytes)
    hash.update(bytes)
    length += bytes.length
    sinceTurn += bytes.length
    if (length > LONGEST_RUN)
      throw new LabError('run_too_large', 'The run is too long for a file: start over, and save it earlier.')
    if (sinceTurn > BYTES_PER_TURN) {
      sinceTurn = 0
      await nextTurn()
    }
  }
  pieces.push(toUtf8(endOfRun(hash.digest())))
  return new Uint8Array(Buffer.concat(pieces))
}

async function standing(
  secrets: Awaited<ReturnType<typeof encodeRun>>['secrets'],
  choice: SecretsChoice,
): Promise<RunContent['secrets']> {
  if (!secrets || choice.secrets === 'left_out') return undefined
  if (choice.secrets === 'in_clear') return secrets
  return { jwe: await lockAsJwe(secretsText(secrets), choice.passphrase) }
}
