import { expect, it } from 'vitest'
import { issueCertificate, register } from '#shared/hl1/drivers/registration'
import { openSession, sendRequest } from '#shared/hl1/drivers/session'
import { registrationPair, sessionPair, story } from '../../../support/conversations'
import { CLIENT } from '../../../support/handshake'

it('a server registers in suite modern and keeps the key that it made', async () => {
  const { authority, server } = await registrationPair({ suite: 'modern' })
  const [certificate, credentials] = await Promise.all([
    issueCertificate(authority.conversation),
    register(server.conversation),
  ])
  expect(credentials.certificate.pem).toBe(certificate.pem)
  expect(credentials.certS).toBeUndefined()
  expect(story(authority.records)).toEqual(['received step 1', 'sent step 2'])
})

it('a session in suite modern carries many requests, byte by byte if need be', async () => {
  const { server, client, serve } = await sessionPair({ suite: 'modern', chunk: 7 })
  const served = serve()
  await openSession(client.conversation, CLIENT)
  for (const text of ['one', 'two', 'three']) {
    expect(await sendRequest(client.conversation, `echo ${text}`, { force: false })).toBe(text)
  }
  const long = await sendRequest(client.conversation, 'bytes 100000', { force: false })
  expect(atob(long)).toHaveLength(100_000)
  client.pipe.close()
  await served
  expect(server.records.every((entry) => entry.outcome.ok && entry.suite === 'modern')).toBe(true)
})

it('a session in suite modern ends with its lifetime on both sides', async () => {
  const { server, client, serve } = await sessionPair({ suite: 'modern' })
  const served = serve()
  await openSession(client.conversation, CLIENT)
  for (const side of [server, client]) side.environment.pass(60_000)
  expect(await sendRequest(client.conversation, 'echo in time', { force: false })).toBe('in time')
  for (const side of [server, client]) side.environment.pass(1)
  await expect(sendRequest(client.conversation, 'time', { force: false })).rejects.toMatchObject({
    code: 'session_expired',
    origin: 'local',
  })
  await expect(sendRequest(client.conversation, 'time', { force: true })).rejects.toMatchObject({
    code: 'session_expired',
    origin: 'peer',
    step: 7,
  })
  await served
})
