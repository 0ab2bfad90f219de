/** What a client shows a display to be let in: the entries of the file `.Xauthority` (xauth(1)). */
import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A protocol and what it needs. */
export interface Authorization {
  readonly name: string
  readonly data: Uint8Array
}

/** A longer file is none. */
const MOST_BYTES = 256 * 1024
/** The one way that all displays know, and that is nothing but showing bytes. */
const COOKIE = 'MIT-MAGIC-COOKIE-1'

/** All entries for a display of this number, on whichever machine; none where there is no file. */
export function authorizations(
  number: string,
  env: NodeJS.ProcessEnv = process.env,
): readonly Authorization[] {
  const { XAUTHORITY: named = '' } = env
  try {
    const path = named === '' ? join(homedir(), '.Xauthority') : named
    const stats = statSync(path)
    if (!stats.isFile() || stats.size > MOST_BYTES) return []
    return entriesOf(readFileSync(path)).filter(
      (entry) => entry.name === COOKIE && (entry.number === number || entry.number === ''),
    )
  } catch {
    // Not there, or not to be read: the display may let everybody in all the same.
    return []
  }
}

/** Each entry: family, then address, number, name and data, each with its length before it; big-endian. Cut short, it ends there. */
function entriesOf(bytes: Buffer): readonly (Authorization & { readonly number: string })[] {
  const entries: (Authorization & { readonly number: string })[] = []
  let at = 0
  const take = (): Buffer | undefined => {
    if (at + 2 > bytes.length) return undefined
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) return undefined
    const field = bytes.subarray(at + 2, end)
    at = end
    return field
  }
  while (at + 2 <= bytes.length) {
    at += 2
    const [, number, name, data] = [take(), take(), take(), take()]
    if (!number || !name || !data) break
    entries.push({ number: number.toString('latin1'), name: name.toString('latin1'), data })
  }
  return entries
}
