/** Recipes for other programs, until they are told to end: what listens where, what to trust, and how to ask. */
import { join } from 'node:path'
import type { Recipe } from '#shared/workshop/recipe'
import { expectedOf } from '#shared/workshop/recipes-file'
import { count } from '#shared/words'
import { openBench, servedView, type Bench } from '../workshop/bench'
import { clientFiles, clientNames, HOSTS, SHARED_ANCHOR } from '../workshop/client-files'
import { sweepLeftBehind } from '../workshop/left-behind'
import { nativeCrypto } from '../workshop/native-crypto'
import type { ServedRecipe } from '../workshop/serve-recipes'
import type { Output } from './output'
import type { ServeRequest } from './recipes-request'
import { untilAborted } from './until-aborted'

/**
 * Serves them until the signal aborts; what is printed comes once everything listens.
 * @throws LabError as {@link openBench} does; the signal's reason before anything is printed
 */
export async function serveTerminalRecipes(
  request: ServeRequest,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { recipes, ports, port, out: folder, replace } = request
  const options = { recipes, ports, port, folder, replace, crypto: nativeCrypto(), now: Date.now(), signal }
  await sweepLeftBehind()
  const bench = await openBench(options)
  try {
    if (request.json) output.json(() => servedForJson(bench))
    else output.print(servedLines(bench))
    await untilAborted(signal)
  } finally {
    await bench.stop()
  }
}

/** What a program needs to ask for all of it. `port` is null where a recipe can't be served. */
function servedForJson(bench: Bench<Recipe>): object {
  const files = clientFiles(bench)
  const anchor = (name: string): object => ({ trustAnchor: join(bench.folder, name), pem: files.get(name) })
  return {
    ...anchor(SHARED_ANCHOR),
    hosts: join(bench.folder, HOSTS),
    addresses: bench.addresses,
    recipes: bench.recipes.map((one) => {
      const { recipe, chain, port = null, fault } = one
      const { id, topic, title, rule } = recipe
      const { trustAnchor, lists } = clientNames(one, bench)
      return {
        ...{ id, topic, title, rule, host: chain.host, port },
        ...(fault === undefined ? {} : { fault }),
        // What is not said of a recipe is as it is for all.
        ...(trustAnchor === SHARED_ANCHOR ? {} : anchor(trustAnchor)),
        ...(lists === undefined ? {} : { lists: join(bench.folder, lists) }),
        expected: expectedOf(recipe),
      }
    }),
  }
}

function servedLines(bench: Bench): readonly string[] {
  const { recipes, addresses, folder } = bench
  const here = recipes.filter(({ port }) => port !== undefined)
  const width = Math.max(0, ...recipes.map(({ recipe }) => recipe.id.length)) + 2
  return [
    `${count(here.length, 'recipe')} on ${addresses.join(' and ') || 'no address'}:`,
    ...recipes.map((one) => `    ${one.recipe.id.padEnd(width)}${placeOf(one)}${besides(one, bench)}`),
    '',
    `Trust anchor: ${join(folder, SHARED_ANCHOR)}`,
    ...(recipes.some((one) => besides(one, bench) !== '')
      ? [`Files that are named beside a recipe: ${folder}`]
      : []),
    ...commandLines(here[0], bench),
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
function besides(one: ServedRecipe, bench: Bench): string {
  const { trustAnchor, lists } = clientNames(one, bench)
  return [
    ...(trustAnchor === SHARED_ANCHOR ? [] : [`   trust anchor ${trustAnchor}`]),
    ...(lists === undefined ? [] : [`   revocation lists ${lists}`]),
  ].join('')
}

function commandLines(first: ServedRecipe | undefined, bench: Bench): readonly string[] {
  if (!first) return []
  return [
    '',
    `How to ask, here for ${first.recipe.id}; docs/test-bench.md has Client.java and client.go:`,
    ...servedView(first, bench).commands.map(({ client, command }) => `    ${client.padEnd(8)}${command}`),
  ]
}
