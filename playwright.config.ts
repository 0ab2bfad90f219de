import { defineConfig } from '@playwright/test'
import { ALL, LONG } from './test/support/sample'

// The app in real windows. Every worker has its own display (test/support/display.ts) and an app that its tests share, other tests
// an app of their own (test/support/shared-app.ts): tests run side by side, in any order. Those that measure run one at a time
// (scripts/test.mjs).
const MEASURING = '**/many-*.spec.ts'
// An app without barriers around its page does not outlive every way out of it, least of all on a busy machine: in the long run, alone.
const UNGUARDED = '**/barriers.spec.ts'

export default defineConfig({
  testDir: 'test/e2e',
  workers: 1,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  ...(ALL ? {} : { grepInvert: new RegExp(LONG) }),
  projects: [
    { name: 'together', testIgnore: [MEASURING, UNGUARDED], outputDir: 'test-results/together' },
    { name: 'alone', testMatch: ALL ? [MEASURING, UNGUARDED] : MEASURING, outputDir: 'test-results/alone' },
  ],
})
