/** What the parts of opening a file share: where something was found, the passphrase, notes, what is spent. */
import { LabError } from '../../errors'
import { nextTurn } from '../../turn'
import type { Artifact } from '../artifact'

/** A passphrase; `null` leaves locked parts locked; undefined when the person has not been asked yet. */
export type Passphrase = string | null | undefined

/** Locked parts that one file may have: each takes a second or more to open. */
const MAX_LOCKED = 16
/** Parts that are read before other events get their turn. */
const PARTS_PER_TURN = 16

/** Distributes Omit over the kinds of artifacts. */
type WithoutId<Kind> = Kind extends Artifact ? Omit<Kind, 'id' | 'source'> : never
/** An artifact without what every artifact gets from where it was found. */
export type NewArtifact = WithoutId<Artifact>

/** Where in a file something stands. */
export interface Origin {
  /** For the artifact, for instance `PEM, CERTIFICATE, line 12`. */
  readonly source: string
  /** For messages, for instance `The PEM block CERTIFICATE in line 12`. */
  readonly subject: string
}

let opened = 0

/** The state of opening one file. */
export class Opening {
  readonly #notes = new Set<string>()
  readonly #file = ++opened
  #artifacts = 0
  #locked = 0
  #parts = 0

  constructor(
    readonly name: string,
    readonly passphrase: Passphrase,
  ) {}

  /** Completes an artifact. */
  make(artifact: NewArtifact, origin: Origin): Artifact {
    this.#artifacts++
    const id = `file-${this.#file}-${this.#artifacts}`
    return { ...artifact, id, source: `${this.name}: ${origin.source}` }
  }

  get notes(): readonly string[] {
    return [...this.#notes]
  }

  /** Notes something once. */
  note(text: string): void {
    this.#notes.add(text)
  }

  /**
   * The passphrase for something locked; undefined when it shall stay locked.
   * @throws LabError `passphrase_needed` when none was given yet, `too_many_locked`
   */
  passphraseFor(what: string): string | undefined {
    if (this.passphrase === null) {
      this.note(`${what} is locked and stays so: only its outer structure is shown.`)
      return undefined
    }
    if (this.passphrase === undefined) {
      throw new LabError('passphrase_needed', `${what} is locked with a passphrase: type it to open it.`)
    }
    this.#locked++
    if (this.#locked > MAX_LOCKED) {
      throw new LabError('too_many_locked', `The file has more than ${MAX_LOCKED} locked parts: split it.`)
    }
    return this.passphrase
  }

  /** Lets other events have their turn, now and then. */
  async breathe(): Promise<void> {
    if (++this.#parts % PARTS_PER_TURN === 0) await nextTurn()
  }
}

/** The same error with the place in front of its message. */
export function located(error: LabError, subject: string): LabError {
  const message = `${subject}: ${error.message}`
  return new LabError(error.code, message, { ...error.details, cause: error })
}
