import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import { mainChunks, windowChunks } from './scripts/build/chunks'
import { markdown } from './scripts/build/markdown'
import { asciiOnly, lateForge, lateForgeOfNode, withoutTweetnacl } from './scripts/build/plugins'
import { licences } from './scripts/packaging/licences'
import { FRONT_WINDOW, WINDOW_NAMES, WINDOWS, type WindowName } from './shared/windows'

const at = (path: string): string => resolve(import.meta.dirname, path)
const folderOf = (name: WindowName): string => `${at(`renderer/${name}`)}/`
const FOLDERS = {
  small: WINDOW_NAMES.filter((name) => WINDOWS[name].opens && name !== FRONT_WINDOW).map(folderOf),
  largest: folderOf(FRONT_WINDOW),
  beside: WINDOW_NAMES.filter((name) => !WINDOWS[name].opens).map(folderOf),
}

// Build targets are those of the oldest runtime the app runs on (Electron 33), not of the typings installed.
const NODE_TARGET = 'node20.18'
const CHROME_TARGET = 'chrome130'
/** Less for main to read at the start; names stay, for whoever reads what an error says. */
const MINIFY = { compress: true, mangle: false, codegen: true }
const withLicences = licences({ root: at('.'), file: at('out/licences.txt') })

export default defineConfig({
  main: {
    plugins: [
      lateForgeOfNode({ target: NODE_TARGET, minify: MINIFY, plugins: () => [asciiOnly(), withLicences()] }),
      withoutTweetnacl(),
      asciiOnly(),
      withLicences(),
    ],
    build: {
      outDir: at('out/main'),
      target: NODE_TARGET,
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          handshake: at('main/terminal/handshake.ts'),
          'attacks-thread': at('main/adversary/attacks-thread.ts'),
          'workshop-thread': at('main/workshop/workshop-thread.ts'),
          'offer-thread': at('main/authority/offer-thread.ts'),
          'run-thread': at('main/recording/run-thread.ts'),
          'suites-thread': at('main/experiments/suites-thread.ts'),
        },
        output: {
          format: 'es',
          minify: MINIFY,
          codeSplitting: mainChunks({ first: at('main/index.ts'), lab: at('main/start.ts') }),
        },
      },
    },
  },
  preload: {
    plugins: [withLicences()],
    build: {
      outDir: at('out/preload'),
      target: NODE_TARGET,
      externalizeDeps: false,
      rollupOptions: {
        input: { bridge: at('main/preload/bridge.ts') },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue(), markdown(), lateForge(), withoutTweetnacl(), asciiOnly(), withLicences()],
    worker: { plugins: () => [lateForge(), withoutTweetnacl(), asciiOnly(), withLicences()] },
    build: {
      outDir: at('out/renderer'),
      target: CHROME_TARGET,
      minify: true,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: Object.fromEntries(WINDOW_NAMES.map((name) => [name, at(`renderer/${name}/index.html`)])),
        output: { codeSplitting: windowChunks(FOLDERS) },
      },
    },
  },
})
