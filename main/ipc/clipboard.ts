/** Text for the clipboard. A secret leaves it again after a minute, unless something else is there by then. */
import { createHash } from 'node:crypto'

/** A secret stays so long, in milliseconds. The windows say so beside their *Copy*. */
export const SECRET_STAYS = 60_000

/** The system's clipboard, as far as it is used here. Newer versions of Electron answer later, older ones at once. */
export interface Board {
  readonly readText: () => string | Promise<string>
  readonly writeText: (text: string) => unknown
  readonly clear: () => unknown
}

export class SecretClipboard {
  /** Digest of the secret that was copied last: the secret itself is not kept. */
  #secret: string | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly board: Board) {}

  async copy(text: string, isSecret: boolean): Promise<void> {
    this.#forget()
    if (isSecret && text !== '') {
      this.#secret = digestOf(text)
      this.#timer = setTimeout(() => void this.clear(), SECRET_STAYS)
    }
    await this.board.writeText(text)
  }

  /** Takes the secret off the clipboard at once, if it is still there. For the end of the app, too. */
  async clear(): Promise<void> {
    const secret = this.#secret
    this.#forget()
    if (secret === undefined || digestOf(await this.board.readText()) !== secret) return
    await this.board.clear()
  }

  #forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#secret = undefined
  }
}

/** Line ends count as one: Windows makes two characters of each. */
function digestOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}
