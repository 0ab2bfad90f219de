/** What ends with a window's page, and what its window says of that. */
import type { Adversary } from '../adversary/adversary'
import type { AttackDesk } from '../adversary/attack-desk'
import type { WorkshopDesk } from '../workshop/workshop-desk'
import type { Trials } from '../experiments/trials'
import type { KnowledgeRuns } from '../experiments/knowledge-runs'
import type { SuiteRuns } from '../experiments/suite-runs'
import type { Hub } from '../lab/events'
import type { Lab } from '../lab/lab'
import type { Notices } from '../lab/notices'
import type { WindowName } from '#shared/windows'
import { newsOfClosing, newsOfLoss, newsOfReturn, type UnderWay } from '../windows/page-news'
import type { ClientLinks } from './client-link'

export interface PageHolders {
  readonly hub: Hub
  readonly lab: Pick<Lab, 'walkForgotten'>
  readonly notices: Notices
  readonly links: ClientLinks
  readonly trials: Trials
  readonly suiteRuns: SuiteRuns
  readonly knowledgeRuns: KnowledgeRuns
  readonly attacks: Pick<AttackDesk, 'forget'>
  readonly workshop: Pick<WorkshopDesk, 'forget'>
  readonly adversary: Pick<Adversary, 'switchOff' | 'view'>
}

/** How long is said that nothing is lost: it lies over the window's lower edge. */
const GOOD_NEWS_MS = 15_000

/** Why the client's connection ends: nobody on it can tell. */
const ADVERSARY_LEFT =
  'The adversary was switched off with its window, and the connections that crossed it have ended. To go on, renew the session or start over.'

/** From now on ends what a window's page has had under way when it goes, and says what the client's had. */
export function attendPages({
  hub,
  lab,
  notices,
  links,
  trials,
  suiteRuns,
  knowledgeRuns,
  attacks,
  workshop,
  adversary,
}: PageHolders): void {
  const underWay = (): UnderWay => ({
    connections: links.count,
    experiment: trials.isRunning || suiteRuns.isRunning,
  })
  /** The client's window was closed while a trial ran. */
  let isTrialGivenUp = false
  hub.on('pageGone', ({ window, how }) => {
    const said = newsOfLoss(window, how, underWay())
    if (said !== undefined) notices.add(said, { window })
    if (window === 'knowledge') knowledgeRuns.forget()
    if (window === 'attacks' && how === 'closed') void attacks.forget()
    if (window === 'workshop' && how === 'closed') void workshop.forget()
    // Nobody could let go any more what it holds.
    if (window === 'adversary' && how === 'closed') {
      if (adversary.view.connections.some(({ isOpen }) => isOpen))
        notices.add(ADVERSARY_LEFT, { window: 'client' })
      void adversary.switchOff()
    }
    if (window !== 'client') return
    links.closeAll()
    lab.walkForgotten()
    void trials.cancel()
    void suiteRuns.cancel()
  })
  /** What is said of windows that are closed. */
  const closed = new Map<WindowName, number>()
  hub.on('windowHidden', (window) => {
    closed.set(window, notices.add(newsOfClosing(window, process.platform), { kind: 'note', offers: window }))
    if (window !== 'client') return
    isTrialGivenUp = trials.isRunning
    void trials.cancel()
  })
  hub.on('windowBack', (window) => {
    const said = closed.get(window)
    if (said !== undefined) notices.dismiss(said)
    if (window !== 'client') return
    const news = newsOfReturn({ ...underWay(), experiment: isTrialGivenUp })
    const id = notices.add(news, { window, kind: isTrialGivenUp ? 'warning' : 'note' })
    if (!isTrialGivenUp) setTimeout(() => notices.dismiss(id), GOOD_NEWS_MS).unref()
  })
}
