/** What a window says of itself after its page was lost, or after it was closed and brought back. */
import { keyNames } from '#shared/help/key-names'
import { windowKey } from '#shared/help/menu-keys'
import { namesOf, WINDOWS, type WindowTable } from '#shared/windows'
import type { PageEnd } from '../lab/events'

/** What the client's window had under way at that moment. */
export interface UnderWay {
  /** Open connections to the server. */
  readonly connections: number
  /** A lifetime trial, or runs of both suites, which end with the window that watches them. */
  readonly experiment: boolean
}

const GIVEN_UP = 'The trial or comparison that ran was given up.'

/** Undefined where nobody has to know: but for the client's page, what a page holds is kept outside of it, or made again. */
export function newsOfLoss(
  name: string,
  how: PageEnd,
  { connections, experiment }: UnderWay,
  windows: WindowTable = WINDOWS,
): string | undefined {
  const happened =
    how === 'failed' ? 'This window failed and was loaded again.' : 'This window was loaded again.'
  const role = windows[name]?.role
  if (role !== 'client') {
    const kept = role ? `the ${role} runs outside of it.` : 'what it shows is kept outside of it.'
    return how === 'failed' ? `${happened} Nothing is lost: ${kept}` : undefined
  }
  const lost =
    connections > 0
      ? 'What the client held is lost: its connection to the server, its keys, and its session if there was one.'
      : 'The client had no connection to the server, so no session is lost.'
  const goesOn = 'Authority and server go on: take up the walk again with Next step or Run all.'
  return [happened, lost, ...(experiment ? [GIVEN_UP] : []), goesOn].join(' ')
}

/** Where a window went that was closed, and how it comes back; for those that are still open. */
export function newsOfClosing(
  name: string,
  platform: NodeJS.Platform,
  windows: WindowTable = WINDOWS,
): string {
  const row = windows[name]
  const goesOn = row?.role ? ` The ${row.role} goes on without it.` : ''
  const key = keyNames(windowKey(namesOf(windows).indexOf(name)), platform === 'darwin').join('+')
  const click = row?.role && row.role !== 'client' ? ', or a click on its name above the steps,' : ''
  const shown = platform === 'darwin' ? '' : ' (Alt shows the menus)'
  return `The window “${row?.title ?? name}” is closed.${goesOn} ${key}${click} brings it back, and so does the menu Window${shown}.`
}

/** Of the client's window alone: the pages of the others hold nothing that could be missed. */
export function newsOfReturn({ connections, experiment }: UnderWay): string {
  const kept =
    connections > 0
      ? 'The client kept its connection to the server meanwhile.'
      : 'The client had no connection to the server.'
  const lost = experiment ? GIVEN_UP : 'Nothing is lost.'
  return `This window was closed, and is back as it was. ${kept} ${lost}`
}
