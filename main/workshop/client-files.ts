/** Files that clients of others need to ask for what is served: trust anchors, revocation lists, and names. No key is among them. */
import { addressBytes } from '#shared/crypto/pki/host-name'
import type { NamedChain } from '#shared/workshop/recipe'
import { listsPem, pemOf } from './chain-files'
import type { ServedRecipe, ServedRecipes } from './serve-recipes'

/** The trust anchor of all recipes that have nothing wrong with theirs. */
export const SHARED_ANCHOR = 'ca.pem'
/** Names that are asked for, with their address, in the form of hosts(5). */
export const HOSTS = 'hosts'

/** The files of one recipe, by name. */
export interface ClientNames {
  readonly trustAnchor: string
  /** Undefined without lists. */
  readonly lists: string | undefined
}

/** Which files a client needs for a recipe. */
export function clientNames(
  { recipe, chain }: ServedRecipe,
  { root }: Pick<ServedRecipes, 'root'>,
): ClientNames {
  return {
    trustAnchor: chain.anchors.includes(root) ? SHARED_ANCHOR : ownAnchor(recipe),
    lists: chain.lists.length === 0 ? undefined : ownLists(recipe),
  }
}

/** The text of each file, by its name. */
export function clientFiles(served: ServedRecipes): ReadonlyMap<string, string> {
  const files = new Map([
    [SHARED_ANCHOR, pemOf([served.root])],
    [HOSTS, hostsOf(served.recipes)],
  ])
  for (const one of served.recipes) {
    const { trustAnchor, lists } = clientNames(one, served)
    files.set(trustAnchor, pemOf(one.chain.anchors))
    if (lists !== undefined) files.set(lists, listsPem(one.chain).join(''))
  }
  return files
}

/** Every name that one of the files may have. */
export function clientFileNames(recipes: readonly Pick<NamedChain, 'id'>[]): readonly string[] {
  return [SHARED_ANCHOR, HOSTS, ...recipes.flatMap((recipe) => [ownAnchor(recipe), ownLists(recipe)])]
}

function ownAnchor({ id }: Pick<NamedChain, 'id'>): string {
  return `${id}.ca.pem`
}

function ownLists({ id }: Pick<NamedChain, 'id'>): string {
  return `${id}.crl.pem`
}

function hostsOf(recipes: readonly ServedRecipe[]): string {
  const names = new Set(recipes.map(({ chain }) => chain.host).filter((host) => !addressBytes(host)))
  return [...names].map((name) => `127.0.0.1 ${name}\n`).join('')
}
