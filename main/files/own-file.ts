/**
 * The one way to a file of the app's own, whatever stands in its place: it is never waited for, never followed, and no more of it
 * is read than it may have. What was looked at is what is read, as both are done with the same handle. Synchronous: such files
 * are small, and a log's last words are written by a process that ends.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
} from 'node:fs'
import type { Bytes } from '#shared/bytes'
import { passOwnFault } from '#shared/errors'
import { FORBIDDEN, GONE, systemCode } from './system-codes'

/** Why something is no file of the app's own, one sentence for people. */
export interface NotOwn {
  readonly wrong: string
}

/** Windows knows neither: there links need a right of their own, and there are no pipes among files. */
const CAREFULLY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
/** Rights of others to change a file. */
const WRITABLE_BY_OTHERS = 0o022
/** So many names are tried for what is set aside. */
const MOST_ASIDE = 1_000

/**
 * Opens a file of the app's own; the handle is the caller's to close.
 * @param flags of open(2): O_RDONLY, or what a log needs. What O_CREAT makes is for its owner alone (0600).
 * @param most bytes that it may have; a longer one is none of the app's
 * @returns undefined where nothing is there
 */
export function openOwn(
  path: string,
  most: number,
  flags: number = constants.O_RDONLY,
): { readonly handle: number; readonly size: number } | NotOwn | undefined {
  let handle: number | undefined
  try {
    // Looked at before it is opened as well: opening does things to some devices.
    const before = lstatSync(path, { throwIfNoEntry: false })
    const wrong = before && judge(before, most)
    if (wrong !== undefined) return { wrong }
    handle = openSync(path, flags | CAREFULLY, 0o600)
    const opened = fstatSync(handle)
    const changed = judge(opened, most)
    if (changed === undefined) return { handle, size: opened.size }
    closeSync(handle)
    return { wrong: changed }
  } catch (error) {
    passOwnFault(error)
    if (handle !== undefined) closeSync(handle)
    const code = systemCode(error) ?? ''
    if (GONE.has(code)) return undefined
    return { wrong: FORBIDDEN.has(code) ? 'This account may not read it.' : `It can’t be read (${code}).` }
  }
}

/** All of a file of the app's own; undefined where nothing is there. */
export function readOwn(path: string, most: number): { readonly bytes: Bytes } | NotOwn | undefined {
  const opened = openOwn(path, most)
  if (!opened || 'wrong' in opened) return opened
  const { handle } = opened
  try {
    // It may have grown since: one byte more than it may have tells.
    const bytes = readAll(handle, Math.min(opened.size, most) + 1)
    return bytes.length > opened.size ? { wrong: 'It grew while it was read.' } : { bytes }
  } catch (error) {
    passOwnFault(error)
    return { wrong: `It can’t be read (${systemCode(error) ?? ''}).` }
  } finally {
    closeSync(handle)
  }
}

/** At most so many bytes from the place where the handle stands, or from `position` on. */
export function readAll(handle: number, most: number, position: number | null = null): Bytes {
  const bytes = new Uint8Array(most)
  let length = 0
  while (length < most) {
    const count = readSync(handle, bytes, length, most - length, position === null ? null : position + length)
    if (count === 0) break
    length += count
  }
  return bytes.subarray(0, length)
}

/** What is wrong with what stands at a place where a file of the app's own belongs; undefined for nothing, or nothing there. */
export function lookAtOwn(path: string, most: number): string | undefined {
  const opened = openOwn(path, most)
  if (!opened) return undefined
  if ('wrong' in opened) return opened.wrong
  closeSync(opened.handle)
  return undefined
}

/**
 * Puts what is none of the app's, or damaged, out of the way, whatever it is: a link itself, and not what it leads to. It
 * replaces nothing, and never fails.
 * @returns a sentence for people that says where it is now
 */
export function setAside(path: string): string {
  try {
    const aside = freeBeside(path, 'damaged')
    if (aside !== undefined) {
      renameSync(path, aside)
      return `What was there is kept as ${aside}.`
    }
  } catch (error) {
    passOwnFault(error)
  }
  return `It could not be moved out of the way: remove ${path} by hand.`
}

/** A free name beside a file: its own with a word behind it, and a number where that is taken; undefined where all are. */
export function freeBeside(path: string, word: string): string | undefined {
  for (let count = 1; count <= MOST_ASIDE; count++) {
    const beside = count === 1 ? `${path}.${word}` : `${path}.${word}-${count}`
    if (!lstatSync(beside, { throwIfNoEntry: false })) return beside
  }
  return undefined
}

/** True where this system knows owners, and something belongs to another account than this process's. */
export function isOthers({ uid }: Pick<Stats, 'uid'>): boolean {
  return process.geteuid !== undefined && uid !== process.geteuid()
}

/** What something is that is no file. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link'
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  if (stats.isSocket()) return 'a socket'
  return stats.isFile() ? 'a file' : 'a device'
}

function judge(stats: Stats, most: number): string | undefined {
  if (!stats.isFile()) return `It is ${kindOf(stats)}.`
  if (isOthers(stats)) return 'It belongs to another account.'
  if (process.platform !== 'win32' && (stats.mode & WRITABLE_BY_OTHERS) !== 0)
    return 'Other accounts may write to it.'
  if (stats.size > most) return `It has ${stats.size} bytes, and may have ${most}.`
  return undefined
}
