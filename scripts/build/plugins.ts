/** What the build does to the code beyond bundling it. */
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { build, type Plugin, type Rolldown } from 'vite'

const FORGE = 'node-forge'
/** Named like a file of the package, so that it goes where the package goes. */
const LATE_FORGE = `\0node_modules/${FORGE}/late.js`
/** Where main's build has it. */
const FORGE_FILE = 'chunks/forge.cjs'

/**
 * node-forge fills its tables when it is first used, not when the app starts: no window needs it to appear.
 * `import forge from 'node-forge'` stays as it is, so the rest of the code and the tests don't know.
 */
export function lateForge(): Plugin {
  return { name: 'late-forge', ...inPlaceOfForge(`require('${FORGE}')`) }
}

/**
 * The same for Node: a file of its own, which is read when it is first used. It is more than half of all the code that the lab needs,
 * and even to pass over it takes main longer than to run the rest.
 * @param options how that file is made
 */
export function lateForgeOfNode({
  target,
  minify,
  plugins,
}: Readonly<{ target: string; minify: Rolldown.MinifyOptions; plugins: () => Plugin[] }>): Plugin {
  return {
    name: 'late-forge-of-node',
    ...inPlaceOfForge(
      `createRequire(import.meta.url)('${FORGE_FILE}')`,
      `import { createRequire } from 'node:module'`,
    ),
    renderChunk: (code, { fileName }) =>
      code.includes(FORGE_FILE)
        ? code.replaceAll(FORGE_FILE, `./${posix.relative(posix.dirname(fileName), FORGE_FILE)}`)
        : null,
    async buildStart() {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        plugins: plugins(),
        ssr: { noExternal: true },
        build: {
          ssr: createRequire(import.meta.url).resolve(FORGE),
          write: false,
          target,
          rollupOptions: { output: { format: 'cjs', entryFileNames: FORGE_FILE, minify } },
        },
      })
      const [chunk] = 'output' in built ? built.output : []
      if (chunk?.type !== 'chunk') return this.error(`${FORGE} was built into something else than a file.`)
      this.emitFile({ type: 'asset', fileName: FORGE_FILE, source: chunk.code })
    },
  }
}

/**
 * A module instead of the package, which loads it when it is asked for something.
 * @param loaded an expression: the package
 * @param imports what that needs
 */
function inPlaceOfForge(loaded: string, imports = ''): Omit<Plugin, 'name'> {
  return {
    apply: 'build',
    enforce: 'pre',
    resolveId: (source, importer) => (source === FORGE && importer !== LATE_FORGE ? LATE_FORGE : null),
    load: (id) =>
      id === LATE_FORGE
        ? `${imports}
let forge
export default new Proxy({}, { get: (_, name) => (forge ??= ${loaded})[name] })
`
        : null,
  }
}

/** What bcrypt-pbkdf asks tweetnacl for, and what is asked of it here has no use for. */
const NO_TWEETNACL = '\0node_modules/bcrypt-pbkdf/no-tweetnacl.js'

/**
 * Of bcrypt-pbkdf only its hash is used, which needs nothing of tweetnacl: that is public domain, under none of the licences that
 * the package has, and stays out of it (docs/decisions/0032).
 */
export function withoutTweetnacl(): Plugin {
  return {
    name: 'without-tweetnacl',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source) => (source === 'tweetnacl' ? NO_TWEETNACL : null),
    load: (id) => (id === NO_TWEETNACL ? 'export const lowlevel = {}' : null),
  }
}

/** Beyond ASCII stand escapes: one typographic quote would have V8 keep the whole script at two bytes a character. */
export function asciiOnly(): Plugin {
  return {
    name: 'ascii-only',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        // After a backslash the escape would be none.
        if (/\\[^\0-\x7f]/.test(chunk.code))
          this.error(`A character beyond ASCII is escaped in ${chunk.fileName}.`)
        chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escaped)
      }
    },
  }
}

/** One UTF-16 unit: a pair of escapes is one character again in strings, templates and regular expressions. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
