/** A test bench: recipes that are served, and the files with which clients of others ask for them. */
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toUtf8 } from '#shared/bytes'
import { LabError, systemReason } from '#shared/errors'
import type { NamedChain } from '#shared/workshop/recipe'
import type { ServedView } from '#shared/workshop/view'
import { putFiles } from '../files/put'
import { systemCode } from '../files/system-codes'
import { makeTemporaryFolder } from '../files/temporary-folder'
import { clientCommands } from './client-commands'
import { clientFiles, clientNames, HOSTS } from './client-files'
import { serveRecipes, type ServedRecipe, type ServedRecipes, type ServeOptions } from './serve-recipes'

export interface BenchOptions<R extends NamedChain> extends ServeOptions<R> {
  /** Where the files go; a temporary folder that is removed at the end unless given. */
  readonly folder?: string | undefined
  /** True to replace what has the same names. */
  readonly replace?: boolean
}

/** What listens, with its files. */
export interface Bench<R extends NamedChain = NamedChain> extends ServedRecipes<R> {
  /** Absolute. */
  readonly folder: string
}

/**
 * Serves recipes, and writes what clients need; `stop` ends it.
 * @throws LabError `port_in_use`, `listen_failed`; as {@link putFiles} does for the files; the signal's reason, when nothing listens any more
 */
export async function openBench<R extends NamedChain>(options: BenchOptions<R>): Promise<Bench<R>> {
  const { port = 0, folder: chosen, replace = false, signal } = options
  const served = await serveRecipes(options).catch((error: unknown) => {
    throw listenFailure(error, port)
  })
  let folder: string | undefined
  const stop = async (): Promise<void> => {
    await served.stop()
    if (chosen === undefined && folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    folder = chosen === undefined ? await makeTemporaryFolder() : resolve(chosen)
    const files = clientFiles(served)
    const targets = [...files.keys()].map((name) => ({ id: name, name, private: false, replace }))
    const contents = [...files.values()].map((text) => toUtf8(text))
    await putFiles(targets, async () => contents, { folder, createFolder: true })
    signal?.throwIfAborted()
    return { ...served, folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What a client has to know to ask for one of them. */
export function servedView(one: ServedRecipe, bench: Bench): ServedView {
  const { recipe, chain, port, fault } = one
  const { host } = chain
  const names = clientNames(one, bench)
  const trustAnchor = join(bench.folder, names.trustAnchor)
  const hosts = join(bench.folder, HOSTS)
  return {
    ...{ id: recipe.id, host, port, fault, trustAnchor },
    lists: names.lists === undefined ? undefined : join(bench.folder, names.lists),
    commands: port === undefined ? [] : clientCommands({ host, port, trustAnchor, hosts }),
  }
}

/** What listening failed for, as an error of the project's own; anything else as it is. */
function listenFailure(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  const cause = { cause: error }
  if (systemCode(error) === 'EADDRINUSE')
    return new LabError(
      'port_in_use',
      `Another program listens on port ${port} of this machine. End it, or give another port; 0 takes one that is free.`,
      cause,
    )
  return new LabError(
    'listen_failed',
    `Nothing could be served on this machine: ${systemReason(error)}. Look whether this account may listen there, or give another port.`,
    cause,
  )
}
