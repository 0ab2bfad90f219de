/** Brings a question about a name before the person: in the authority's window, also where that was closed. */
import { WINDOW_NAMES, WINDOWS } from '#shared/windows'
import type { Hub } from '../lab/events'
import type { Lab } from '../lab/lab'
import type { LabWindows } from '../windows/windows'

export interface QuestionNews {
  readonly hub: Pick<Hub, 'on'>
  readonly lab: { readonly authority: Pick<Lab['authority'], 'desk'> }
  readonly windows: Pick<LabWindows, 'callFor'>
}

/** From now on the authority's window calls for attention once for each question. */
export function presentQuestions({ hub, lab, windows }: QuestionNews): void {
  const window = WINDOW_NAMES.find((name) => WINDOWS[name].role === 'authority')
  let newest = 0
  hub.on('changed', () => {
    const id = lab.authority.desk.questions.at(-1)?.id ?? 0
    if (id <= newest) return
    newest = id
    if (window) windows.callFor(window)
  })
}
