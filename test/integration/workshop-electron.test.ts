/**
 * Recipes judged in Electron's own process, whose TLS is BoringSSL: what comes is what `shared/workshop/boring-ssl.ts` foretells, for
 * the Electron that it was measured with.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RECIPES } from '#shared/workshop/recipes'
import { JUDGE_IDS } from '#shared/workshop/verdicts'
import { findFallbackRuntime } from '../../scripts/setup/fallback-runtime.mjs'
import { buildEntry, type BuiltProgram } from '../support/terminal-program'
import type { WorkshopReport } from '../support/workshop-program'

const executable = process.env['ELECTRON_EXEC_PATH'] ?? findFallbackRuntime()?.executable ?? ''
/** Of other versions nothing is foretold: their BoringSSL is another. */
const MEASURED = /^33\./

describe.runIf(existsSync(executable))('in Electron', () => {
  let built: BuiltProgram
  beforeAll(async () => {
    built = await buildEntry('test/support/workshop-program.ts')
  })
  afterAll(() => built.remove())

  it('every judge says what is foretold for BoringSSL', async () => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    const { stdout } = await promisify(execFile)(executable, [built.program], { env, timeout: 120_000 })
    const report = JSON.parse(stdout) as WorkshopReport
    expect(report.library).toBe('BoringSSL')
    expect(report.verdicts).toBe(RECIPES.length * JUDGE_IDS.length)
    if (MEASURED.test(report.electron ?? '')) expect(report.differences).toEqual([])
  }, 180_000)
})
