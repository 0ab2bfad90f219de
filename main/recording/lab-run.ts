/** The lab as a run: what it is at this moment, and whether all of it is in a file. */
import type { LabView } from '#shared/lab'
import { inOrder } from '#shared/run/order'
import type { AdversarySide, Run } from '#shared/run/run'
import type { Lab } from '../lab/lab'
import type { ClientRecords } from './client-records'
import type { History } from './history'

export interface LabRunOptions {
  readonly lab: Lab
  readonly history: History
  readonly client: ClientRecords
  /** Somebody in the middle of the lab’s connections, as they are now; undefined where nobody was there. */
  readonly side: () => AdversarySide | undefined
  readonly versions: LabView['versions']
}

export class LabRun {
  /** The newest record of authority and server in a run that was saved. */
  #savedUpTo: string | undefined

  constructor(private readonly options: LabRunOptions) {}

  /** All that the lab has recorded by now is in a run that was saved. */
  get isSaved(): boolean {
    const { newest } = this.options.lab.journal
    return newest !== undefined && newest === this.#savedUpTo
  }

  /** A run of the lab was saved, as {@link keep} has made it. */
  saved({ records }: Run): void {
    this.#savedUpTo = records.findLast(({ role }) => role !== 'client')?.id
  }

  /** What the lab is at this moment, as a run. @throws LabError as {@link ClientRecords.ask} */
  async keep(): Promise<Run> {
    const { lab, history, client, side: sideNow, versions } = this.options
    // First: what it says of its frames, roles have recorded by then.
    const side = sideNow()
    const [own, { keepRun }] = await Promise.all([client.ask(), import('./keep-run')])
    return keepRun({
      app: versions.app,
      settings: history.settings,
      anchors: history.anchors,
      records: inOrder(lab.journal.all, own.records),
      walkBegan: lab.walkBegan,
      roles: lab.roles,
      registration: lab.registration,
      outdated: lab.outdated,
      client: own.keys,
      side,
      now: Date.now(),
    })
  }
}
