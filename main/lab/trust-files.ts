/** The authority's certificate and its revocation list as files, for programs of other people: written anew whenever there are others. */
import { encodePem } from '#shared/crypto/encodings/pem'
import type { Log } from '../log/log'
import { replaceFile } from '../files/json-file'
import type { OwnPlaces } from '../files/own-places'
import type { Hub } from './events'

export class TrustFiles {
  readonly #written = new Set<string>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly places: Pick<OwnPlaces, 'trustAnchor' | 'revocationList'>,
    private readonly hub: Hub,
    log: Pick<Log, 'failed'>,
  ) {
    hub.on('trusted', ({ pem }) =>
      this.#write(places.trustAnchor, pem).catch((error: unknown) =>
        log.failed('The trust anchor could not be written.', error),
      ),
    )
    hub.on('listed', (der) =>
      this.#write(places.revocationList, encodePem('X509 CRL', der)).catch((error: unknown) =>
        log.failed('The revocation list could not be written.', error),
      ),
    )
  }

  /** Where the certificate was written; undefined until it was. */
  get trustAnchor(): string | undefined {
    return this.#pathOf('trustAnchor')
  }

  /** Where the list was written; undefined until it was. */
  get revocationList(): string | undefined {
    return this.#pathOf('revocationList')
  }

  #pathOf(place: 'trustAnchor' | 'revocationList'): string | undefined {
    const path = this.places[place]
    return this.#written.has(path) ? path : undefined
  }

  /** One after another: of two that are written to one place, the later one stays. */
  #write(path: string, text: string): Promise<void> {
    const written = this.#writing.then(() => replaceFile(path, text))
    this.#writing = written.catch(() => undefined)
    return written.then(() => {
      this.#written.add(path)
      this.hub.tell('changed')
    })
  }
}
