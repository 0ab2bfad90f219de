// Rules for dependency-cruiser, made of the table of rooms: who imports whom, no circles, nothing that isn't there.
// Imports of types count as well.
import { ROOMS } from './rooms.mjs'

/** @param {string} text */
const escape = (text) => text.replaceAll('.', '\\.')

const FILE = /\.\w+$/

/** Every place of a room. */
const PLACES = ROOMS.flatMap(({ at }) => at)

/** @param {string} path of a file or a folder */
const tailOf = (path) => (FILE.test(path) ? `${escape(path)}$` : `${path}/`)

/**
 * @param {import('./rooms.mjs').Room} room
 * @returns {string[]} patterns of the paths of its files, without those of the rooms inside
 */
function patternsOf({ at }) {
  return at.map((path) => {
    const inner = PLACES.filter((other) => other.startsWith(`${path}/`)).map(
      (other) => `(?!${tailOf(other)})`,
    )
    return `^${inner.join('')}${tailOf(path)}`
  })
}

/** @type {ReadonlyMap<string, string[]>} */
const PATTERNS = new Map(ROOMS.map((room) => [room.name, patternsOf(room)]))

/** @satisfies {import('dependency-cruiser').IConfiguration} */
const rules = {
  forbidden: [
    ...ROOMS.map(({ name, imports }) => ({
      name,
      severity: /** @type {const} */ ('error'),
      comment: `${name} imports ${['itself', ...imports].join(', ')} alone (scripts/walls/rooms.mjs).`,
      from: { path: PATTERNS.get(name) ?? [] },
      to: {
        path: ['^(scripts|test)/', ...[...PATTERNS.values()].flat()],
        pathNot: [name, ...imports].flatMap((room) => PATTERNS.get(room) ?? []),
      },
    })),
    {
      name: 'no room',
      severity: 'error',
      comment: 'A file is in a room of scripts/walls/rooms.mjs.',
      from: {},
      to: { path: '^(main|renderer|shared)/', pathNot: ['\\.d\\.ts$', ...[...PATTERNS.values()].flat()] },
    },
    {
      name: 'no circle',
      severity: 'error',
      comment: 'Files that need each other are one thing, or lack a third that both stand on.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not there',
      severity: 'error',
      comment: 'What is imported can be found.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.vue'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}

export default rules
