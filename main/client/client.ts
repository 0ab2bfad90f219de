/** A client in the main process or in plain Node: a socket, and the client over it. */
import type { Certificate } from '#shared/crypto/pki/certificate'
import { Client, type ClientSettings } from '#shared/hl1/drivers/client'
import type { Endpoint } from '#shared/record/connection'
import { failureLog, type RoleContext } from '../net/converse'

/** What it takes to connect to a server. */
export interface ConnectOptions {
  /** Where to connect to: the server, or whoever relays to it. */
  readonly server: Endpoint
  readonly trustAnchor: Certificate
  readonly settings: ClientSettings
  readonly context: RoleContext
  /** Ends whatever the client waits for, with its reason. */
  readonly signal: AbortSignal
}

/**
 * Connects; what comes next is step 3.
 * @throws LabError `connection_refused`, `bad_setting`
 */
export async function connectClient(options: ConnectOptions): Promise<Client> {
  const { server, trustAnchor, settings, context, signal } = options
  const { environment, connections, onRecord, paceFor } = context
  const parties = { opener: 'client', acceptor: 'server' } as const
  const { socket, connection } = await connections.open(server, parties, environment, signal)
  const { pipe } = socket
  const pacing = paceFor(connection)
  try {
    return new Client({
      pipe,
      connection,
      settings,
      trustAnchor,
      environment,
      onRecord,
      onFailure: failureLog(context),
      signal,
      ...pacing,
    })
  } catch (error) {
    pipe.close()
    throw error
  }
}

/**
 * One whole visit: connects, opens a session, sends requests one after another, and leaves. Throws as {@link Client} does.
 * @param onLeaving looks at the client once more, with all that it has
 */
export async function visit(
  connecting: Promise<Client>,
  requests: readonly string[],
  onLeaving: (client: Client) => void = () => undefined,
): Promise<readonly string[]> {
  const client = await connecting
  try {
    await client.open()
    const answers: string[] = []
    for (const request of requests) answers.push(await client.request(request))
    return answers
  } finally {
    onLeaving(client)
    client.close()
  }
}
