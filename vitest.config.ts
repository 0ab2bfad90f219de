import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { markdown } from './scripts/build/markdown.ts'

// Three groups: pure parts (fast, part of `npm run check`), views in a simulated page, and real sockets and files.
export default defineConfig({
  plugins: [vue(), markdown()],
  test: {
    // Every core: much of the time is spent waiting for other programs.
    maxWorkers: '100%',
    globalSetup: 'test/support/key-pairs.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{shared,main,renderer,scripts}/**/*.test.ts'],
          environment: 'node',
          // Generous, for machines that are busy: nothing here waits for time to go by.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
