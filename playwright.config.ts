import { defineConfig } from '@playwright/test'

// The app in real windows. Every test has its own app with its own ports and user data folder, and every worker its own
// display (test/support/display.ts), so that files run side by side; those that measure run one at a time (scripts/test.mjs).
const MEASURING = '**/many-*.spec.ts'

export default defineConfig({
  testDir: 'test/e2e',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  projects: [
    { name: 'together', testIgnore: MEASURING, outputDir: 'test-results/together' },
    { name: 'alone', testMatch: MEASURING, outputDir: 'test-results/alone' },
  ],
})
