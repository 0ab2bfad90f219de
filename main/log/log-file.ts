/**
 * A text file that stays small: what is full is renamed, and the oldest goes. Whatever is wrong with the disk, the app goes on.
 * Written at once and not in turn, so that the last words of a process that ends are there.
 */
import { closeSync, constants, lstatSync, mkdirSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { LabError } from '#shared/errors'
import { openOwn, readAll } from '../files/own-file'
import { LOG_BOUNDS, logPath } from '../files/own-places'

export interface LogBounds {
  /** Bytes of one file. */
  readonly bytes: number
  /** Files in all, the present one counted. */
  readonly files: number
}

const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT

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
      return this.#write(bytes)
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
    const opened = openOwn(this.path, this.bounds.bytes)
    if (!opened) return ''
    if ('wrong' in opened)
      throw new LabError('file_not_read', `The log ${this.path} can’t be read. ${opened.wrong}`)
    const { handle, size } = opened
    try {
      const length = Math.min(size, most)
      const start = size - length
      const text = new TextDecoder().decode(readAll(handle, length, start))
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
    } finally {
      closeSync(handle)
    }
  }

  /** The path of a file by its age: 0 is the present one. */
  pathOf(age: number): string {
    return logPath(this.path, age)
  }

  #open(): number {
    const folder = dirname(this.path)
    // Only the last folder is made. Node's way to make all of them never ends where a file system says that there is none.
    if (!lstatSync(folder, { throwIfNoEntry: false })) mkdirSync(folder, { mode: 0o700 })
    return lstatSync(this.path, { throwIfNoEntry: false })?.size ?? 0
  }

  /** False where something else stands in its place. */
  #write(bytes: Uint8Array): boolean {
    const opened = openOwn(this.path, this.bounds.bytes, APPENDING)
    if (!opened || 'wrong' in opened) {
      this.#size = undefined
      return false
    }
    try {
      this.#size = opened.size + writeSync(opened.handle, bytes)
      return true
    } finally {
      closeSync(opened.handle)
    }
  }

  /** Each file takes the place of the next older one; a rename is whole or not at all. */
  #rotate(): void {
    for (let age = this.bounds.files - 1; age > 0; age--) {
      const younger = this.pathOf(age - 1)
      if (lstatSync(younger, { throwIfNoEntry: false })) renameSync(younger, this.pathOf(age))
    }
    this.#size = 0
  }
}
