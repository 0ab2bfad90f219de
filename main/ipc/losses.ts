/** Asks the person before something is lost that was written nowhere, and offers what keeps it; nobody is asked for nothing. */
import { LabError } from '#shared/errors'
import { FRONT_WINDOW, type WindowName } from '#shared/windows'
import type { Kept } from '../export/kept'
import type { Lab } from '../lab/lab'
import {
  lostByQuitting,
  lostByStartingOver,
  lostWithAuthority,
  lostWithServer,
  lostWithWorkshop,
  type Held,
  type HeldKeys,
  type Loss,
} from '../lab/loss'
import type { Person, Question } from '../windows/person'
import type { LabWindows } from '../windows/windows'
import type { WorkshopDesk } from '../workshop/workshop-desk'
import {
  questionOfClosing,
  questionOfLeavingWire,
  questionOfQuitting,
  questionOfRegisteringAgain,
  questionOfRenewing,
  questionOfStartingOver,
  questionOfStopping,
  type Remedy,
} from './questions'

export interface LossSurroundings {
  readonly lab: Pick<Lab, 'authority' | 'server' | 'registration' | 'messages' | 'messagesOfWalk'>
  readonly kept: Pick<Kept, 'has'>
  /** Whether a run that was saved has all that was recorded. */
  readonly isRunSaved: () => boolean
  readonly workshop: Pick<WorkshopDesk, 'served'>
  /** Messages that the adversary holds. */
  readonly held: () => number
  readonly windows: Pick<LabWindows, 'show' | 'ask'>
  readonly person: Pick<Person, 'chooses' | 'choosesByThemselves'>
  /** Ends the app. */
  readonly quit: () => void
}

export class Losses {
  /** The server's credentials that somebody who started over has agreed to lose. */
  #mayGo: object | undefined

  constructor(private readonly around: LossSurroundings) {}

  /** Quits, once the person has agreed where something is lost by that. `window`: the one that they are at. */
  async quit(window: WindowName | undefined): Promise<void> {
    const losses = lostByQuitting(this.#held)
    if ((await this.#choose(window, losses, questionOfQuitting, 'person')) === 'yes') this.around.quit()
  }

  /** Whether a window that stands beside the lab may close. */
  async mayClose(window: WindowName): Promise<boolean> {
    if (window === 'adversary') return this.#mayLeaveWire()
    const losses = window === 'workshop' ? lostWithWorkshop(this.#held) : []
    return (await this.#choose(window, losses, questionOfClosing(window), 'person')) === 'yes'
  }

  /** What the adversary holds is lost with its window, and the connections that cross it end: nobody could let go on any more. */
  async #mayLeaveWire(): Promise<boolean> {
    const held = this.around.held()
    if (held === 0) return true
    const question = questionOfLeavingWire(held)
    return (await this.around.person.choosesByThemselves('adversary', question)) === question.yes
  }

  /** Whether the walk may begin anew. Who agrees to lose the server's key by that is not asked again when it registers. */
  async mayStartOver(window: WindowName): Promise<boolean> {
    const losses = lostByStartingOver(this.#held)
    const { credentials } = this.around.lab.server
    const may = await this.#may(window, losses, questionOfStartingOver)
    if (may && losses.length > 0) this.#mayGo = credentials
    return may
  }

  /** Whether the authority may stop, or become another one. */
  async mayGiveUpAuthority(window: WindowName, act: 'stop' | 'renew'): Promise<boolean> {
    const question = act === 'stop' ? questionOfStopping('authority') : questionOfRenewing
    return this.#may(window, lostWithAuthority(this.#held), question)
  }

  /** Whether the server may stop. */
  async mayStopServer(window: WindowName): Promise<boolean> {
    return this.#may(window, lostWithServer(this.#held), questionOfStopping('server'))
  }

  /** Whether the server may register. A certificate that is no good any more is no loss, and its key with it. */
  async mayRegister(window: WindowName): Promise<boolean> {
    const { registration, server } = this.around.lab
    const isGood = registration === 'registered' && server.credentials !== this.#mayGo
    const losses = isGood ? lostWithServer(this.#held) : []
    return this.#may(window, losses, questionOfRegisteringAgain)
  }

  /**
   * Whether the person agrees to what a page asks for.
   * @throws LabError `not_asked_for` while another question is open
   */
  async #may(
    window: WindowName,
    losses: readonly Loss[],
    questionOf: (losses: readonly Loss[]) => Question,
  ): Promise<boolean> {
    const chosen = await this.#choose(window, losses, questionOf, 'page')
    if (chosen === undefined)
      throw new LabError('not_asked_for', 'Another question is open: answer that one first.')
    return chosen === 'yes'
  }

  /** Where nothing is lost, nobody is asked. Undefined where nobody could be, as another question is open. */
  async #choose(
    window: WindowName | undefined,
    losses: readonly Loss[],
    questionOf: (losses: readonly Loss[]) => Question,
    broughtUpBy: 'page' | 'person',
  ): Promise<'yes' | 'no' | undefined> {
    if (losses.length === 0) return 'yes'
    const [question, remedies] = [questionOf(losses), remediesFor(losses)]
    const labels = remedies.map(({ label }) => label)
    const { person } = this.around
    const choice = { ...question, others: labels }
    const chosen =
      broughtUpBy === 'page' && window
        ? await person.chooses(window, choice)
        : await person.choosesByThemselves(window, choice)
    const remedy = remedies.find(({ label }) => label === chosen)
    if (remedy) {
      const { windows } = this.around
      windows.show(remedy.window)
      windows.ask(remedy.window, 'dialog:open', { dialog: remedy.dialog })
    }
    return chosen === undefined ? undefined : chosen === question.yes ? 'yes' : 'no'
  }

  get #held(): Held {
    const { lab, kept, isRunSaved, workshop } = this.around
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
      issued: authority.issued.length + (authority.requests?.signed.length ?? 0),
      authority: keys(authority.credentials, authority.credentials?.keyPair.privateKey),
      server: keys(server.credentials, server.credentials?.privateKey),
      messages: isSaved ? 0 : lab.messages,
      ofWalk: isSaved ? 0 : lab.messagesOfWalk,
      served: workshop.served,
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
