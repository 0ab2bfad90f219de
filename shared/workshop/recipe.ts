/** A recipe: a chain with one fault, what rule it breaks, and what judges will say of it. */
import type { ChainPlan } from './chain'
import type { JudgeId, OtherJudgeId, Outcome, OwnJudgeId, Predictions, RefusingCheck } from './verdicts'

/** Groups of recipes, in the order in which they are shown. */
export const TOPICS = {
  good: 'Nothing wrong',
  dates: 'Dates',
  serial: 'Serial numbers',
  names: 'Names',
  usages: 'Usages',
  'basic-constraints': 'Basic constraints',
  extensions: 'Extensions',
  'name-constraints': 'Name constraints',
  signature: 'Signatures',
  key: 'Keys',
  version: 'Versions and form',
  path: 'Paths',
  revocation: 'Revocation',
} as const
export type Topic = keyof typeof TOPICS

/** A chain with a name: a recipe, or one of a person's own, of which nothing is foretold. */
export interface NamedChain {
  /** Lower case with hyphens, stable: also the first label of the host name that it is served by. */
  readonly id: string
  readonly chain: ChainPlan
}

export interface Recipe extends NamedChain {
  readonly topic: Topic
  readonly title: string
  /** What is wrong, in a sentence. */
  readonly wrong: string
  /** The rule that it breaks, as texts cite it. */
  readonly rule: string
  /** What would happen if nobody looked, in a sentence. */
  readonly otherwise: string
  readonly predicts: Predictions
}

/** A recipe without its topic, as the files of a topic have them. */
export type RecipeOf = Omit<Recipe, 'topic'>

/** Recipes of one topic. */
export function recipesOf(topic: Topic, recipes: readonly RecipeOf[]): readonly Recipe[] {
  return recipes.map((recipe) => ({ ...recipe, topic }))
}

type Others = Readonly<Partial<Record<OtherJudgeId, Exclude<Outcome, 'undecided'>>>>
type Because = Readonly<Partial<Record<JudgeId, string>>>

/** The same of each judge that makes a handshake. */
export function handshakes<Said>(said: Said): Readonly<Record<'node-tls' | 's-client' | 'curl', Said>> {
  return { 'node-tls': said, 's-client': said, curl: said }
}

/** Everybody accepts, but for those that are named. */
export function accepted(except: Others = {}, because: Because = {}): Predictions {
  return foretold({ 'openssl-profile': 'accepted', 'web-profile': 'accepted' }, 'accepted', except, because)
}

/** Everybody refuses, but for those that are named; the judges of this program by a check, or by one each. */
export function refused(
  check: RefusingCheck | Readonly<Record<OwnJudgeId, RefusingCheck | 'accepted'>>,
  except: Others = {},
  because: Because = {},
): Predictions {
  const own = typeof check === 'string' ? { 'openssl-profile': check, 'web-profile': check } : check
  return foretold(own, 'refused', except, because)
}

/** Everybody accepts but the profile Web, and those that are named. */
export function refusedByWeb(check: RefusingCheck, except: Others = {}, because: Because = {}): Predictions {
  return foretold(by('accepted', check), 'accepted', except, because)
}

function foretold(
  own: Predictions['own'],
  outcome: 'accepted' | 'refused',
  except: Others,
  because: Because,
): Predictions {
  const others = { 'openssl-verify': outcome, certtool: outcome, ...handshakes(outcome), ...except }
  return { own, others, because }
}

/** One check of the profile OpenSSL strict, and another of Web. */
export function by(
  openssl: RefusingCheck | 'accepted',
  web: RefusingCheck | 'accepted',
): Readonly<Record<OwnJudgeId, RefusingCheck | 'accepted'>> {
  return { 'openssl-profile': openssl, 'web-profile': web }
}
