import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const at = (path: string): string => resolve(import.meta.dirname, path)

// Build targets are those of the oldest runtime the app runs on (Electron 33), not of the typings installed.
const NODE_TARGET = 'node20.18'
const CHROME_TARGET = 'chrome130'
const WINDOWS = ['authority', 'server', 'client'] as const

/** What a chunk is made of, as far as it is asked for here. */
interface Modules {
  getModuleInfo(id: string): { readonly isEntry: boolean; readonly importers: readonly string[] } | null
}

/** Libraries of what hovers over a window: of what is there at the start, only the client's has some. */
const HOVERING = /node_modules[\\/].*(floating-ui|Menu|Popper|Tooltip|DismissableLayer|FocusScope)/

/**
 * The chunk of a module that a window needs to appear. A request to the windows' scheme costs more than the bytes that it
 * brings, so there are few chunks: what several windows need, what the client's needs besides, and each window's own.
 */
function firstChunk(id: string, modules: Modules): string | null {
  if (isOfOneWindow(id)) return null
  const isShared = id.includes('node_modules') ? !HOVERING.test(id) : windowsThatNeed(id, modules).size > 1
  return isShared ? 'common' : 'hovering'
}

/** The chunk of a module that a window needs later: the cryptography with the protocol, or the views. */
function laterChunk(id: string): string | null {
  if (isOfOneWindow(id)) return null
  return /[\\/](shared[\\/](crypto|protocol)|node-forge)[\\/]/.test(id) ? 'protocol' : 'views'
}

/** Entries that import a module to appear, not later. */
function windowsThatNeed(id: string, modules: Modules): ReadonlySet<string> {
  const entries = new Set<string>()
  const seen = new Set<string>()
  for (const left = [id]; left.length > 0;) {
    const next = left.pop() ?? ''
    if (seen.has(next)) continue
    seen.add(next)
    const info = modules.getModuleInfo(next)
    if (info?.isEntry) entries.add(next)
    left.push(...(info?.importers ?? []))
  }
  return entries
}

function isOfOneWindow(id: string): boolean {
  return WINDOWS.some((name) => id.startsWith(at(`renderer/${name}/`)))
}

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      target: NODE_TARGET,
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          handshake: at('main/terminal/handshake.ts'),
          'suites-thread': at('main/experiments/suites-thread.ts'),
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      target: NODE_TARGET,
      externalizeDeps: false,
      // A sandboxed preload is one CommonJS file: no chunks between the three.
      isolatedEntries: true,
      rollupOptions: {
        input: Object.fromEntries(WINDOWS.map((name) => [name, at(`main/preload/${name}.ts`)])),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue()],
    build: {
      outDir: at('out/renderer'),
      target: CHROME_TARGET,
      minify: true,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: Object.fromEntries(WINDOWS.map((name) => [name, at(`renderer/${name}/index.html`)])),
        output: {
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              { debugName: 'first', name: firstChunk, tags: ['$initial'], priority: 1 },
              { debugName: 'later', name: laterChunk },
            ],
          },
        },
      },
    },
  },
})
