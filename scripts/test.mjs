// `npm test`: every test there is. The last line is the sum: `N passed, N failed`, with `, N skipped` when any were.
//
//   npm test -- [--unit] [--e2e] [--long] [filter…]
//
// --unit: all without windows (vitest); --e2e: the app in real windows (playwright); filter: part of a test file's path.
// --long: the whole of what is else a sample (test/support/sample.ts), and damaged conversations by the ten thousand.
import './setup/node-version.mjs'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from './build.mjs'
import { setUp, setUpRuntime } from './setup.mjs'
import { withHiddenDisplay } from './setup/display.mjs'
import { ROOT } from './setup/paths.mjs'
import { runInstead, runScript, say, SetUpError } from './setup/run.mjs'
import { describeRuntime, electronEnvironment } from './setup/runtime.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number, failures: readonly string[] }} Counts what failed, by name */
/** @typedef {import('./setup/runtime.mjs').Runtime} Runtime */

/** Tests with windows that run side by side, each on a display of its own. */
const SIDE_BY_SIDE = process.platform === 'linux' ? Math.min(2, availableParallelism()) : 1

/** What a run counts for that ended badly without naming a test. */
const BROKEN = { passed: 0, failed: 1, skipped: 0, failures: [] }

const OPTIONS = ['--unit', '--e2e', '--long']

let stopped = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (stopped = true))

await runScript(async () => {
  const args = process.argv.slice(2)
  const filters = args.filter((argument) => !OPTIONS.includes(argument))
  if (args.includes('--long')) process.env['LONG_TESTS'] = '1'
  const both = args.includes('--unit') === args.includes('--e2e')
  const reports = mkdtempSync(join(tmpdir(), 'handshake-lab-tests-'))
  try {
    const results = []
    if (both || args.includes('--e2e')) {
      const runtime = await setUpRuntime(['runtime', 'display', 'test-tools'])
      say(`Tests run on ${describeRuntime(runtime)} and Node ${process.versions.node}.`)
      const isBuilt = await tryBuild()
      if (both) results.push(await runVitest(filters, join(reports, 'vitest.json')))
      results.push(...(isBuilt ? await runPlaywright(runtime, filters, reports) : [BROKEN]))
    } else {
      await setUp(['dependencies', 'test-tools'])
      if (!(await tryBuild())) results.push(BROKEN)
      results.push(await runVitest(filters, join(reports, 'vitest.json')))
    }
    return conclude(results)
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
})

/**
 * A broken build costs the tests that need it, not the others.
 * @returns {Promise<boolean>}
 */
async function tryBuild() {
  try {
    await build()
    return true
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return false
  }
}

/**
 * @param {readonly string[]} filters
 * @param {string} report file to write
 * @returns {Promise<Counts>}
 */
async function runVitest(filters, report) {
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  // With a filter, one of the two runners may well have nothing to do.
  if (filters.length > 0) args.push('--passWithNoTests')
  const code = await runTool('vitest/vitest.mjs', ['run', ...filters, ...args], {})
  const { testResults = [], ...sum } = readReport(report)
  const failures = testResults.flatMap((/** @type {any} */ file) =>
    file.assertionResults
      .filter((/** @type {any} */ test) => test.status === 'failed')
      .map((/** @type {any} */ test) => failure(file.name, test.fullName, test.failureMessages[0])),
  )
  return counts(
    code,
    sum.numPassedTests,
    sum.numFailedTests,
    sum.numPendingTests + sum.numTodoTests,
    failures,
  )
}

/**
 * Most tests side by side, then those that measure, one after another.
 * @param {Runtime} runtime
 * @param {readonly string[]} filters
 * @param {string} reports folder to write to
 * @returns {Promise<Counts[]>}
 */
function runPlaywright(runtime, filters, reports) {
  return withHiddenDisplays(SIDE_BY_SIDE, async (displays) => {
    const results = []
    for (const project of ['together', 'alone']) {
      const report = join(reports, `${project}.json`)
      const env = {
        ...electronEnvironment(runtime),
        ...displays[0],
        TEST_DISPLAYS: displays.map(({ DISPLAY }) => DISPLAY ?? '').join(' '),
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      }
      const workers = project === 'alone' ? 1 : SIDE_BY_SIDE
      const options = ['--reporter=list,json', `--project=${project}`, `--workers=${workers}`]
      // With a filter, one of the two may well have nothing to do.
      if (filters.length > 0) options.push('--pass-with-no-tests')
      const code = await runTool('@playwright/test/cli.js', ['test', ...filters, ...options], env)
      const { stats: sum = {}, suites = [] } = readReport(report)
      const failures = suites.flatMap(failuresOf)
      results.push(counts(code, sum.expected + sum.flaky, sum.unexpected, sum.skipped, failures))
    }
    return results
  })
}

/**
 * Does something with several hidden displays.
 * @template T
 * @param {number} count
 * @param {(environments: readonly Record<string, string>[]) => Promise<T>} action gets what goes into the environment for each
 * @param {readonly Record<string, string>[]} [displays] those that are there already
 * @returns {Promise<T>}
 */
async function withHiddenDisplays(count, action, displays = []) {
  if (displays.length === count) return action(displays)
  return withHiddenDisplay((display) => withHiddenDisplays(count, action, [...displays, display]))
}

/**
 * @param {string} path of the tool's program in node_modules
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<number>} exit code
 */
async function runTool(path, args, env) {
  const code = await runInstead(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  if (stopped) throw new SetUpError('Stopped.')
  return code
}

/**
 * @param {string} report
 * @returns {any} empty where there is none
 */
function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return {}
  }
}

/**
 * @param {{ suites?: readonly any[], specs?: readonly any[] }} suite of Playwright's report
 * @returns {readonly string[]}
 */
function failuresOf({ suites = [], specs = [] }) {
  const failed = specs.filter(({ ok }) => !ok)
  return [
    ...failed.map(({ file, title, tests }) => {
      /** @type {readonly any[]} */
      const results = tests.flatMap((/** @type {any} */ test) => test.results)
      const result = results.find(({ error }) => error)
      return failure(file, title, stripVTControlCharacters(result?.error.message ?? ''))
    }),
    ...suites.flatMap(failuresOf),
  ]
}

/**
 * @param {string} file
 * @param {string} title
 * @param {string} [message] whose first line is shown
 */
function failure(file, title, message = '') {
  return `  ✗ ${relative(ROOT, resolve(ROOT, 'test/e2e', file))} › ${title}\n    ${message.split('\n', 1)[0]}`
}

/**
 * @param {number} code exit code of the runner
 * @param {number} passed
 * @param {number} failed
 * @param {number} skipped
 * @param {readonly string[]} failures
 * @returns {Counts} with a failure more when the runner failed without one, as for a file it can't load
 */
function counts(code, passed, failed, skipped, failures) {
  if (Number.isNaN(passed + failed + skipped)) return code === 0 ? { ...BROKEN, failed: 0 } : BROKEN
  return { passed, skipped, failed: code !== 0 && failed === 0 ? 1 : failed, failures }
}

/**
 * @param {readonly Counts[]} results
 * @returns {number} exit code
 */
function conclude(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const result of results) {
    sum.passed += result.passed
    sum.failed += result.failed
    sum.skipped += result.skipped
  }
  const ran = sum.passed + sum.failed > 0
  if (!ran) say('No test ran.')
  const failures = results.flatMap((result) => result.failures)
  if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`)
  console.log(
    `\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`,
  )
  return ran && sum.failed === 0 ? 0 : 1
}
