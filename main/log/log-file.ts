/**
 * A text file that stays small: what is full is renamed, and the oldest goes. Whatever is wrong with the disk, the app goes on.
 * Written at once and not in turn, so that the last words of a process that ends are there.
 */
import { appendFileSync, closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { LabError, messageOf, passOwnFault } from '#shared/errors'
import { GONE, systemCode } from '../files/system-codes'

export interface LogBounds {
  /** Bytes of one file. */
  readonly bytes: number
  /** Files in all, the present one counted. */
  readonly files: number
}

const LOG_BOUNDS: LogBounds = { bytes: 1024 * 1024, files: 3 }

export class LogFile {
  /** Bytes in the present file; undefined until it was looked at. */
  #size: number | undefined

  constructor(
    readonly path: string,
    private readonly bounds: LogBounds = LOG_BOUNDS,
  ) {}

  /** Adds text, at most the bounds' bytes of it. False where it could not be written. */
  append(text: string): boolean {
    const bytes = Buffer.from(text).subarray(0, this.bounds.bytes)
    try {
      this.#size ??= this.#open()
      if (this.#size + bytes.length > this.bounds.bytes) this.#rotate()
      appendFileSync(this.path, bytes, { mode: 0o600 })
      this.#size += bytes.length
      return true
    } catch {
      // No room, no right to write, or somebody took the folder away: a log is nothing to fail for. Next time anew.
      this.#size = undefined
      return false
    }
  }

  /**
   * The end of the present file, at most so many bytes, from the beginning of a line; empty where there is none.
   * @throws LabError `file_not_read` where it is there and can't be read
   */
  read(most: number): string {
    let handle: number | undefined
    try {
      handle = openSync(this.path, 'r')
      const { size } = statSync(this.path)
      const bytes = Buffer.alloc(Math.min(size, most))
      const start = size - bytes.length
      const text = bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, start)).toString('utf8')
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
    } catch (error) {
      if (GONE.has(systemCode(error) ?? '')) return ''
      passOwnFault(error)
      const message = `The log ${this.path} can’t be read: ${messageOf(error)}.`
      throw new LabError('file_not_read', message, { cause: error })
    } finally {
      if (handle !== undefined) closeSync(handle)
    }
  }

  /** The path of a file by its age: 0 is the present one. */
  pathOf(age: number): string {
    if (age === 0) return this.path
    const extension = extname(this.path)
    return join(dirname(this.path), `${basename(this.path, extension)}.${age}${extension}`)
  }

  #open(): number {
    const folder = dirname(this.path)
    // Only the last folder is made. Node's way to make all of them never ends where a file system says that there is none.
    if (!statSync(folder, { throwIfNoEntry: false })) mkdirSync(folder, { mode: 0o700 })
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Each file takes the place of the next older one; a rename is whole or not at all. */
  #rotate(): void {
    for (let age = this.bounds.files - 1; age > 0; age--) {
      const younger = this.pathOf(age - 1)
      if (statSync(younger, { throwIfNoEntry: false })) renameSync(younger, this.pathOf(age))
    }
    this.#size = 0
  }
}
