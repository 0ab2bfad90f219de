/** Which files the windows' code is put into. */
import type { Rolldown } from 'vite'

/** What a chunk is made of, as far as it is asked for here. */
interface Modules {
  getModuleInfo(id: string): { readonly isEntry: boolean; readonly importers: readonly string[] } | null
}

/** Libraries of what hovers over a window: of what is there at the start, only the client's has some. */
const HOVERING = /node_modules[\\/].*(floating-ui|Menu|Popper|Tooltip|DismissableLayer|FocusScope)/
/** A style sheet of its own, not one of a component: it holds for all of whatever window it gets into. */
const STYLE_SHEET = /^[^?]*\.css$/
/** A page of Markdown as data: for whoever shows it, and nobody else has to read it. */
const TEXT = /\.md$/
/** The cryptography with the protocol. */
const PROTOCOL = /[\\/](shared[\\/](crypto|hl1|record)|node-forge)[\\/]/

/**
 * A request to the windows' scheme costs more than the bytes that it brings, so there are few chunks. At the start:
 * what several windows need, what the client's needs besides, and each window's own. Later: the protocol, and the views.
 * @param folders of the windows; what is in them is left to the bundler
 * @param largest folder of the client's
 */
export function windowChunks(folders: readonly string[], largest: string): Rolldown.CodeSplittingOptions {
  const isOfOneWindow = (id: string): boolean => folders.some((folder) => id.startsWith(folder))
  const isSmall = (entry: string): boolean => !entry.startsWith(largest)
  const first = (id: string, modules: Modules): string | null => {
    if (isOfOneWindow(id)) return null
    const needing = [...windowsThatNeed(id, modules)]
    if (STYLE_SHEET.test(id) && needing.length < folders.length) return null
    // What one of the smaller windows alone needs is too little for a file.
    const isCommon = id.includes('node_modules') ? !HOVERING.test(id) : needing.some(isSmall)
    return isCommon ? 'common' : 'hovering'
  }
  const later = (id: string, modules: Modules): string | null => {
    if (isOfOneWindow(id) || STYLE_SHEET.test(id) || TEXT.test(id)) return null
    // With all that it needs: two files that each wait for the other would find nothing there.
    const isNeeded = [...usersOf(id, modules)].some((user) => PROTOCOL.test(user))
    return isNeeded ? 'protocol' : 'views'
  }
  return {
    includeDependenciesRecursively: false,
    groups: [
      { debugName: 'first', name: first, tags: ['$initial'], priority: 1 },
      { debugName: 'later', name: later },
    ],
  }
}

/** Entries that import a module to appear, not later. */
function windowsThatNeed(id: string, modules: Modules): ReadonlySet<string> {
  const needed = [...usersOf(id, modules)].filter((user) => modules.getModuleInfo(user)?.isEntry)
  return new Set(needed)
}

/** A module and all that import it, or import what imports it, not later. */
function usersOf(id: string, modules: Modules): ReadonlySet<string> {
  const users = new Set<string>()
  for (const left = [id]; left.length > 0;) {
    const next = left.pop() ?? ''
    if (users.has(next)) continue
    users.add(next)
    left.push(...(modules.getModuleInfo(next)?.importers ?? []))
  }
  return users
}
