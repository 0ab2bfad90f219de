// `npm run bench -- [--brief] [--only start,sizes]`: builds and runs the benchmarks of bench/, and the app for those that start it.
import './setup/node-version.mjs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { setUpRuntime } from './setup.mjs'
import { withHiddenDisplay } from './setup/display.mjs'
import { ROOT } from './setup/paths.mjs'
import { runScript, SetUpError } from './setup/run.mjs'
import { electronEnvironment } from './setup/runtime.mjs'

await runScript(async () => {
  const { brief, only } = readArguments()
  const runtime = await setUpRuntime(['runtime', 'display', 'test-tools'])
  await build()
  const folder = mkdtempSync(join(tmpdir(), 'handshake-lab-bench-'))
  try {
    await buildBench(folder)
    return await withHiddenDisplay(async (display) => {
      const environment = { ...electronEnvironment(runtime), ...display }
      const electron = { executable: runtime.executable, environment, root: ROOT }
      const given = { root: ROOT, electron, brief, only }
      const result = spawnSync(process.execPath, [join(folder, 'bench.mjs')], {
        stdio: 'inherit',
        env: { ...process.env, HANDSHAKE_LAB_BENCH: JSON.stringify(given) },
      })
      return result.status ?? 1
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** @returns {{ brief: boolean, only: string[] }} `only` names the sections to measure (bench/main.ts); none means all */
function readArguments() {
  try {
    const { values } = parseArgs({
      options: { brief: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
    })
    return { brief: values.brief, only: values.only.split(',').filter(Boolean) }
  } catch {
    throw new SetUpError('Usage: npm run bench -- [--brief] [--only SECTION,…]')
  }
}

/** @param {string} folder */
async function buildBench(folder) {
  const vite = await import('vite')
  await vite.build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20.18',
      rollupOptions: {
        input: { bench: join(ROOT, 'bench/main.ts'), attackers: join(ROOT, 'bench/attackers.ts') },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
    ssr: { noExternal: true },
  })
}
