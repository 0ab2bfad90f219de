// A list of checks that goes on after a failure and ends with a line that sums it up.
import { runScript } from '../setup/run.mjs'

let passed = 0
let failed = 0

/**
 * Makes one check; an error thrown in it is its failure.
 * @param {string} rule what must hold
 * @param {() => unknown} action
 */
export async function check(rule, action) {
  try {
    await action()
    passed += 1
    console.log(`  ✓ ${rule}`)
  } catch (error) {
    fail(rule, error)
  }
}

/**
 * Fails the check it is called in.
 * @param {unknown} condition
 * @param {string} message what was found and what was expected
 * @returns {asserts condition}
 */
export function expect(condition, message) {
  if (!condition) throw new Error(message)
}

/**
 * Runs a script made of checks, prints the sum as its last line and ends with a code to match.
 * @param {() => Promise<void>} body
 */
export async function runChecks(body) {
  await runScript(async () => {
    try {
      await body()
    } catch (error) {
      fail('the checks can be made', error)
    }
    console.log(`${passed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  })
}

/**
 * @param {string} rule
 * @param {unknown} error
 */
function fail(rule, error) {
  failed += 1
  const message = error instanceof Error ? error.message : String(error)
  console.log(`  ✗ ${rule}\n    ${message.replaceAll('\n', '\n    ')}`)
}
