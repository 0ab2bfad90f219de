/** The authority's certificate as a file, for programs of other people: written anew whenever there is a new authority. */
import type { Log } from '../log/log'
import { replaceFile } from '../files/json-file'
import type { Hub } from './events'

export class TrustAnchorFile {
  #written: string | undefined

  constructor(path: string, hub: Hub, log: Pick<Log, 'failed'>) {
    const report = (error: unknown): void => log.failed('The trust anchor could not be written.', error)
    hub.on('trusted', ({ pem }) => {
      replaceFile(path, pem).then(() => {
        this.#written = path
        hub.tell('changed')
      }, report)
    })
  }

  /** Where it was written; undefined until it was. */
  get path(): string | undefined {
    return this.#written
  }
}
