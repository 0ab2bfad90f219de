/** Serves recipes over TLS on this machine: all by their names on one port (`expired.localhost`), or each on a port of its own. */
import { createSecureContext, type SecureContext } from 'node:tls'
import type { WorkshopCrypto } from '#shared/workshop/crypto'
import { makeChain, makeRoot, type MadeCertificate, type MadeChain } from '#shared/workshop/make'
import type { NamedChain } from '#shared/workshop/recipe'
import { chainServedByName, recipeServedBy, servedName } from '#shared/workshop/served-name'
import { identityOf, listenHere, WEAK_TOO, type Listening, type ShownHere } from './tls-server'

/** A recipe as it is served. */
export interface ServedRecipe<R extends NamedChain = NamedChain> {
  readonly recipe: R
  /** The name to ask for, and the trust anchor to ask with. */
  readonly chain: MadeChain
  /** Undefined where it can't be served. */
  readonly port: number | undefined
  /** Why it can't be, in the words of the TLS library. */
  readonly fault: string | undefined
}

export interface ServedRecipes<R extends NamedChain = NamedChain> {
  /** The trust anchor of all that have nothing wrong with theirs. */
  readonly root: MadeCertificate
  readonly recipes: readonly ServedRecipe<R>[]
  /** Where all that are served listen: 127.0.0.1, and ::1 on a machine that has it. */
  readonly addresses: readonly string[]
  readonly stop: () => Promise<void>
}

export interface ServeOptions<R extends NamedChain = NamedChain> {
  readonly recipes: readonly R[]
  readonly crypto: WorkshopCrypto
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** All on one port, told apart by name; or each on its own. */
  readonly ports: 'one' | 'each'
  /** Of the one port; any that is free when it is 0 or left out. */
  readonly port?: number
  /** Gives up before something listens. */
  readonly signal?: AbortSignal
}

interface Shown<R extends NamedChain> {
  readonly recipe: R
  readonly chain: MadeChain
  readonly context: SecureContext | undefined
  readonly fault: string | undefined
}

/**
 * Makes the chains, and serves them on 127.0.0.1 and ::1, where nobody else can reach them, until it is stopped. On one port are those that
 * have a name of their own there; one about another host has a port of its own in any case, since several are about the same.
 * @throws what listening throws, or the signal's reason, when nothing listens any more
 */
export async function serveRecipes<R extends NamedChain>(
  options: ServeOptions<R>,
): Promise<ServedRecipes<R>> {
  const root = await makeRoot(options.crypto, options.now)
  const shown: Shown<R>[] = []
  for (const recipe of options.recipes) {
    options.signal?.throwIfAborted()
    shown.push(await show(recipe, root, options))
  }
  const listening: Listening[] = []
  const listen = async (shown: ShownHere): Promise<number> => {
    const one = await listenHere(shown)
    listening.push(one)
    return one.port
  }
  const stop = async (): Promise<void> => {
    await Promise.all(listening.map((one) => one.stop()))
  }
  try {
    const named = options.ports === 'one' ? shown.filter(hasOwnName) : []
    const choose = (name: string): SecureContext | undefined => contextFor(named, name)
    const shared = named.length === 0 ? undefined : await listen({ choose, port: options.port })
    const recipes: ServedRecipe<R>[] = []
    for (const one of shown) {
      const port = named.includes(one) ? shared : undefined
      recipes.push({
        recipe: one.recipe,
        chain: one.chain,
        port: one.context && (port ?? (await listen({ identity: identityOf(one.chain) }))),
        fault: one.fault,
      })
    }
    return { root, recipes, addresses: listening[0]?.addresses ?? [], stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function show<R extends NamedChain>(
  recipe: R,
  root: MadeCertificate,
  { crypto, now, ports }: ServeOptions<R>,
): Promise<Shown<R>> {
  const plan = ports === 'one' ? chainServedByName(recipe) : recipe.chain
  const chain = await makeChain(plan, crypto, now, root)
  try {
    const context = createSecureContext({ ...WEAK_TOO, ...identityOf(chain) })
    return { recipe, chain, context, fault: undefined }
  } catch (error) {
    return {
      recipe,
      chain,
      context: undefined,
      fault: error instanceof Error ? error.message : String(error),
    }
  }
}

function hasOwnName({ recipe, chain }: Shown<NamedChain>): boolean {
  return chain.host === servedName(recipe)
}

/** For a recipe that can't be served there is none: to show another in its place would be a lie. */
function contextFor(among: readonly Shown<NamedChain>[], name: string): SecureContext | undefined {
  const id = recipeServedBy(name)
  return among.find(({ recipe }) => recipe.id === id)?.context
}
