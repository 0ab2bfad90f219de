/** Reads a run file, and makes its checks again. In a thread of its own, where whatever the file is keeps nobody waiting. */
import type { Bytes } from '#shared/bytes'
import type { KeysFile } from '#shared/capture/keys-file'
import { openJwe } from '#shared/crypto/containers/jwe'
import { decodeRun } from '#shared/run/decode'
import type { Moves } from '#shared/run/move'
import { movesOf } from '#shared/run/moves'
import { remakeRun, type RunAgain } from '#shared/run/remake'
import type { Run } from '#shared/run/run'
import { readRunFile, readSecrets } from '#shared/run/text'
import { mainEnvironment } from '../lab/environment'
import { isCapture, runOfCapture } from './capture-run'

/** A run as it was read. */
export interface ReadRun {
  /** Of a capture nothing was recorded but frames. */
  readonly source: 'run' | 'capture'
  readonly run: Run
  readonly again: RunAgain
  /** What somebody in the middle did; undefined where nobody was. */
  readonly moves: Moves | undefined
  readonly secrets: 'left_out' | 'locked' | 'there'
  /** The file is, byte for byte, as it was written. */
  readonly isIntact: boolean
}

/**
 * Reads a run, or a capture as one.
 * @param options `passphrase` opens secrets where they are locked; `keys` what is in a capture
 * @throws LabError as {@link readRunFile}; `wrong_passphrase`, `unsupported_encryption`
 */
export async function readRun(
  bytes: Bytes,
  {
    passphrase,
    keys,
    onProgress = () => undefined,
  }: {
    readonly passphrase?: string
    readonly keys?: KeysFile
    readonly onProgress?: (done: number, of: number) => void
  } = {},
): Promise<ReadRun> {
  if (isCapture(bytes)) {
    const run = await runOfCapture(bytes, keys, mainEnvironment.crypto)
    const again: RunAgain = { records: new Map(), differences: [] }
    return {
      source: 'capture',
      run,
      again,
      moves: undefined,
      secrets: keys ? 'there' : 'left_out',
      isIntact: true,
    }
  }
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
  return { source: 'run', run, again, moves: movesOf(run), secrets: are, isIntact }
}
