/** Builds the app of one window that stands behind the barriers it is told (barriers-app.ts). */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { ROOT } from './app'

/** The result is a new folder, which is the caller's to remove, with the app in it. */
export async function buildBarriersApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-barriers-'))
  await mkdir(join(folder, 'pages'))
  await writeFile(join(folder, 'package.json'), '{ "name": "barriers", "type": "module", "main": "main.js" }')
  await writeFile(join(folder, 'pages', 'index.html'), '<!doctype html><title>Barriers</title><body></body>')
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(ROOT, 'test/support/barriers-app.ts'),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { external: ['electron'], output: { entryFileNames: 'main.js' } },
    },
  })
  return folder
}
