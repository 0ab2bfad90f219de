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
import { report, type Call } from '../../common/call'
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
  const { call, settings, lifetimes, pace, ...others } = hooks
  const goesBy = settings()
  const { pem } = await call('client:trust')
  const { id, connection } = await call('link:open')
  return new Client({
    pipe: linkPipe(id, call),
    connection,
    settings: goesBy,
    trustAnchor: parseCertificate(pem),
    environment: { ...systemEnvironment, lifetimes },
    onFailure: (error) => report('Beside a conversation.', reportFailure(error)),
    pace: (step, ending) => pace(step, connection.id, ending),
    ...others,
  })
}
