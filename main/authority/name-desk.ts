/**
 * Where an authority decides who may have which name: by its policy, and where that says so by asking the person at it. Whoever asks
 * waits meanwhile; a question has an end, and there are few at once, so that nobody is bothered without bound.
 */
import { toHex } from '#shared/bytes'
import { sha256 } from '#shared/crypto/primitives/hash'
import { LabError } from '#shared/errors'
import { ProtocolError } from '#shared/hl1/alerts'
import type { Environment } from '#shared/hl1/environment'
import { NameBook, type GivenName, type Holding } from '#shared/hl1/name-book'
import { ANYONE_MAY, type NamePolicy, type NameRequest, type Names } from '#shared/hl1/names'
import type { NameQuestion } from '#shared/lab'
import type { Finding } from '#shared/record/checks'
import type { Endpoint } from '#shared/record/connection'
import { isoTime } from '#shared/time'

/** Questions that wait at once, besides that of this program's own server. */
export const QUESTIONS_AT_ONCE = 3

export interface NameDeskOptions {
  readonly environment: Pick<Environment, 'now' | 'after'>
  readonly policy: () => NamePolicy
  /** How long a question waits for its answer, seconds. */
  readonly answerSeconds: () => number
  /** What the desk shows has changed. */
  readonly onChange: () => void
}

/** Who asks, on one connection. */
export interface Asker {
  readonly from: Endpoint
  /** This program's own server: it always gets to ask. */
  readonly isOwn: boolean
  /** The authority gives the connection up. */
  readonly signal: AbortSignal
  /** Has something done once who asks leaves, or goes on speaking; the result calls it off. */
  readonly onStir: (action: () => void) => () => void
}

/** The policy for one connection's request; `leave` gives up a name that is held for it, and was not given. */
export interface Counter extends Names {
  readonly leave: () => void
}

interface Pending {
  readonly question: NameQuestion
  readonly settle: (finding: Finding) => void
}

/** Questions that were asked: no two have one number, also at another authority. */
let asked = 0

export class NameDesk {
  readonly #book = new NameBook()
  readonly #pending = new Map<number, Pending>()

  constructor(private readonly options: NameDeskOptions) {}

  /** Names that were given, the last one first. */
  get given(): readonly GivenName[] {
    return this.#book.list()
  }

  /** What the person is asked now, the oldest first. */
  get questions(): readonly NameQuestion[] {
    return [...this.#pending.values()].map(({ question }) => question)
  }

  /**
   * The person's answer.
   * @throws LabError `unknown_question` when it is no longer asked
   */
  answer(id: number, isAllowed: boolean): void {
    const pending = this.#pending.get(id)
    if (!pending)
      throw new LabError(
        'unknown_question',
        'This is no longer asked: its time was over, or who asked has left.',
      )
    const reason = `The person at the authority ${isAllowed ? 'allowed' : 'refused'} it.`
    pending.settle({ ok: isAllowed, reason })
  }

  /**
   * Opens a name that somebody has to another one, or closes it again.
   * @throws LabError `unknown_name` when nobody has it
   */
  open(name: string, isOpen: boolean): void {
    if (!this.#book.open(name, isOpen))
      throw new LabError('unknown_name', `Nobody has the name ${name}: whoever asks first gets it.`)
    this.options.onChange()
  }

  /** Refuses whatever is still asked. */
  close(reason: string): void {
    for (const { settle } of [...this.#pending.values()]) settle({ ok: false, reason })
  }

  /** The policy, as the request of one connection meets it. */
  counter(asker: Asker): Counter {
    let held: Holding | undefined
    const leave = (): void => {
      if (typeof held === 'object') held.release()
      held = undefined
    }
    return {
      look: (name) => {
        const policy = this.options.policy()
        if (policy === 'ask') return undefined
        return policy === 'anyone'
          ? { ok: true, reason: ANYONE_MAY }
          : this.#find(name, this.#book.look(name))
      },
      take: async (request) => {
        const policy = this.options.policy()
        if (policy === 'anyone') return { ok: true, reason: ANYONE_MAY }
        if (policy === 'ask') return this.#ask(request, asker)
        const holding = this.#book.hold(request.name)
        if (typeof holding === 'object') held = holding
        return this.#find(request.name, typeof holding === 'object' ? 'free' : holding)
      },
      give: (name, certificate) => {
        const fingerprint = toHex(sha256(certificate.der), ':')
        this.#book.give(name, { at: this.options.environment.now(), from: asker.from, fingerprint })
        this.options.onChange()
      },
      leave,
    }
  }

  /** What the policy `first` says to the state of a name. */
  #find(name: string, state: ReturnType<NameBook['look']>): Finding {
    const given = this.#book.find(name)
    switch (state) {
      case 'free': {
        const reason = given
          ? `${name} was given before, and the person at the authority allows another to have it.`
          : `Nobody has ${name} yet: the first to register a name keeps it.`
        return { ok: true, reason }
      }
      case 'taken': {
        const reason = `${name} was given to the first who asked. Another may have it once the person at the authority allows that.`
        return { ok: false, reason, ...(given ? { found: describe(given) } : {}) }
      }
      case 'held':
        return { ok: false, reason: `${name} is being given to somebody who asked before.` }
      case 'full': {
        const message = 'The authority remembers as many names as it can, and gives no new one away.'
        throw new ProtocolError({ code: 'busy', step: 1, message })
      }
    }
  }

  async #ask({ name, publicKey }: NameRequest, asker: Asker): Promise<Finding> {
    const others = this.questions.filter(({ isOwn }) => !isOwn)
    if (!asker.isOwn && others.length >= QUESTIONS_AT_ONCE) {
      const message =
        'The person at the authority is asked as many questions as wait at once. Try again in a moment.'
      throw new ProtocolError({ code: 'busy', step: 1, message })
    }
    const { environment, answerSeconds } = this.options
    const seconds = answerSeconds()
    const askedAt = environment.now()
    const question: NameQuestion = {
      id: ++asked,
      name,
      from: asker.from,
      isOwn: asker.isOwn,
      key: publicKey && toHex(sha256(publicKey.spki), ':'),
      before: this.#book.find(name),
      askedAt,
      endsAt: askedAt + seconds * 1000,
    }
    return new Promise((resolve) => {
      const refuse = (reason: string) => (): void => settle({ ok: false, reason })
      const stop = refuse('The authority was stopped before the person at it had answered.')
      const settle = (finding: Finding): void => {
        callOff()
        unhear()
        asker.signal.removeEventListener('abort', stop)
        this.#pending.delete(question.id)
        resolve(finding)
        this.options.onChange()
      }
      const callOff = environment.after(
        seconds * 1000,
        refuse(`The person at the authority has not answered within ${seconds} s.`),
      )
      const unhear = asker.onStir(
        refuse('Who asked left, or went on speaking, before the person had answered.'),
      )
      asker.signal.addEventListener('abort', stop)
      this.#pending.set(question.id, { question, settle })
      if (asker.signal.aborted) stop()
      this.options.onChange()
    })
  }
}

function describe({ at, fingerprint }: GivenName): string {
  return `given at ${isoTime(at)}, certificate ${fingerprint}`
}
