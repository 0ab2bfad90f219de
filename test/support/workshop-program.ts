/** Has all recipes judged in the process that it runs in, Node or Electron as Node, and prints what comes otherwise than foretold. */
import { JUDGES } from '#main/workshop/judges/all'
import { nativeCrypto } from '#main/workshop/native-crypto'
import { runRecipes } from '#main/workshop/run-recipes'
import { TLS_LIBRARY } from '#main/workshop/tls-library'
import { isAsPredicted } from '#shared/workshop/boring-ssl'
import { RECIPES } from '#shared/workshop/recipes'

/** What it prints, as JSON. */
export interface WorkshopReport {
  readonly library: string
  readonly electron: string | undefined
  readonly verdicts: number
  readonly differences: readonly string[]
}

const differences: string[] = []
let verdicts = 0
await runRecipes({
  recipes: RECIPES,
  judges: JUDGES,
  crypto: nativeCrypto(),
  now: Date.now,
  signal: new AbortController().signal,
  onDone: (recipe, { id }, judged) => {
    verdicts++
    if (!isAsPredicted(TLS_LIBRARY, recipe, id, judged))
      differences.push(`${recipe.id}, ${id}: ${judged.outcome} ${judged.check ?? ''} ${judged.said}`)
  },
})
const report: WorkshopReport = {
  library: TLS_LIBRARY,
  electron: process.versions['electron'],
  verdicts,
  differences,
}
process.stdout.write(JSON.stringify(report))
