/** One client's whole visit, for the terminal run and for tests. */
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { Endpoint } from '#shared/hl1/state'
import type { Settings } from '#shared/settings'
import { PlainClient } from '../experiments/client'
import type { RoleContext } from '../net/converse'

/** Opens a session and sends requests one after another; closes the connection at the end. */
export async function runClient(
  server: Endpoint,
  trustAnchor: Certificate,
  settings: Settings,
  requests: readonly string[],
  context: RoleContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const client = await PlainClient.connect({ server, trustAnchor, settings, context, signal })
  try {
    await client.open()
    const answers: string[] = []
    for (const request of requests) answers.push(await client.request(request))
    return answers
  } finally {
    client.close()
  }
}
