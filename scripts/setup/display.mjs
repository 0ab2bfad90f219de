// Displays: whether there is one, and one without a screen for tests.
import { spawn } from 'node:child_process'
import { SetUpError } from './run.mjs'

/** @returns {boolean} whether windows can be opened here */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/**
 * Does something with a display of its own that nobody sees, on a number that is free.
 * @template T
 * @param {(environment: Record<string, string>) => Promise<T>} action gets what programs need in their environment
 * @returns {Promise<T>}
 */
export async function withHiddenDisplay(action) {
  if (process.platform !== 'linux') return action({})
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const stop = () => void server.kill()
  process.on('exit', stop)
  try {
    // An empty WAYLAND_DISPLAY keeps the windows off the person's own screen.
    return await action({ DISPLAY: `:${await displayNumber(server)}`, WAYLAND_DISPLAY: '' })
  } finally {
    process.off('exit', stop)
    stop()
  }
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>} what Xvfb says on its file descriptor 3 when it is ready
 */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let text = ''
    server.stdio[3]?.on('data', (chunk) => {
      text += chunk
      if (text.endsWith('\n')) resolve(text.trim())
    })
    server.on('error', reject)
    server.on('exit', (code) => reject(new SetUpError(`Xvfb could not start a display (exit code ${code}).`)))
  })
}
