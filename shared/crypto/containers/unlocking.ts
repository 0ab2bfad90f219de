/** What opening something under a passphrase shares: the work that it may ask for, who gives passphrases, and refusals. */
import { toUtf8, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { oidName } from '../encodings/oids'
import type { Tell } from '../primitives/hashes'
import { passphraseBytes } from './pkcs12-kdf'

/** Iterations that may be asked for with one passphrase: more would take minutes. */
const MAX_ITERATIONS = 10_000_000

/** More is asked for than is done. */
export class TooMuchWork extends SyntaxError {
  /** @param always true when it is more than is ever done, whatever came before */
  constructor(
    message: string,
    readonly always: boolean,
  ) {
    super(message)
  }
}

/** Counts what is asked for with one passphrase, over all parts that it is tried at, and tells how far it is. */
export class Work {
  #spent = 0

  /**
   * @param tell may throw, to end the work
   * @param limit iterations that may be asked for in all
   */
  constructor(
    readonly tell: Tell = () => undefined,
    private readonly limit = MAX_ITERATIONS,
  ) {}

  /**
   * @param iterations as the file has them
   * @param times how often so many are done, for instance for several blocks of a key
   * @throws TooMuchWork when it is more than is left, or no number of iterations
   */
  spend(iterations: number, times = 1): void {
    const before = this.#spent
    const total = iterations * times
    this.#spent += total
    if (iterations >= 1 && this.#spent <= this.limit) return
    const always = iterations < 1 || total > MAX_ITERATIONS
    const repeated = times > 1 && iterations > 0 ? `, ${times} times over` : ''
    const earlier = before > 0 && !always ? `, after ${numberText(before)} for what came before` : ''
    throw new TooMuchWork(
      `It asks for ${numberText(iterations)} iterations${repeated}${earlier}; from 1 up to ${numberText(MAX_ITERATIONS)} in all are done here.`,
      always,
    )
  }
}

function numberText(number: number): string {
  return number.toLocaleString('en-GB')
}

/** A try at one thing with one passphrase. */
export interface Unlocking {
  readonly passphrase: string
  /** The same as PKCS#12 takes it. */
  readonly utf16: Bytes
  readonly work: Work
  /** What is opened, for messages: “The private key”. */
  readonly what: string
}

/**
 * Opens one locked thing: tries passphrases until `open` doesn't throw `wrong_passphrase`.
 * @param what it is, and where, for who is asked: “The private key in line 12”
 * @returns undefined when it stays locked
 */
export type Unlock = <T>(
  what: string,
  open: (passphrase: string, work: Work) => Promise<T>,
) => Promise<T | undefined>

export function unlockingFor(passphrase: string, what: string, work = new Work()): Unlocking {
  return { passphrase, utf16: passphraseBytes(passphrase), work, what }
}

/** True for what ends the opening of a file, and not of one part alone: nobody answers, or has another passphrase, or somebody gave up. */
export function endsOpening({ code }: LabError): boolean {
  return code === 'passphrase_needed' || code === 'wrong_passphrase' || code === 'cancelled'
}

/** The bytes that most schemes take. */
export function utf8Of({ passphrase }: Unlocking): Bytes {
  return toUtf8(passphrase)
}

export function wrongPassphrase(what: string): LabError {
  const message = `${what} can’t be opened with this passphrase: it is not the one that it was locked with.`
  return new LabError('wrong_passphrase', message)
}

/** For a method by its OID or its name. */
export function unsupported(what: string, method: string): LabError {
  const name = method.replace(/\d+(?:\.\d+)+$/, (oid) => (oidName(oid) ? `${oidName(oid)} (${oid})` : oid))
  return new LabError(
    'unsupported_encryption',
    `${what} is locked with ${name}, which can’t be opened here. OpenSSL may open it; lock it anew with AES: openssl pkcs8 -topk8 -v2 aes-256-cbc for a key, openssl pkcs12 -legacy and then -export for a PKCS#12 file.`,
  )
}
