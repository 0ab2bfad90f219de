// Where things are: the project's own folder and the user's cache.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The project's root folder. */
export const ROOT = resolve(import.meta.dirname, '../..')

/**
 * The project's folder in the user's cache. Deleting it is safe at any time.
 * @returns {string}
 */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'handshake-lab')
}
