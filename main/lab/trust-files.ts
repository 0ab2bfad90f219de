/** The authority's certificate and its revocation list as files, for programs of other people: written anew whenever there are others. */
import { encodePem } from '#shared/crypto/encodings/pem'
import type { Log } from '../log/log'
import { replaceFile } from '../files/json-file'
import type { OwnPlaces } from '../files/own-places'
import type { Hub } from './events'

export class TrustFiles {
  readonly #written = new Set<string>()
  /** What is to be written next, by its place: of two that wait for one place the later one is. */
  readonly #waiting = new Map<string, string>()
  #writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly places: Pick<OwnPlaces, 'trustAnchor' | 'revocationList'>,
    private readonly hub: Hub,
    private readonly log: Pick<Log, 'failed'>,
  ) {
    hub.on('trusted', ({ pem }) => this.#write(places.trustAnchor, pem))
    hub.on('listed', (der) => this.#write(places.revocationList, encodePem('X509 CRL', der)))
  }

  /** Where the certificate was written; undefined while what is there is not it. */
  get trustAnchor(): string | undefined {
    return this.#pathOf('trustAnchor')
  }

  /** Where the list was written; undefined while what is there is not it. */
  get revocationList(): string | undefined {
    return this.#pathOf('revocationList')
  }

  #pathOf(place: 'trustAnchor' | 'revocationList'): string | undefined {
    const path = this.places[place]
    return this.#written.has(path) ? path : undefined
  }

  #write(path: string, text: string): void {
    const isAwaited = this.#waiting.has(path)
    this.#waiting.set(path, text)
    if (!isAwaited) this.#writing = this.#writing.then(() => this.#writeNext(path))
  }

  async #writeNext(path: string): Promise<void> {
    const text = this.#waiting.get(path) ?? ''
    this.#waiting.delete(path)
    try {
      await replaceFile(path, text)
      this.#written.add(path)
    } catch (error) {
      this.#written.delete(path)
      const what = path === this.places.trustAnchor ? 'trust anchor' : 'revocation list'
      this.log.failed(`The ${what} could not be written.`, error)
    }
    this.hub.tell('changed')
  }
}
