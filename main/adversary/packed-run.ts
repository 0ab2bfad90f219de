/** Runs of attacks as they are kept: many of them, of which few are ever looked at. */
import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { WholeRun } from './run-attack'

/** Fast rather than small. */
const LEVEL = 1

export function packRun(run: WholeRun): Uint8Array {
  return deflateRawSync(serialize(run), { level: LEVEL })
}

/** What {@link packRun} has packed. */
export function unpackRun(packed: Uint8Array): WholeRun {
  return deserialize(inflateRawSync(packed)) as WholeRun
}
