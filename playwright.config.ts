import { defineConfig } from '@playwright/test'

// The app in real windows. One at a time: every test has its own app with its own ports and user data folder.
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
})
