/** Recipes for other programs, until they are told to end: what listens where, what to trust, and how to ask. */
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toUtf8 } from '#shared/bytes'
import { LabError, systemReason } from '#shared/errors'
import { expectedOf } from '#shared/workshop/recipes-file'
import { count } from '#shared/words'
import { putFiles } from '../files/put'
import { systemCode } from '../files/system-codes'
import { makeTemporaryFolder } from '../files/temporary-folder'
import { clientCommands } from '../workshop/client-commands'
import { clientFiles, clientNames, HOSTS, SHARED_ANCHOR } from '../workshop/client-files'
import { sweepLeftBehind } from '../workshop/left-behind'
import { nativeCrypto } from '../workshop/native-crypto'
import { serveRecipes, type ServedRecipe, type ServedRecipes } from '../workshop/serve-recipes'
import type { Output } from './output'
import type { ServeRequest } from './recipes-request'
import { untilAborted } from './until-aborted'

/**
 * Serves them until the signal aborts; what is printed comes once everything listens.
 * @throws LabError `port_in_use`, `listen_failed`; as `putFiles` does for what clients need; the signal's reason before anything is printed
 */
export async function serveTerminalRecipes(
  request: ServeRequest,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { recipes, ports, port, out } = request
  const options = { recipes, ports, port, crypto: nativeCrypto(), now: Date.now(), signal }
  const served = await serveRecipes(options).catch((error: unknown) => {
    throw listenFailure(error, port)
  })
  try {
    await sweepLeftBehind()
    const folder = out === undefined ? await makeTemporaryFolder() : resolve(out)
    try {
      await putClientFiles(served, folder, request)
      signal.throwIfAborted()
      if (request.json) output.json(() => servedForJson(served, folder))
      else output.print(servedLines(served, folder))
      await untilAborted(signal)
    } finally {
      if (out === undefined) await rm(folder, { recursive: true, force: true })
    }
  } finally {
    await served.stop()
  }
}

async function putClientFiles(
  served: ServedRecipes,
  folder: string,
  { replace }: Pick<ServeRequest, 'replace'>,
): Promise<void> {
  const files = clientFiles(served)
  const targets = [...files.keys()].map((name) => ({ id: name, name, private: false, replace }))
  const options = { folder, createFolder: true }
  await putFiles(targets, async () => [...files.values()].map((text) => toUtf8(text)), options)
}

/** What a program needs to ask for all of it. `port` is null where a recipe can't be served. */
function servedForJson(served: ServedRecipes, folder: string): object {
  const files = clientFiles(served)
  const anchor = (name: string): object => ({ trustAnchor: join(folder, name), pem: files.get(name) })
  return {
    ...anchor(SHARED_ANCHOR),
    hosts: join(folder, HOSTS),
    addresses: served.addresses,
    recipes: served.recipes.map((one) => {
      const { recipe, chain, port = null, fault } = one
      const { id, topic, title, rule } = recipe
      const { trustAnchor, lists } = clientNames(one, served)
      return {
        ...{ id, topic, title, rule, host: chain.host, port },
        ...(fault === undefined ? {} : { fault }),
        // What is not said of a recipe is as it is for all.
        ...(trustAnchor === SHARED_ANCHOR ? {} : anchor(trustAnchor)),
        ...(lists === undefined ? {} : { lists: join(folder, lists) }),
        expected: expectedOf(recipe),
      }
    }),
  }
}

function servedLines(served: ServedRecipes, folder: string): readonly string[] {
  const { recipes, addresses } = served
  const here = recipes.filter(({ port }) => port !== undefined)
  const width = Math.max(0, ...recipes.map(({ recipe }) => recipe.id.length)) + 2
  const trusted = join(folder, SHARED_ANCHOR)
  return [
    `${count(here.length, 'recipe')} on ${addresses.join(' and ') || 'no address'}:`,
    ...recipes.map((one) => `    ${one.recipe.id.padEnd(width)}${placeOf(one)}${besides(one, served)}`),
    '',
    `Trust anchor: ${trusted}`,
    ...(recipes.some((one) => besides(one, served) !== '')
      ? [`Files that are named beside a recipe: ${folder}`]
      : []),
    ...commandLines(here[0], { trusted, hosts: join(folder, HOSTS) }),
    '',
    'All is served until this is told to end: Ctrl+C.',
  ]
}

function placeOf({ chain, port, fault }: ServedRecipe): string {
  return port === undefined
    ? `not served: ${fault ?? 'the TLS library takes it for none'}`
    : `${chain.host}:${port}`
}

/** What a client needs besides the trust anchor of all. */
function besides(one: ServedRecipe, served: ServedRecipes): string {
  const { trustAnchor, lists } = clientNames(one, served)
  return [
    ...(trustAnchor === SHARED_ANCHOR ? [] : [`   trust anchor ${trustAnchor}`]),
    ...(lists === undefined ? [] : [`   revocation lists ${lists}`]),
  ].join('')
}

function commandLines(
  first: ServedRecipe | undefined,
  { trusted: trustAnchor, hosts }: { readonly trusted: string; readonly hosts: string },
): readonly string[] {
  if (first?.port === undefined) return []
  const asked = { host: first.chain.host, port: first.port, trustAnchor, hosts }
  return [
    '',
    `How to ask, here for ${first.recipe.id}; docs/test-bench.md has Client.java and client.go:`,
    ...clientCommands(asked).map(({ client, command }) => `    ${client.padEnd(8)}${command}`),
  ]
}

/** What listening failed for, as an error of the project's own; anything else as it is. */
function listenFailure(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  const cause = { cause: error }
  if (systemCode(error) === 'EADDRINUSE')
    return new LabError(
      'port_in_use',
      `Another program listens on port ${port} of this machine. End it, or give another one with --port; 0 takes one that is free.`,
      cause,
    )
  return new LabError(
    'listen_failed',
    `Nothing could be served on this machine: ${systemReason(error)}. Look whether this account may listen there, or give another port with --port.`,
    cause,
  )
}
