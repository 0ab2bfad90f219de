// Running other programs, telling the person what goes on, and ending with the right exit code.
// Everything said goes to stderr: stdout belongs to the program that a script was asked to run.
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import { constants as osConstants } from 'node:os'
import { basename, delimiter, join } from 'node:path'

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Something a person can mend; its message says how. Shown without a stack. */
export class SetUpError extends Error {}

/**
 * Tells the person something, on stderr.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** @returns {boolean} whether this process is root on a system that has one */
export function isRoot() {
  return process.getuid?.() === 0
}

/**
 * Runs a program to its end with its output on stderr.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {boolean} whether it succeeded
 */
export function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options }).status === 0
}

/**
 * Runs a program quietly and gives what it wrote.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {{ ok: boolean, output: string }} stdout; `ok` is false too when the program isn't there
 */
export function ask(command, args) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  return { ok: result.status === 0, output: result.stdout ?? '' }
}

/**
 * Runs npm, the one that started this script where there is one.
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {boolean} whether it succeeded
 */
export function runNpm(args, cwd) {
  const npm = process.env.npm_execpath
  if (npm && basename(npm) === 'npm-cli.js') return run(process.execPath, [npm, ...args], { cwd })
  return run('npm', args, { cwd, shell: process.platform === 'win32' })
}

/**
 * @param {string} name a program's name
 * @returns {boolean} whether it is on the search path
 */
export function hasProgram(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Runs a program in this one's place: same input and output, signals passed on.
 * A Ctrl+C in a terminal reaches the child by itself, so it is only passed on where there is no terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code, 128 + n when signal n ended it
 */
export function runInstead(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of PASSED_ON) process.on(signal, passOn)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const passedOn of PASSED_ON) process.off(passedOn, passOn)
      resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0))
    })
  })
}

/**
 * @param {string} file a script's own path
 * @returns {boolean} whether it is the one that was started, not one that another imports
 */
export function isStarted(file) {
  return realpathSync(process.argv[1] ?? '.') === file
}

/**
 * Runs a script's body and ends with the exit code it gives; an expected failure is shown as a message.
 * @param {() => Promise<number | void>} body gives an exit code, or nothing when the process goes on by itself
 */
export async function runScript(body) {
  if (process.env.npm_lifecycle_event) endWithParent()
  try {
    const code = await body()
    if (code !== undefined) process.exit(code)
  } catch (error) {
    say(error instanceof SetUpError ? error.message : String(error instanceof Error ? error.stack : error))
    process.exit(1)
  }
}

/**
 * npm runs scripts in a shell, which doesn't pass on the signal that ends npm: without this the program would go on,
 * with its ports in use, after its `npm run` has been ended.
 */
function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}
