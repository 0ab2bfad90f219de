/** Asks the person before something is lost that was written nowhere, and offers what keeps it; nobody is asked for nothing. */
import { FRONT_WINDOW, type WindowName } from '#shared/windows'
import type { Kept } from '../export/kept'
import type { Lab } from '../lab/lab'
import { lostByQuitting, lostByStartingOver, type Held, type HeldKeys, type Loss } from '../lab/loss'
import type { Person } from '../windows/person'
import type { LabWindows } from '../windows/windows'
import { questionOfQuitting, questionOfStartingOver, type Remedy } from './questions'

export interface LossSurroundings {
  readonly lab: Pick<Lab, 'authority' | 'server' | 'messages' | 'messagesOfWalk'>
  readonly kept: Pick<Kept, 'has'>
  /** Whether a run that was saved has all that was recorded. */
  readonly isRunSaved: () => boolean
  readonly windows: Pick<LabWindows, 'show' | 'ask'>
  readonly person: Pick<Person, 'chooses'>
  /** Ends the app. */
  readonly quit: () => void
}

export class Losses {
  constructor(private readonly around: LossSurroundings) {}

  /** Quits, once the person has agreed where something is lost by that. `window`: the one that they are at. */
  async quit(window: WindowName | undefined): Promise<void> {
    const losses = lostByQuitting(this.#held)
    const mayQuit =
      losses.length === 0 || (await this.#ask(window, questionOfQuitting(losses), remediesFor(losses)))
    if (mayQuit) this.around.quit()
  }

  /** Whether the walk may begin anew. */
  async mayStartOver(window: WindowName): Promise<boolean> {
    const losses = lostByStartingOver(this.#held)
    return losses.length === 0 || this.#ask(window, questionOfStartingOver(losses), remediesFor(losses))
  }

  async #ask(
    window: WindowName | undefined,
    question: ReturnType<typeof questionOfQuitting>,
    remedies: readonly (Remedy & { readonly window: WindowName })[],
  ): Promise<boolean> {
    const labels = remedies.map(({ label }) => label)
    const chosen = await this.around.person.chooses(window, { ...question, others: labels })
    const remedy = remedies.find(({ label }) => label === chosen)
    if (remedy) {
      const { windows } = this.around
      windows.show(remedy.window)
      windows.ask(remedy.window, 'dialog:open', { dialog: remedy.dialog })
    }
    return chosen === question.yes
  }

  get #held(): Held {
    const { lab, kept, isRunSaved } = this.around
    const isSaved = isRunSaved()
    const { authority, server } = lab
    const keys = (
      credentials: { readonly identity: string; readonly certificate: object } | undefined,
      privateKey: object | undefined,
    ): HeldKeys | undefined =>
      credentials &&
      privateKey && {
        identity: credentials.identity,
        isKeyKept: kept.has(privateKey),
        isCertificateKept: kept.has(credentials.certificate),
      }
    return {
      authority: keys(authority.credentials, authority.credentials?.keyPair.privateKey),
      server: keys(server.credentials, server.credentials?.privateKey),
      messages: isSaved ? 0 : lab.messages,
      ofWalk: isSaved ? 0 : lab.messagesOfWalk,
    }
  }
}

/**
 * What can be done before: *Export…* writes keys and certificates, a private key in the window of its own role; *Save run…* all that
 * was recorded.
 */
function remediesFor(losses: readonly Loss[]): readonly (Remedy & { readonly window: WindowName })[] {
  const keys = losses.find((loss) => loss.of === 'keys')
  return [
    ...(keys ? [{ label: 'Export…', dialog: 'export', window: keys.role } as const] : []),
    ...(losses.some(({ of }) => of === 'log')
      ? [{ label: 'Save run…', dialog: 'run', window: FRONT_WINDOW } as const]
      : []),
  ]
}
