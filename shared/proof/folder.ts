/** The files of a proof as they are put together. */
import { equalBytes, toUtf8, type Bytes } from '../bytes'
import { numberedName } from '../export/names'

/** A file of a proof; `name` has a folder before it, and letters, digits, dots, dashes and underscores alone. */
export interface ProofFile {
  readonly name: string
  readonly bytes: Bytes
  /** True where whoever has it can read, or do, what only an end of the run could. */
  readonly secret: boolean
}

export class Folder {
  readonly #files = new Map<string, ProofFile>()

  /** In the order in which they were added. */
  get files(): readonly ProofFile[] {
    return [...this.#files.values()]
  }

  /** Adds a file. One that is there already, with other bytes, keeps the name; this one gets a number. */
  add(name: string, content: Bytes | string, secret = false): string {
    const bytes = typeof content === 'string' ? toUtf8(content) : content
    for (let number = 1; ; number++) {
      const tried = number === 1 ? name : numberedName(name, number)
      const there = this.#files.get(tried)
      if (there && !equalBytes(there.bytes, bytes)) continue
      if (!there) this.#files.set(tried, { name: tried, bytes, secret })
      return tried
    }
  }
}
