/** A client of its own beside the app: it goes through steps 3 to 8 from the test's process, over real TCP. */
import type { Page } from '@playwright/test'
import { runClient } from '#main/terminal/client'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { fullPace } from '#shared/hl1/drivers/conversation'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Settings } from '#shared/settings'
import { answerTo, viewFrom } from './lost-windows'

/** What the app's server answers to one request of somebody else; `page` is any window, asked where the server is. */
export async function askAppServer(page: Page, request: string): Promise<string> {
  return (await otherClient(page))(request)
}

/** As {@link askAppServer}, for asking many times: where the server is, and whom to trust, is looked up once. */
export async function otherClient(page: Page): Promise<(request: string) => Promise<string>> {
  const { authority, server } = await viewFrom(page)
  const settings = await answerTo<Settings>(page, 'settings:get')
  if (!settings.ok || !server.address || !authority.certificate) throw new Error('There is no server to ask.')
  const { address } = server
  const trustAnchor = parseCertificate(authority.certificate.pem)
  const context = {
    environment: systemEnvironment,
    onRecord: () => undefined,
    paceFor: () => ({ pace: fullPace, stepping: () => false }),
  }
  return async (request) => {
    const { signal } = new AbortController()
    const answers = await runClient(address, trustAnchor, settings.value, [request], context, signal)
    return answers[0] ?? ''
  }
}
