/** The client's walk in a run that is open, at its moment. */
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { orUndefined } from '#shared/errors'
import type { ClientState } from '#shared/hl1/state'
import { isStepNumber, STEPS, type StepNumber } from '#shared/hl1/steps'
import type { Hl1Entry } from '#shared/hl1/types'
import { clientAt } from '#shared/run/client-at'
import type { RecordingView } from '#shared/run/view'
import { EXCHANGES_KEPT, type Exchange } from './client-side'

/** What the window shows of it. */
export interface RecordedWalk {
  /** The client's records on its last connection. */
  readonly own: readonly Hl1Entry[]
  /** Those on connections before. */
  readonly earlier: readonly Hl1Entry[]
  /** Those of authority and server. */
  readonly entries: readonly Hl1Entry[]
  readonly marker: string | undefined
  readonly connection: string | undefined
  /** What the client knew, without keys. */
  readonly state: ClientState | undefined
  readonly known: ClientState | undefined
  readonly session: ClientState['session']
  readonly next: StepNumber
  readonly exchanges: readonly Exchange[]
}

/** @param all the records of the moment, in their order */
export function walkOf(all: readonly Hl1Entry[], view: RecordingView): RecordedWalk {
  const { settings, clientAnchor } = view
  const clients = all.filter(({ role }) => role === 'client')
  const connection = clients.at(-1)?.connection.id
  const own = clients.filter((entry) => entry.connection.id === connection)
  const trustAnchor =
    clientAnchor === undefined ? undefined : orUndefined(() => parseCertificate(clientAnchor))
  const known = clientAt(own, { settings, trustAnchor })
  return {
    own,
    earlier: clients.filter((entry) => entry.connection.id !== connection),
    entries: all.filter(({ role }) => role !== 'client'),
    marker: view.walkBegan,
    connection,
    state: known,
    known,
    session: known?.session,
    next: nextStep(all),
    exchanges: exchangesOf(clients),
  }
}

/** The step after the last one that was taken. */
function nextStep(all: readonly Hl1Entry[]): StepNumber {
  const last = all.findLast(({ kind }) => kind === 'message')
  if (!last || !isStepNumber(last.step)) return 1
  if (last.direction === 'sent') return last.step
  return STEPS[last.step].then ?? (last.step === 2 ? 3 : 7)
}

/** Requests that were answered, the newest first, on whatever connection; as many of them as the lab's own walk shows. */
function exchangesOf(clients: readonly Hl1Entry[]): readonly Exchange[] {
  const text = (entry: Hl1Entry, name: string): string => {
    const value = entry.members.find((member) => member.name === name)?.value
    return typeof value === 'string' ? value : ''
  }
  const exchanges: Exchange[] = []
  let asked: Hl1Entry | undefined
  for (const entry of clients) {
    if (entry.kind !== 'message') continue
    if (entry.step === 7) asked = entry
    if (entry.step !== 8 || !entry.outcome.ok || !asked) continue
    const id = exchanges.length + 1
    const connection = entry.connection.id
    exchanges.push({ id, request: text(asked, 'req'), answer: text(entry, 'data'), connection })
  }
  return exchanges.slice(-EXCHANGES_KEPT).reverse()
}
