/** Recipes judged in a terminal: a table of what was predicted and what came, and where they differ the reason. */
import { LabError } from '#shared/errors'
import { isAsPredicted, predictedWith } from '#shared/workshop/boring-ssl'
import type { Recipe } from '#shared/workshop/recipe'
import { JUDGE_NAMES, OUTCOME_WORDS, type JudgedChain, type JudgeId } from '#shared/workshop/verdicts'
import { shorten } from '#shared/visible'
import { count, firstOf } from '#shared/words'
import type { Judge } from '../workshop/judge'
import { JUDGES } from '../workshop/judges/all'
import { sweepLeftBehind } from '../workshop/left-behind'
import { nativeCrypto } from '../workshop/native-crypto'
import { runRecipes } from '../workshop/run-recipes'
import { TLS_LIBRARY } from '../workshop/tls-library'
import type { Output } from './output'
import type { JudgeRequest } from './recipes-request'

interface Verdict {
  readonly recipe: Recipe
  readonly judge: JudgeId
  readonly judged: JudgedChain
}

/** Progress is told at most so often, in milliseconds. */
const PROGRESS_MS = 1_000

/**
 * Has them judged by everybody who is installed, and prints it.
 * @throws LabError `not_as_predicted` when a verdict came otherwise than predicted; the signal's reason, when nothing runs any more
 */
export async function judgeTerminalRecipes(
  { recipes, json }: JudgeRequest,
  output: Output,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (line: string) => void },
): Promise<void> {
  const tell = (...lines: readonly string[]): void => (json ? output.note : output.print)(lines)
  await sweepLeftBehind()
  const judges = await installedJudges(tell, signal)
  const started = performance.now()
  const verdicts: Verdict[] = []
  let told = started
  const all = recipes.length * judges.length
  const onDone = (recipe: Recipe, { id: judge }: Judge, judged: JudgedChain): void => {
    const verdict = { recipe, judge, judged }
    verdicts.push(verdict)
    if (json) output.json(() => verdictForJson(verdict))
    if (performance.now() - told < PROGRESS_MS) return
    told = performance.now()
    progress(`${verdicts.length} of ${count(all, 'verdict')}`)
  }
  await runRecipes({ recipes, judges, crypto: nativeCrypto(), now: Date.now, onDone, signal })
  if (!json) output.print(tableOf(recipes, judges, verdicts))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  tell('', `${count(recipes.length, 'recipe')}, ${count(verdicts.length, 'verdict')} in ${seconds} s.`)
  const other = verdicts.filter((verdict) => !isAsTold(verdict))
  if (other.length === 0) return tell('All as predicted.')
  const names = firstOf(other.map(({ recipe, judge }) => `${recipe.id} by ${JUDGE_NAMES[judge]}`))
  throw new LabError(
    'not_as_predicted',
    `Otherwise than predicted: ${names}. The predictions are for the programs of Debian 12; another version may judge otherwise.`,
  )
}

async function installedJudges(
  tell: (...lines: readonly string[]) => void,
  signal: AbortSignal,
): Promise<readonly Judge[]> {
  const found: Judge[] = []
  for (const judge of JUDGES) {
    const version = await judge.version(signal)
    tell(
      `${JUDGE_NAMES[judge.id].padEnd(20)}${version === undefined ? 'not installed: left out' : shorten(version, 80)}`,
    )
    if (version !== undefined) found.push(judge)
  }
  tell('')
  return found
}

function isAsTold({ recipe, judge, judged }: Verdict): boolean {
  return isAsPredicted(TLS_LIBRARY, recipe, judge, judged)
}

function verdictForJson(verdict: Verdict): object {
  const { recipe, judge, judged } = verdict
  const { because, ...predicted } = predictedWith(TLS_LIBRARY, recipe, judge)
  const { said, ...came } = judged
  return {
    ...{ recipe: recipe.id, judge, predicted, actual: came, asPredicted: isAsTold(verdict) },
    ...(because === undefined ? {} : { because }),
    said,
  }
}

/** A row for each recipe; a cell has what came, and before it what was predicted where that is otherwise. */
function tableOf(
  recipes: readonly Recipe[],
  judges: readonly Judge[],
  verdicts: readonly Verdict[],
): readonly string[] {
  const of = (recipe: Recipe, judge: JudgeId): Verdict | undefined =>
    verdicts.find((verdict) => verdict.recipe === recipe && verdict.judge === judge)
  const rows = [
    ['', ...judges.map(({ id }) => JUDGE_NAMES[id])],
    ...recipes.map((recipe) => [recipe.id, ...judges.map(({ id }) => cellOf(of(recipe, id)))]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return [
    'One word where a verdict came as predicted; otherwise PREDICTED, then what came.',
    '',
    ...rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    ...verdicts.filter((verdict) => !isAsTold(verdict)).flatMap(reasonLines),
  ]
}

function cellOf(verdict: Verdict | undefined): string {
  if (!verdict) return ''
  const came = verdictWord(verdict.judged)
  if (isAsTold(verdict)) return came
  return `${verdictWord(predictedWith(TLS_LIBRARY, verdict.recipe, verdict.judge)).toUpperCase()} ${came}`
}

/** Who refuses by a check that has a name says that name. */
function verdictWord({ outcome, check }: Pick<JudgedChain, 'outcome' | 'check'>): string {
  return check ?? OUTCOME_WORDS[outcome]
}

function reasonLines({ recipe, judge, judged }: Verdict): readonly string[] {
  const { because } = predictedWith(TLS_LIBRARY, recipe, judge)
  return [
    '',
    `${recipe.id}, ${JUDGE_NAMES[judge]}`,
    `    says        ${judged.said.split('\n').join(' ') || 'nothing'}`,
    ...(because === undefined ? [] : [`    predicted   ${because}`]),
  ]
}
