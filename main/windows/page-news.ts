/** What a window says of itself after its page was lost, or after it was closed and brought back. */
import type { WindowName } from '#shared/lab'

/** How a page ended: somebody loaded it again, or its process died. */
export type PageEnd = 'reloaded' | 'failed'

/** What the client's window had under way at that moment. */
export interface UnderWay {
  /** Open connections to the server. */
  readonly connections: number
  /** A lifetime trial, or runs of both suites, which end with the window that watches them. */
  readonly experiment: boolean
}

const GIVEN_UP = 'The trial or comparison that ran was given up.'

/** Undefined where nobody has to know: a page of authority or server that was loaded again holds nothing of its own. */
export function newsOfLoss(
  name: WindowName,
  how: PageEnd,
  { connections, experiment }: UnderWay,
): string | undefined {
  const happened =
    how === 'failed' ? 'This window failed and was loaded again.' : 'This window was loaded again.'
  if (name !== 'client') {
    return how === 'failed' ? `${happened} Nothing is lost: the ${name} runs outside of it.` : undefined
  }
  const lost =
    connections > 0
      ? 'What the client held is lost: its connection to the server, its keys, and its session if there was one.'
      : 'The client had no connection to the server, so no session is lost.'
  const goesOn = 'Authority and server go on: take up the walk again with Next step or Run all.'
  return [happened, lost, ...(experiment ? [GIVEN_UP] : []), goesOn].join(' ')
}

/** Of the client's window alone: the pages of the other two hold nothing that could be missed. */
export function newsOfReturn({ connections, experiment }: UnderWay): string {
  const kept =
    connections > 0
      ? 'The client kept its connection to the server meanwhile.'
      : 'The client had no connection to the server.'
  const lost = experiment ? GIVEN_UP : 'Nothing is lost.'
  return `This window was closed, and is back as it was. ${kept} ${lost}`
}
