/** A client of its own beside the app: it goes through steps 3 to 8 from the test's process, over real TCP. */
import type { Page } from '@playwright/test'
import { connectClient } from '#main/client/client'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import type { Settings } from '#shared/settings'
import { roleContext } from './context'
import { answerTo, viewFrom } from './lost-windows'

/** What the app's server has answered a client of its own, which is still connected. */
export interface Answered {
  readonly answer: string
  readonly leave: () => void
}

/** What the app's server answers to one request of somebody else; `page` is any window, asked where the server is. */
export async function askAppServer(page: Page, request: string): Promise<string> {
  return (await otherClient(page))(request)
}

/** As {@link askAppServer}, for asking many times, a client each: where the server is, and whom to trust, is looked up once. */
export async function otherClient(page: Page): Promise<(request: string) => Promise<string>> {
  const ask = await stayingClient(page)
  return async (request) => {
    const { answer, leave } = await ask(request)
    leave()
    return answer
  }
}

/** As {@link otherClient}, but each stays connected until it is told to leave. */
export async function stayingClient(page: Page): Promise<(request: string) => Promise<Answered>> {
  const { authority, server } = await viewFrom(page)
  const settings = await answerTo<Settings>(page, 'settings:get')
  if (!settings.ok || !server.address || !authority.certificate) throw new Error('There is no server to ask.')
  const { address } = server
  const trustAnchor = parseCertificate(authority.certificate.pem)
  const context = roleContext()
  return async (request) => {
    const { signal } = new AbortController()
    const client = await connectClient({
      server: address,
      trustAnchor,
      settings: settings.value,
      context,
      signal,
    })
    const leave = (): void => client.close()
    try {
      await client.open()
      return { answer: await client.request(request), leave }
    } catch (error) {
      leave()
      throw error
    }
  }
}
