/** What a judge says of a chain, as a sign and in words: what was foretold, what came, and whether that is the same. */
import { PATH_CHECKS } from '#shared/inspect/path/check-texts'
import { isAsPredicted, predictedWith, type TlsLibrary } from '#shared/workshop/boring-ssl'
import type { Recipe } from '#shared/workshop/recipe'
import { OUTCOME_WORDS, type JudgedChain, type JudgeId, type Outcome } from '#shared/workshop/verdicts'

/** Signs of outcomes, in the order of the legend. */
export const SIGNS: Readonly<Record<Outcome, string>> = {
  accepted: '✓',
  refused: '✗',
  unservable: '–',
  undecided: '?',
}

/** An outcome in words, with the check by which a judge of this program refuses. */
export function outcomeWords({ outcome, check }: Pick<JudgedChain, 'outcome' | 'check'>): string {
  const word = OUTCOME_WORDS[outcome]
  if (check === undefined) return word
  return `${word}: ${check === 'unreadable' ? 'can’t be read' : PATH_CHECKS[check].title}`
}

const TELLS_OF_FAULT = /\berror\b|not verified|\bfail|problem|unable|mismatch/i
const TELLS_OF_NONE = /\bok\b|\bverified\b|authorized|accepted/i

/** What of a judge's words says why: its first line that tells of a fault, or of none; or else the first one. */
export function gist({ outcome, said }: Pick<JudgedChain, 'outcome' | 'said'>): string {
  const lines = said.split('\n').map((line) => line.trim())
  const tells = outcome === 'accepted' ? TELLS_OF_NONE : TELLS_OF_FAULT
  // curl says why in a line of its own, behind a paragraph that tells of a fault whatever it was.
  const curls = lines.find((line) => line.startsWith('curl: ('))
  return curls ?? lines.find((line) => tells.test(line)) ?? lines.find((line) => line !== '') ?? ''
}

export interface Face {
  readonly outcome: Outcome
  readonly sign: string
  /** The outcome, and what is to be known of it, in words. */
  readonly words: string
  /** `foretold`: nobody has judged yet; `other`: it came otherwise than it was foretold. */
  readonly state: 'foretold' | 'as_foretold' | 'other'
}

/** The face of a recipe under a judge. */
export function faceOf(
  recipe: Recipe,
  judge: JudgeId,
  library: TlsLibrary,
  judged: JudgedChain | undefined,
): Face {
  const foretold = predictedWith(library, recipe, judge)
  if (!judged)
    return {
      outcome: foretold.outcome,
      sign: SIGNS[foretold.outcome],
      words: `predicted: ${outcomeWords(foretold)}`,
      state: 'foretold',
    }
  const isSame = isAsPredicted(library, recipe, judge, judged)
  const words = outcomeWords(judged)
  return {
    outcome: judged.outcome,
    sign: SIGNS[judged.outcome],
    words: isSame ? `${words}, as predicted` : `${words}; predicted: ${outcomeWords(foretold)}`,
    state: isSame ? 'as_foretold' : 'other',
  }
}

/** Recipes with all the words of a search in what is said of them. */
export function findRecipes(query: string, recipes: readonly Recipe[]): readonly Recipe[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return recipes.filter(({ id, title, wrong, rule, otherwise }) => {
    const text = [id, title, wrong, rule, otherwise].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
