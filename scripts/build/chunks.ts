/** Which files the code of main and of the windows is put into. */
import type { Rolldown } from 'vite'

/** What a chunk is made of, as far as it is asked for here. */
interface Modules {
  getModuleInfo(id: string): {
    readonly isEntry: boolean
    readonly importers: readonly string[]
    readonly importedIds: readonly string[]
  } | null
}

/**
 * A part of a library that not every window needs. Its modules go by name: each imports all the others of the library, and the bundler
 * tells what is used of it only after it has asked where each goes.
 */
const OF_LIBRARY_BESIDE = /node_modules[\\/].*Checkbox/
/** A style sheet of its own, not one of a component: it holds for all of whatever window it gets into. */
const STYLE_SHEET = /^[^?]*\.css$/
/** The styles of a component, which hold for it alone. */
const STYLES_OF_COMPONENT = /[?&]vue&type=style&/
/** A page of Markdown as data: for whoever shows it, and nobody else has to read it. */
const TEXT = /\.md$/
/** The cryptography with the protocol. */
const PROTOCOL = /[\\/](shared[\\/](crypto|hl1|record)|node-forge)[\\/]/

/** What computes on curves takes a tenth of a second to begin with, and most windows never come to need it. */
const CURVES = /node_modules[\\/]@noble[\\/]/

/** Folders of the windows, by when they are seen. */
interface Folders {
  /** Those of the start, but for the largest. */
  readonly small: readonly string[]
  readonly largest: string
  /** Those that somebody has to open. */
  readonly beside: readonly string[]
}

/**
 * A request to the windows' scheme costs more than the bytes that it brings, so there are few chunks. At the start:
 * what the smaller windows need, what the largest needs besides, and each window's own; for windows that are opened later, what
 * none of the others needs. Later: the protocol, and the views; and when it is asked for, what computes on curves. What is in the windows' folders is left to the bundler.
 */
export function windowChunks({ small, largest, beside }: Folders): Rolldown.CodeSplittingOptions {
  const folders = [...small, largest, ...beside]
  const isOfOneWindow = (id: string): boolean => folders.some((folder) => id.startsWith(folder))
  const first = (id: string, modules: Modules): string | null => {
    const needing = [...windowsThatNeed(id, modules)]
    const isNeededIn = (some: readonly string[]): boolean =>
      needing.some((entry) => some.some((folder) => entry.startsWith(folder)))
    const isOwn = isOfOneWindow(id)
    // But for the largest window's own, they are less than the file that they would be.
    if (STYLES_OF_COMPONENT.test(id) && isNeededIn(isOwn ? small : [...small, largest])) return 'common'
    if (isOwn) return null
    if (STYLE_SHEET.test(id)) return isNeededIn(small) ? 'common' : null
    if (OF_LIBRARY_BESIDE.test(id)) return 'beside'
    // What one of the smaller windows alone needs is too little for a file.
    if (isNeededIn(small)) return 'common'
    return isNeededIn([largest]) ? 'walk' : 'beside'
  }
  const later = (id: string, modules: Modules): string | null => {
    if (isOfOneWindow(id) || STYLE_SHEET.test(id) || TEXT.test(id)) return null
    const users = [...usersOf(id, modules)]
    if (users.every((user) => CURVES.test(user))) return 'curves'
    // With all that it needs: two files that each wait for the other would find nothing there.
    return users.some((user) => PROTOCOL.test(user)) ? 'protocol' : 'views'
  }
  return {
    includeDependenciesRecursively: false,
    groups: [
      { debugName: 'first', name: first, tags: ['$initial'], priority: 1 },
      { debugName: 'later', name: later },
    ],
  }
}

/**
 * Main reads a file for each module of its own if nobody says otherwise, and each takes it as long as 20 kB of code. What it needs before
 * the windows open is one file, and what the lab needs besides another. Both are without Electron and what asks it: the terminal and the
 * threads have parts of them too.
 */
export function mainChunks({
  first,
  lab,
}: Readonly<Record<'first' | 'lab', string>>): Rolldown.CodeSplittingOptions {
  const name = (id: string, modules: Modules): string | null => {
    if (reachable(id, (each) => modules.getModuleInfo(each)?.importedIds ?? []).has('electron')) return null
    const users = usersOf(id, modules)
    if (users.has(first)) return 'first'
    return users.has(lab) ? 'lab' : null
  }
  return { includeDependenciesRecursively: false, groups: [{ name }] }
}

/** Entries that import a module to appear, not later. */
function windowsThatNeed(id: string, modules: Modules): ReadonlySet<string> {
  const needed = [...usersOf(id, modules)].filter((user) => modules.getModuleInfo(user)?.isEntry)
  return new Set(needed)
}

/** A module and all that import it, or import what imports it, not later. */
function usersOf(id: string, modules: Modules): ReadonlySet<string> {
  return reachable(id, (each) => modules.getModuleInfo(each)?.importers ?? [])
}

/** A module, and those that a step leads to from it, and from those, on and on. */
function reachable(id: string, step: (id: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>()
  for (const left = [id]; left.length > 0;) {
    const next = left.pop() ?? ''
    if (reached.has(next)) continue
    reached.add(next)
    left.push(...step(next))
  }
  return reached
}
