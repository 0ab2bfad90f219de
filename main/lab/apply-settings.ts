/** Keeps changed settings and does what they call for: moves listeners to other ports, makes the authority a new one. */
import { LabError, otherwise } from '#shared/errors'
import { isRenamed, portToMoveTo } from '#shared/settings-effects'
import type { Settings, SettingsProblems } from '#shared/settings'
import type { SettingsStore } from '../settings/settings-store'
import type { Lab } from './lab'

/** What became of a change: the settings in force, or what is wrong with single ones. */
export type SettingsOutcome = { readonly settings: Settings } | { readonly problems: SettingsProblems }

export class SettingsChanges {
  /** Two windows may save at the same time: one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly lab: Lab,
    private readonly store: SettingsStore,
  ) {}

  /**
   * Nothing is kept where a setting is not allowed, or a listener can't be moved. `mayRename`: whether the authority that runs may
   * become another one, as it has another name.
   * @throws LabError `port_in_use`, `listen_failed`, `not_asked_for` where it may not, and what keeping them throws
   */
  apply(
    changes: Readonly<Record<string, unknown>>,
    mayRename: () => Promise<boolean>,
  ): Promise<SettingsOutcome> {
    const applied = this.#last.then(() => this.#apply(changes, mayRename))
    this.#last = applied.catch(() => undefined)
    return applied
  }

  async #apply(
    changes: Readonly<Record<string, unknown>>,
    mayRename: () => Promise<boolean>,
  ): Promise<SettingsOutcome> {
    const { lab, store } = this
    const judged = store.judge(changes)
    if ('problems' in judged) return judged
    const { authority } = lab
    const identity = authority.credentials?.identity
    const running = { status: authority.status, identity: identity ?? '' }
    const renames = isRenamed(running, store.current, judged.next)
    if (renames && !(await mayRename()))
      throw new LabError('not_asked_for', 'Nothing was changed: the authority keeps its name and its key.')
    const isOtherSuite = judged.next.suite !== store.current.suite
    await lab.freeListPort([judged.next.authorityPort, judged.next.serverPort])
    try {
      const undo = await moveListeners(lab, store.current, judged.next)
      await judged.keep().catch(async (error: unknown) => {
        await undo()
        throw error
      })
    } catch (error) {
      await lab.serveList()
      throw error
    }
    if (isOtherSuite) lab.changeSuite()
    if (renames) await lab.renewAuthority()
    await lab.serveList()
    return { settings: store.current }
  }
}

/** Moves the listeners that have to move, both or neither, and gives what takes it back. */
async function moveListeners(
  { authority, server }: Pick<Lab, 'authority' | 'server'>,
  before: Settings,
  after: Settings,
): Promise<() => Promise<void>> {
  const authorityTo = portToMoveTo(authority, before.authorityPort, after.authorityPort)
  const serverTo = portToMoveTo(server, before.serverPort, after.serverPort)
  const moved: (() => Promise<void>)[] = []
  const undo = async (): Promise<void> => {
    for (const back of moved.splice(0).reverse()) await back().catch(otherwise(undefined))
  }
  const move = async (role: typeof authority | typeof server, to: number | undefined): Promise<void> => {
    const from = role.address?.port
    if (to === undefined || from === undefined) return
    await role.move(to)
    moved.push(() => role.move(from))
  }
  try {
    // Where the two change places, one of them has to step aside first.
    if (serverTo !== undefined && authorityTo === server.address?.port) await move(server, 0)
    await move(authority, authorityTo)
    await move(server, serverTo)
  } catch (error) {
    await undo()
    throw error
  }
  return undo
}
