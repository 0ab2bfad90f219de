import { expect, it } from 'vitest'
import {
  lostByQuitting,
  lostByStartingOver,
  lostWithAuthority,
  lostWithServer,
  lostWithWorkshop,
  type Held,
} from '#main/lab/loss'

const NOTHING: Held = {
  authority: undefined,
  server: undefined,
  issued: 0,
  messages: 0,
  ofWalk: 0,
  served: 0,
}
const made = (identity: string) => ({ identity, isKeyKept: false, isCertificateKept: false })
const kept = (identity: string) => ({ identity, isKeyKept: true, isCertificateKept: true })
const texts = (losses: readonly { readonly text: string }[]): readonly string[] =>
  losses.map(({ text }) => text)

it('nothing is lost where nothing was made', () => {
  expect(lostByQuitting(NOTHING)).toEqual([])
  expect(lostByStartingOver(NOTHING)).toEqual([])
})

it('keys and certificates that were not exported are, each by its role, and the log', () => {
  const held = {
    ...NOTHING,
    authority: made('ID-CA'),
    server: made('ID-Server'),
    issued: 1,
    messages: 16,
    ofWalk: 6,
  }
  expect(texts(lostByQuitting(held))).toEqual([
    'The key pair and certificate of the Certificate Authority (ID-CA), not exported.',
    'The key pair and certificate of the Application Server (ID-Server), not exported.',
    'The log: 16 messages.',
  ])
})

it('what was exported is not, and a half of a pair that was not is named', () => {
  const held = { ...NOTHING, authority: kept('ID-CA'), server: kept('ID-Server') }
  expect(lostByQuitting(held)).toEqual([])
  const half = (isKeyKept: boolean): Held => ({
    ...NOTHING,
    server: { identity: 'ID-Server', isKeyKept, isCertificateKept: !isKeyKept },
  })
  expect(texts(lostByQuitting(half(true)))).toEqual([
    'The certificate of the Application Server (ID-Server), not exported.',
  ])
  expect(texts(lostByQuitting(half(false)))).toEqual([
    'The private key of the Application Server (ID-Server), not exported.',
  ])
})

it('starting over costs the client’s side alone: without that, nothing', () => {
  const registered = {
    ...NOTHING,
    authority: made('ID-CA'),
    server: made('ID-Server'),
    issued: 1,
    messages: 4,
  }
  expect(lostByStartingOver(registered)).toEqual([])
  expect(lostByStartingOver({ ...registered, ofWalk: 1 }).map(({ of }) => of)).toEqual(['log', 'keys'])
  expect(texts(lostByStartingOver({ ...registered, server: kept('ID-Server'), ofWalk: 2 }))).toEqual([
    'The client’s log of this walk, 2 messages, with its keys and answers.',
  ])
})

it('an authority’s key goes with what it has signed, a server’s alone; what was exported is no loss', () => {
  const held = { ...NOTHING, authority: made('ID-CA'), server: made('ID-Server') }
  expect(lostWithAuthority(held)).toEqual([])
  const trusted = { ...made('ID-CA'), isCertificateKept: true }
  expect(texts(lostWithAuthority({ ...held, authority: trusted }))).toEqual([
    'The private key of the Certificate Authority (ID-CA), not exported.',
  ])
  // One that has stopped has lost it already.
  expect(lostWithAuthority({ ...held, authority: undefined, issued: 2 })).toEqual([])
  expect(texts(lostWithAuthority({ ...held, issued: 2 }))).toEqual([
    'The key pair and certificate of the Certificate Authority (ID-CA), not exported.',
    'Trust: once there is another authority, 2 certificates that this one has issued are no longer valid for the lab.',
  ])
  expect(texts(lostWithServer(held))).toEqual([
    'The key pair and certificate of the Application Server (ID-Server), not exported.',
  ])
  expect(lostWithServer({ ...held, server: kept('ID-Server') })).toEqual([])
})

it('what the workshop serves ends with its window, and with the app; served nothing, nothing does', () => {
  const text = 'What the workshop serves on this machine: 2 chains, with the keys and the files for clients.'
  expect(texts(lostWithWorkshop({ served: 2 }))).toEqual([text])
  expect(texts(lostByQuitting({ ...NOTHING, served: 2 }))).toEqual([text])
  expect(lostWithWorkshop(NOTHING)).toEqual([])
})
