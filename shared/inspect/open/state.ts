/** What the parts of opening a file share: where something was found, who gives passphrases, notes, what is spent. */
import { endsOpening, TooMuchWork, Work } from '../../crypto/containers/unlocking'
import { isForeseen, LabError } from '../../errors'
import { nextTurn } from '../../turn'
import type { Artifact } from '../artifact'

/** Asks for the passphrase of one locked part. */
export interface PassphraseQuestion {
  /** What is locked, and where: “The private key in line 12”. */
  readonly what: string
  /** What was wrong with the last answer; undefined for the first time. */
  readonly problem: string | undefined
}

/** How far opening something locked is. */
export interface OpeningProgress {
  readonly what: string
  /** From 0 to 1; undefined where it can't be known. */
  readonly fraction: number | undefined
}

/** Who is asked, and told, while a file is opened. */
export interface OpeningTalk {
  /**
   * A passphrase; null leaves the part locked.
   * @throws LabError `cancelled` when the whole file shall stay closed
   */
  readonly ask: (question: PassphraseQuestion) => Promise<string | null>
  readonly tell?: (progress: OpeningProgress) => void
  /** Ends work that is under way. */
  readonly signal?: AbortSignal
}

/**
 * A passphrase for everything that is locked; `null` leaves it locked; undefined when there is none yet; or somebody who is
 * asked for each part.
 */
export type Passphrase = string | null | undefined | OpeningTalk

/** Iterations that are spent on an empty passphrase before anybody is asked: some tenths of a second. */
const UNASKED_ITERATIONS = 200_000
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
  readonly #talk: OpeningTalk
  /** Passphrases that have opened something, the last one first. */
  #known: readonly string[] = []
  #work = new Work()
  #artifacts = 0
  #parts = 0
  /** Of a fixed passphrase: that it did not open a part. */
  #refused: LabError | undefined

  constructor(
    readonly name: string,
    passphrase: Passphrase,
  ) {
    this.#talk = typeof passphrase === 'object' && passphrase ? passphrase : this.#fixed(passphrase)
  }

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
   * Notes why a part is passed over.
   * @returns the error with the place in front
   * @throws the error itself where it is not the part's alone
   */
  passOver(error: unknown, subject: string): LabError {
    if (!isForeseen(error) || endsOpening(error)) throw error
    const placed = located(error, subject)
    this.note(placed.message)
    return placed
  }

  /**
   * Opens something locked: with what has opened other parts of the file, then with what the person types.
   * @param what for messages: “The private key in line 12”
   * @param open throws LabError `wrong_passphrase` when another one may open it
   * @param tryEmpty true where no passphrase at all is usual: then nobody is asked for it
   * @returns undefined when it stays locked
   * @throws LabError `passphrase_needed` when there is nobody to ask; what `open` and who is asked throw
   */
  async unlock<T>(
    what: string,
    open: (passphrase: string, work: Work) => Promise<T>,
    tryEmpty = false,
  ): Promise<T | undefined> {
    const refusals = new Map<string, LabError>()
    const attempt = async (passphrase: string, work: Work): Promise<{ readonly value: T } | undefined> => {
      try {
        return { value: await open(passphrase, work) }
      } catch (error) {
        if (!(error instanceof LabError) || error.code !== 'wrong_passphrase') throw error
        refusals.set(passphrase, error)
        return undefined
      }
    }
    const tell = this.#teller(what)
    for (const passphrase of this.#known) {
      const done = await unlessTooMuch(attempt(passphrase, this.#work))
      if (done) return done.value
    }
    if (tryEmpty && !refusals.has('')) {
      const done = await unlessTooMuch(attempt('', new Work(tell, UNASKED_ITERATIONS)))
      if (done) return done.value
    }
    for (let problem: string | undefined; ;) {
      const answer = await this.#talk.ask({ what, problem })
      if (answer === null) {
        const how = problem === undefined ? 'is locked' : 'is under another passphrase'
        this.note(`${what} ${how} and stays so: only its outer structure is shown.`)
        return undefined
      }
      const refused = refusals.get(answer)
      const work = new Work(tell)
      const done = refused ? undefined : await attempt(answer, work)
      if (done) {
        this.#known = [answer, ...this.#known]
        this.#work = work
        return done.value
      }
      problem = refusals.get(answer)?.message
    }
  }

  /** @throws LabError `wrong_passphrase` when a fixed passphrase has opened nothing at all */
  requireOpened(): void {
    if (this.#refused && this.#known.length === 0) throw this.#refused
  }

  /** Lets other events have their turn, now and then. */
  async breathe(): Promise<void> {
    if (++this.#parts % PARTS_PER_TURN === 0) await nextTurn()
  }

  #teller(what: string): Work['tell'] {
    return (fraction) => {
      const { tell, signal } = this.#talk
      if (signal?.aborted) throw new LabError('cancelled', 'Opening the file was given up.')
      tell?.({ what, fraction })
    }
  }

  /** Stands in for a person who answers the same to everything. */
  #fixed(passphrase: string | null | undefined): OpeningTalk {
    return {
      ask: async ({ what, problem }) => {
        if (passphrase === undefined) {
          throw new LabError('passphrase_needed', `${what} is locked with a passphrase: type it to open it.`)
        }
        if (passphrase === null || problem === undefined) return passphrase
        this.#refused ??= new LabError('wrong_passphrase', problem)
        return null
      },
    }
  }
}

/** Undefined where the work is more than is done without being asked for. */
async function unlessTooMuch<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    const cause = error instanceof LabError ? error.cause : error
    if (cause instanceof TooMuchWork && !cause.always) return undefined
    throw error
  }
}

/** The same error with the place in front of its message. */
export function located(error: LabError, subject: string): LabError {
  if (error.message.startsWith(subject)) return error
  const message = `${subject}: ${error.message}`
  return new LabError(error.code, message, { ...error.details, cause: error })
}
