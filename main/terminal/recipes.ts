/** What a terminal run does with recipes for wrong certificates. */
import { judgeTerminalRecipes } from './judge-recipes'
import type { Output } from './output'
import type { RecipesRequest } from './recipes-request'
import { serveTerminalRecipes } from './serve-recipes'
import { writeTerminalRecipes } from './write-recipes'

/**
 * Serves them, has them judged, or writes them. `progress`: tells a person what is under way, if there is one.
 * @throws LabError `not_as_predicted`, and what each of the three throws; the signal's reason
 */
export function runTerminalRecipes(
  request: RecipesRequest,
  output: Output,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (line: string) => void },
): Promise<void> {
  switch (request.is) {
    case 'serve':
      return serveTerminalRecipes(request, output, signal)
    case 'judge':
      return judgeTerminalRecipes(request, output, { signal, progress })
    case 'write':
      return writeTerminalRecipes(request, output)
  }
}
