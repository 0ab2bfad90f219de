/** A client in plain Node, for the terminal run and for tests: the same protocol as in the client's window. */
import { fromHex } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/certificate'
import { LabError } from '#shared/errors'
import type { Conversation } from '#shared/protocol/drivers/conversation'
import { openSession, sendRequest, startClient } from '#shared/protocol/drivers/session'
import type { ClientState, Endpoint } from '#shared/protocol/state'
import type { Settings } from '#shared/settings'
import { converse, type RoleContext } from '../net/converse'
import { connect } from '../net/socket-pipe'

/** Opens a session and sends requests one after another; closes the connection at the end. */
export async function runClient(
  server: Endpoint,
  trustAnchor: Certificate,
  settings: Settings,
  requests: readonly string[],
  context: RoleContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const connection = await connect(server, signal)
  const kBoot = fromHex(settings.bootstrapKey)
  if (!kBoot) throw new LabError('bad_setting', 'The bootstrap key is not hex.')
  const state = await startClient({
    suite: settings.suite,
    idC: settings.clientIdentity,
    idS: settings.serverIdentity,
    trustAnchor,
    kBoot,
    server: connection.peer,
    maxAge: settings.maxAge,
  })
  const idleSeconds = (): number => settings.idleLimit
  const conversation: Conversation<ClientState> = converse(state, connection, connection.local, context, {
    idleSeconds,
    signal,
  })
  try {
    await openSession(conversation, connection.local)
    const answers: string[] = []
    for (const request of requests) answers.push(await sendRequest(conversation, request, { force: false }))
    return answers
  } finally {
    connection.pipe.close()
  }
}
