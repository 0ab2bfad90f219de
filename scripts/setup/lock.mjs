// One set-up at a time per user: two at once would install into the same folders.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder } from './paths.mjs'
import { say } from './run.mjs'

const FORGOTTEN_AFTER_MS = 60 * 60 * 1000
const LOOK_AGAIN_MS = 200

/** Depth of nested calls in this process: it holds the lock already. */
let held = 0

/**
 * Does something while no other set-up of this user does.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(action) {
  const file = join(cacheFolder(), 'set-up.lock')
  if (held === 0) await take(file)
  held += 1
  try {
    return await action()
  } finally {
    held -= 1
    if (held === 0) rmSync(file, { force: true })
  }
}

/** @param {string} file */
async function take(file) {
  mkdirSync(cacheFolder(), { recursive: true })
  for (let told = false; !create(file); told = true) {
    if (isAbandoned(file)) {
      rmSync(file, { force: true })
    } else {
      if (!told) say('Waiting for another set-up to finish…')
      await sleep(LOOK_AGAIN_MS)
    }
  }
}

/**
 * @param {string} file
 * @returns {boolean} false when somebody else has it
 */
function create(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether its maker has ended without taking it away
 */
function isAbandoned(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > FORGOTTEN_AFTER_MS) return true
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return false
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH'
  }
}
