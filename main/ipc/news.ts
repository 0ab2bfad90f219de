/** What the windows are told of what happens: the hub's events on one side, those of the contract on the other. */
import type { AdversaryView } from '#shared/adversary/live'
import type { LabView } from '#shared/lab'
import type { RecordingNews } from '#shared/run/view'
import { WINDOWS } from '#shared/windows'
import { coalesce } from '../lab/coalesce'
import type { Hub } from '../lab/events'
import { NEWS_PAUSE_MS, RecordNews } from '../lab/record-news'
import type { Log } from '../log/log'
import type { LabWindows } from '../windows/windows'

export interface NewsSources {
  readonly hub: Hub
  readonly windows: Pick<LabWindows, 'tell' | 'tellOne' | 'get'>
  /** The lab as it is now. */
  readonly view: () => Promise<LabView>
  /** The adversary as it is now. */
  readonly adversary: () => AdversaryView
  /** The run that is open. */
  readonly recording: () => Promise<RecordingNews>
  readonly log: Pick<Log, 'failed'>
}

/** From now on tells the windows; the result is the news of records on their way. */
export function tellWindows({ hub, windows, view, adversary, recording, log }: NewsSources): RecordNews {
  const fail = (error: unknown): void => log.failed('While the windows were told of news.', error)
  const records = new RecordNews(WINDOWS, {
    tell: (window, changes) => windows.tellOne(window, 'records:changed', changes),
    fail,
  })
  const announce = coalesce(async () => windows.tell('lab:changed', await view()), fail, NEWS_PAUSE_MS)
  /** As the lab's windows were told last: they say as well that something is held. */
  let held = 0
  const tellAdversary = coalesce(
    async () => {
      const now = windows.get('adversary') && adversary()
      if (now) windows.tellOne('adversary', 'adversary:changed', now)
      const before = held
      held = now?.held.length ?? 0
      if (held !== before) announce()
    },
    fail,
    NEWS_PAUSE_MS,
  )
  const tellRecording = coalesce(
    async () => windows.tell('recording:changed', await recording()),
    fail,
    NEWS_PAUSE_MS,
  )
  hub.on('recording', tellRecording)
  hub.on('changed', announce)
  hub.on('changed', tellAdversary)
  hub.on('adversary', tellAdversary)
  hub.on('recorded', (entry) => records.add({ kind: 'added', entry }))
  hub.on('forgotten', (whose) => records.add({ kind: 'forgotten', whose }))
  hub.on('settings', (settings) => windows.tell('settings:changed', settings))
  hub.on('settings', announce)
  hub.on('trial', (result) => windows.tellOne('client', 'trial:progress', result))
  hub.on('runs', (progress) => windows.tellOne('client', 'suites:progress', progress))
  hub.on('making', (progress) => windows.tellOne('knowledge', 'knowledge:progress', progress))
  return records
}
