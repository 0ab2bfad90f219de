/** What the adversary did: in sentences for its window, and as data for run files. */
import type { Deed } from '#shared/adversary/live'
import type { Environment } from '#shared/hl1/environment'
import type { KeptDeed } from '#shared/run/kept-adversary'
import type { SeenFrame } from './seen-frame'

/** A deed without its time. */
type OmitAt<D> = D extends unknown ? Omit<D, 'at'> : never

/** Of either kind the newest. */
const DEEDS_KEPT = 500

export class Deeds {
  #told: readonly Deed[] = []
  #count = 0
  #kept: readonly KeptDeed[] = []

  constructor(
    private readonly options: { readonly environment: Environment; readonly onChange: () => void },
  ) {}

  /** Sentences, oldest first. */
  get told(): readonly Deed[] {
    return this.#told
  }

  /** What a run file has of them; what was done to a frame the frame itself tells. `line`: by number. */
  get kept(): readonly KeptDeed[] {
    return this.#kept
  }

  /** Says a deed in a sentence, and of which frame it is. */
  tell(text: string, frame?: SeenFrame, isInScript = false): void {
    const at = this.options.environment.now()
    const deed = { id: ++this.#count, at, text, frame: frame?.id, isInScript }
    this.#told = [...this.#told, deed].slice(-DEEDS_KEPT)
    this.options.onChange()
  }

  /** Keeps a deed for run files. */
  keep(what: OmitAt<KeptDeed>): void {
    const deed: KeptDeed = { ...what, at: this.options.environment.now() }
    this.#kept = [...this.#kept, deed].slice(-DEEDS_KEPT)
  }

  /** Forgets both kinds; numbers count on. */
  forget(): void {
    this.#told = []
    this.#kept = []
  }
}
