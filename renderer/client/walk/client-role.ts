/**
 * The client itself: its half of the protocol and all its secrets live in this window, on top of a link that main holds. One
 * instance is one connection; what happens on it is told through the hooks.
 */
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { reportFailure } from '#shared/failure'
import { Client, type ClientOptions, type ClientSettings } from '#shared/hl1/drivers/client'
import type { Pace } from '#shared/hl1/drivers/conversation'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import type { CallsOf } from '#shared/ipc/contract'
import type { StepNumber } from '#shared/hl1/steps'
import type { Hl1Entry } from '#shared/hl1/types'
import { logUnforeseen, report, type Call } from '../../common/call'
import { linkPipe } from './link-pipe'

export interface ClientHooks extends Pick<ClientOptions, 'stepping' | 'onRecord' | 'onFarewell'> {
  /** Asks main. */
  readonly call: Call<CallsOf<'client'>>
  readonly settings: () => ClientSettings
  /** What the session is measured with. */
  readonly lifetimes: NonNullable<Environment['lifetimes']>
  /** Asked before a message is built; `connection` is the identifier of the one that it is for. */
  readonly pace: (step: StepNumber, connection: string, ending: () => AbortSignal) => ReturnType<Pace>
}

/**
 * Connects to the server, with the authority's certificate of this moment as trust anchor.
 * @throws CallError `no_trust_anchor`, `not_running`, `connection_refused`; LabError `bad_setting`
 */
export async function connectClient(hooks: ClientHooks): Promise<Client> {
  const { call, settings, lifetimes, pace, stepping, onRecord, ...others } = hooks
  const goesBy = settings()
  const { pem } = await call('client:trust')
  const { id, connection, patient } = await call('link:open')
  return new Client({
    pipe: linkPipe(id, call),
    connection,
    settings: goesBy,
    trustAnchor: parseCertificate(pem),
    environment: { ...systemEnvironment, lifetimes },
    onFailure: (error) => report('Beside a conversation.', reportFailure(error)),
    pace: (step, ending) => pace(step, connection.id, ending),
    stepping: () => patient ?? stepping(),
    onRecord: (entry) => {
      onRecord(entry)
      if (patient !== undefined) tellOfJudgement(id, entry, call)
    },
    ...others,
  })
}

/** Whoever stands in the middle of the link hears what the client made of a message, and nothing of what was in it. */
function tellOfJudgement(
  id: number,
  { direction, outcome, step, checks }: Hl1Entry,
  call: Call<CallsOf<'client'>>,
): void {
  if (direction !== 'received') return
  const check = checks.find(({ result }) => result === 'failed')?.id
  const refused = outcome.ok ? {} : { code: outcome.code, message: outcome.message.slice(0, 2_000) }
  const verdict = { id, ok: outcome.ok, step, ...refused, ...(check && { check }) }
  void call('link:judged', verdict).catch(logUnforeseen)
}
