/** Reads a run file, and makes its checks again. In a thread of its own, where whatever the file is keeps nobody waiting. */
import type { Bytes } from '#shared/bytes'
import { openJwe } from '#shared/crypto/containers/jwe'
import { decodeRun } from '#shared/run/decode'
import { remakeRun, type RunAgain } from '#shared/run/remake'
import type { Run } from '#shared/run/run'
import { readRunFile, readSecrets } from '#shared/run/text'
import { mainEnvironment } from '../lab/environment'

/** A run as it was read. */
export interface ReadRun {
  readonly run: Run
  readonly again: RunAgain
  readonly secrets: 'left_out' | 'locked' | 'there'
  /** The file is, byte for byte, as it was written. */
  readonly isIntact: boolean
}

/**
 * Reads a run.
 * @param passphrase opens its secrets where they are locked; without it they stay so
 * @throws LabError as {@link readRunFile}; `wrong_passphrase`, `unsupported_encryption`
 */
export async function readRun(
  bytes: Bytes,
  {
    passphrase,
    onProgress = () => undefined,
  }: { readonly passphrase?: string; readonly onProgress?: (done: number, of: number) => void } = {},
): Promise<ReadRun> {
  const { content, secrets, isIntact } = readRunFile(bytes)
  const opened =
    secrets.are === 'in clear'
      ? secrets.secrets
      : secrets.are === 'locked' && passphrase !== undefined
        ? readSecrets(await openJwe(secrets.jwe, passphrase))
        : undefined
  const run = await decodeRun(content, opened)
  const of = run.records.length
  const again = await remakeRun(run, {
    crypto: mainEnvironment.crypto,
    onProgress: (done) => onProgress(done, of),
  })
  const are = opened ? 'there' : secrets.are === 'locked' ? 'locked' : 'left_out'
  return { run, again, secrets: are, isIntact }
}
