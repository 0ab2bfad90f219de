// The terminal run: the built program takes over this process, so its output, signals and exit code are its own.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './paths.mjs'

/**
 * @param {readonly string[]} args
 * @returns {Promise<void>} settles when the program has been loaded, not when it has ended
 */
export async function runTerminal(args) {
  const program = join(ROOT, 'out/main/handshake.js')
  process.argv = [process.execPath, program, ...args]
  await import(pathToFileURL(program).href)
}
