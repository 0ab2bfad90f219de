/** The walk of the client's window against a real lab: what its buttons do, and what it hears from the server. */
import { afterEach, describe, expect, it } from 'vitest'
import { connectClient } from '#main/client/client'
import { mainEnvironment } from '#main/lab/environment'
import type { Lab } from '#main/lab/lab'
import { Connections } from '#main/net/connections'
import { FULL_PACE } from '#main/net/converse'
import type { Client } from '#shared/hl1/drivers/client'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { Settings } from '#shared/settings'
import { openClientWindow } from '../support/client-window'
import { story } from '../support/conversations'
import { closeLabs, makeLab } from '../support/lab'
import { until } from '../support/wait'

const windows: { readonly close: () => void }[] = []
afterEach(async () => {
  for (const { close } of windows.splice(0)) close()
  await closeLabs()
})

async function open(changes: Partial<Settings> = {}) {
  const made = makeLab(changes)
  const window = await openClientWindow(made)
  windows.push(window)
  return { ...made, ...window }
}

async function allDone(changes: Partial<Settings> = {}) {
  const opened = await open(changes)
  await opened.walk.runAll()
  expect(opened.walk.fault).toBeUndefined()
  expect(opened.walk.done).toBe(true)
  return opened
}

const HANDSHAKE = ['sent step 3', 'received step 4', 'sent step 5', 'received step 6']

describe('Run all', () => {
  it('waits for a registration that stands before step 2, and asks nobody about the key that it brings', async () => {
    const { walk, lab, person } = await open()
    for (let time = 0; time < 5; time++) {
      await walk.takeNextStep()
      expect(walk.next).toBe(2)
      await walk.runAll()
      expect([walk.fault, walk.done, person.asked]).toEqual([undefined, true, []])
      await lab.stopServer()
      await walk.startOver()
      person.asked.splice(0)
    }
  })

  it('goes on with a handshake that was begun after an answer, and takes nothing back for it', async () => {
    const { walk } = await allDone()
    const before = walk.client.exchanges.length
    walk.client.leave()
    await until(() => walk.next === 3)
    await walk.takeNextStep()
    await walk.takeNextStep()
    expect(walk.next).toBe(5)
    const kept = walk.client.records.map(({ id }) => id)
    await walk.runAll()
    expect([walk.fault, walk.done]).toEqual([undefined, true])
    expect(walk.client.exchanges).toHaveLength(before + 1)
    expect(walk.client.records.map(({ id }) => id)).toEqual(expect.arrayContaining(kept))
  })
})

describe.each(SUITE_NAMES)('Next step in suite %s', (suite) => {
  it('goes by what main answers: the window hears no news meanwhile', async () => {
    const { walk, lab, news, told } = await open({ suite })
    await Promise.all([lab.startAuthority(), lab.startServer()])
    await until(() => walk.missing === undefined)
    news.held = true
    const after = [2, 3, 4, 5, 6, 7, 8, 7] as const
    for (const next of after) {
      await walk.takeNextStep()
      expect([walk.fault, walk.busy, walk.next]).toEqual([undefined, false, next])
    }
    expect(walk.done).toBe(true)
    const both = [...told, ...walk.client.records]
    for (const step of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(story(both.filter((record) => record.step === step)).toSorted()).toEqual([
        `received step ${step}`,
        `sent step ${step}`,
      ])
    }
    await walk.startOver()
    expect([walk.next, walk.client.records, walk.done]).toEqual([1, [], false])
  })

  it('says why, where the step can’t be built any more', async () => {
    const { walk, lab, news } = await open({ suite })
    await Promise.all([lab.startAuthority(), lab.startServer()])
    await until(() => walk.missing === undefined)
    news.held = true
    await walk.takeNextStep()
    await lab.stopAuthority()
    await until(() => lab.registration === 'none')
    await walk.takeNextStep()
    expect([walk.fault, walk.next, walk.did]).toEqual([undefined, 2, 'Certificate authority started.'])
    for (const next of [3, 4] as const) {
      await walk.takeNextStep()
      expect([walk.fault, walk.next]).toEqual([undefined, next])
    }
    await lab.stopServer()
    await until(() => walk.fault !== undefined)
    expect(walk.fault).toMatchObject({ code: 'connection_closed' })
    expect([walk.busy, walk.client.state]).toEqual([false, undefined])
  })
})

describe('Renew', () => {
  it('waits for a registration that stands before step 2', async () => {
    const { walk, lab } = await allDone()
    await lab.stopServer()
    await lab.startServer()
    await until(() => walk.next === 1 && walk.missing === undefined)
    await walk.takeNextStep()
    expect(walk.next).toBe(2)
    await walk.renewSession()
    expect([walk.fault, walk.session === undefined]).toEqual([undefined, false])
  })
})

describe('Next step after the session has ended', () => {
  it('is the first step of another session, and says so', async () => {
    const { walk } = await allDone({ lifetime: 1 })
    const before = walk.client.connection
    await until(() => walk.client.ended)
    expect([walk.next, walk.upNext]).toEqual([7, 3])
    const after = [4, 5, 6, 7, 8, 7] as const
    for (const next of after) {
      await walk.takeNextStep()
      expect([walk.fault, walk.next]).toEqual([undefined, next])
      if (next === 4) expect(walk.did).toBe('The session had ended, so another one begins here.')
    }
    const [newest, older] = walk.client.exchanges
    expect([newest?.connection, older?.connection]).toEqual([walk.client.connection, before])
    expect(newest?.connection).not.toBe(before)
  })

  it('says so where another suite makes a registration come first, which is asked about as any is', async () => {
    const { walk, lab, settings, person } = await allDone({ lifetime: 1, suite: 'classic' })
    const { credentials } = lab.server
    settings.current = { ...settings.current, suite: 'modern' }
    lab.changeSuite()
    walk.hear()
    await until(() => walk.client.ended)
    expect(walk.upNext).toBe(1)
    person.answer = 'Cancel'
    await walk.takeNextStep()
    expect([walk.fault, walk.next, lab.server.credentials]).toEqual([undefined, 1, credentials])
    expect(person.asked.map((text) => text.split('\n')[0])).toEqual(['Register again?'])
    person.answer = 'yes'
    await walk.takeNextStep()
    expect([walk.fault, walk.next]).toEqual([undefined, 2])
  })

  it('leaves a server that stands before its answer to give it', async () => {
    const { walk } = await allDone({ lifetime: 1 })
    await until(() => walk.client.ended)
    await walk.renewSession()
    await walk.takeNextStep()
    expect(walk.next).toBe(8)
    await until(() => walk.client.ended)
    await walk.takeNextStep()
    expect(walk.next).not.toBe(4)
  })
})

describe('Start over', () => {
  it('says that authority and server go on, and that main is asked before', async () => {
    const { walk } = await allDone()
    const starting = walk.startOver()
    await until(() => walk.isAsked)
    await starting
    expect([walk.isAsked, walk.next]).toEqual([false, 1])
    expect(walk.did).toContain('the server keeps its certificate')
    await walk.runAll()
    expect([walk.fault, walk.did]).toEqual([undefined, undefined])
  })
})

describe('Next step from a fresh start', () => {
  it('starts both roles and goes on in one act, and says so: eight steps are eight clicks', async () => {
    const { walk, lab, told } = await open()
    expect(walk.missing?.text).toContain('certificate authority and the application server')
    await walk.takeNextStep()
    expect([walk.fault, walk.next]).toEqual([undefined, 2])
    expect(walk.did).toBe('Certificate authority and application server started.')
    expect([lab.authority.status, lab.server.status]).toEqual(['running', 'running'])
    for (let click = 2; click <= 8; click++) {
      await walk.takeNextStep()
      expect([walk.fault, walk.did]).toEqual([undefined, undefined])
    }
    expect(walk.done).toBe(true)
    expect(new Set([...told, ...walk.client.records].map(({ step }) => step)).size).toBe(8)
  })

  it('says which port is taken, and the role that could be started stays', async () => {
    const { walk, lab, settings } = await open()
    await lab.startAuthority()
    settings.current = { ...settings.current, serverPort: lab.authority.address!.port }
    await walk.takeNextStep()
    expect([walk.fault?.code, walk.missing?.role]).toEqual(['port_in_use', 'server'])
  })
})

describe('Cancel', () => {
  it('of a request closes its connection, says so, and the walk goes on', async () => {
    const { walk, lab } = await allDone()
    await walk.takeNextStep()
    expect(walk.next).toBe(8)
    const asking = walk.takeNextStep()
    walk.cancel()
    await asking
    expect([walk.busy, walk.fault, walk.session]).toEqual([false, undefined, undefined])
    expect(walk.did).toBe(
      'Cancelled. What was sent can’t be taken back, so the client has closed its connection, and the session is gone with it. Renew makes another.',
    )
    await until(() => lab.server.connections === 0)
    await walk.renewSession()
    expect([walk.fault, walk.did, walk.next]).toEqual([undefined, undefined, 7])
  })

  it('of a registration leaves what was there before, and nobody waiting', async () => {
    const { walk, lab } = await allDone()
    const { credentials } = lab.server
    const session = walk.session
    const registering = walk.register()
    walk.cancel()
    await registering
    expect([walk.busy, walk.fault, walk.did]).toEqual([
      false,
      undefined,
      'Cancelled: nothing is under way any more.',
    ])
    expect(lab.server.credentials).toBe(credentials)
    expect(walk.session).toBe(session)
    expect(lab.registration).toBe('registered')
    await walk.register()
    expect([walk.fault, lab.server.credentials === credentials]).toEqual([undefined, false])
  })

  it('of a connection that is being made leaves none behind', async () => {
    const { walk, lab } = await allDone()
    const renewing = walk.renewSession()
    await until(() => walk.client.state === undefined)
    walk.cancel()
    await renewing
    expect([walk.busy, walk.fault, walk.client.state]).toEqual([false, undefined, undefined])
    await until(() => lab.server.connections === 0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([walk.client.state, lab.server.connections]).toEqual([undefined, 0])
  })

  it('of Run all gives up the start of a role, and stops there', async () => {
    const { walk, lab } = await open({ rsaBits: 4096 })
    const running = walk.runAll()
    await until(() => lab.authority.status === 'starting')
    walk.cancel()
    await running
    expect([lab.authority.status, lab.server.status]).toEqual(['stopped', 'stopped'])
    expect([walk.busy, walk.fault, walk.next, walk.client.records]).toEqual([false, undefined, 1, []])
    expect(lab.authorityFault).toBeUndefined()
  })

  it('does nothing where nothing is under way', async () => {
    const { walk } = await allDone()
    const { session, did } = walk
    walk.cancel()
    expect([walk.did, walk.session]).toEqual([did, session])
  })
})

describe('Run all', () => {
  it('in the middle of an exchange lets that one end, and sends no other', async () => {
    const { walk, lab } = await open()
    await Promise.all([lab.startAuthority(), lab.startServer()])
    await until(() => walk.missing === undefined)
    for (let step = 1; step <= 7; step++) await walk.takeNextStep()
    expect(walk.next).toBe(8)
    await walk.runAll()
    expect([walk.fault, walk.client.exchanges.length, walk.done]).toEqual([undefined, 1, true])
  })

  it('decides from what main says now, not from the last news', async () => {
    const { walk, lab, news } = await allDone()
    news.held = true
    await lab.stopServer()
    await lab.stopAuthority()
    await until(() => walk.session === undefined)
    await walk.runAll()
    expect(walk.fault).toBeUndefined()
    expect(walk.done).toBe(true)
    expect([lab.authority.status, lab.server.status]).toEqual(['running', 'running'])
  })
})

describe.each(SUITE_NAMES)('Renew in suite %s', (suite) => {
  it('makes a new session with steps 3 to 6 alone, before the end of the old one', async () => {
    const { walk, lab, told } = await allDone({ suite })
    const registration = told.filter(({ step }) => step <= 2).length
    const first = walk.session
    expect(walk.canRenew).toBe(true)
    await walk.renewSession()
    expect(story(walk.client.records)).toEqual(HANDSHAKE)
    expect(walk.session?.startedMonotonic).not.toBe(first?.startedMonotonic)
    expect([walk.next, walk.done]).toEqual([7, false])
    expect(told.filter(({ step }) => step <= 2)).toHaveLength(registration)
    await until(() => lab.server.sessions.views()[1]?.end !== undefined)
    expect(lab.server.sessions.views().map(({ end }) => end?.how)).toEqual([undefined, 'client_left'])
    await walk.sendRequest(false)
    expect(walk.client.exchanges).toHaveLength(2)
  })

  it('makes one after the end, as does sending all the same not', async () => {
    const { walk } = await allDone({ suite, lifetime: 1 })
    await until(() => walk.client.ended)
    await walk.sendRequest(false)
    expect(walk.fault).toMatchObject({ code: 'session_expired', step: 7 })
    expect(walk.session).toBeDefined()
    await walk.sendRequest(true)
    expect(walk.fault).toMatchObject({ code: 'session_expired', step: 7 })
    expect(walk.fault?.message).toContain('its key is gone')
    expect(walk.session).toBeUndefined()
    await walk.renewSession()
    expect([walk.fault, walk.client.ended]).toEqual([undefined, false])
    expect(walk.session?.lifetime).toBe(1)
  })
})

describe('Renew', () => {
  it('says why it can’t, where the server has to register first, and goes on after that', async () => {
    const { walk, settings, lab } = await allDone()
    settings.current = { ...settings.current, serverIdentity: 'ID-Web' }
    const before = walk.session
    await walk.renewSession()
    expect(walk.fault).toEqual({
      code: 'registration_outdated',
      message:
        'The server has to register first. The certificate is for ID-Server, and the server’s name is ID-Web now.',
    })
    expect(walk.session).toBe(before)
    await walk.register()
    expect(lab.registration).toBe('registered')
    expect(walk.fault).toBeUndefined()
  })

  it('is not there before there was a session', async () => {
    const { walk } = await open()
    expect(walk.canRenew).toBe(false)
    await walk.takeNextStep()
    expect(walk.canRenew).toBe(false)
  })
})

describe('a session’s end', () => {
  it('takes the keys out of the records of both sides, and leaves the rest', async () => {
    const { walk, lab } = await allDone({ lifetime: 1 })
    const secrets = () =>
      [...walk.client.records, ...lab.journal.list()]
        .filter(({ step }) => step === 5 || step === 6)
        .flatMap(({ role, members }) =>
          members.filter(({ secret }) => secret).map(({ name, forgotten }) => ({ role, name, forgotten })),
        )
    expect(secrets().every(({ forgotten }) => forgotten === undefined)).toBe(true)
    await until(() => walk.client.ended && lab.server.sessions.views()[0]?.end?.how === 'lifetime')
    expect(secrets()).toHaveLength(4)
    expect(secrets().every(({ forgotten }) => forgotten)).toBe(true)
    const step6 = walk.client.records.find(({ step }) => step === 6)
    expect(step6?.members.find(({ name }) => name === 'k_sess')).not.toHaveProperty('value')
    expect(step6?.members.find(({ name }) => name === 'lifetime_sess')).toHaveProperty('value', 1)
    // The certificate of step 2 is still in use: its key can be asked for.
    const step2 = lab.journal.list().find(({ step, role }) => step === 2 && role === 'server')
    expect(lab.journal.reveal(step2!.id, 'sk_s', 'server')).toBe(lab.privateKey('SK_S').pem)
  })

  it('does not cut the line to a client that reads on, whatever the idle limit: it can send all the same', async () => {
    const { walk, lab } = await allDone({ lifetime: 1, idleLimit: 1 })
    await until(() => walk.client.ended)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(lab.server.connections).toBe(1)
    await walk.sendRequest(true)
    expect(walk.fault).toMatchObject({ code: 'session_expired' })
  })

  it('that the server brings about is heard at once, and what the client knew is still to be seen, without keys', async () => {
    const { walk, lab } = await allDone()
    const [session] = lab.server.sessions.views()
    lab.server.endSession(session!.id)
    await until(() => walk.fault !== undefined)
    expect(walk.fault).toEqual({
      code: 'session_expired',
      step: 7,
      message: 'The server has ended the session before its time.',
    })
    expect([walk.session, walk.client.state]).toEqual([undefined, undefined])
    expect(walk.client.known?.serverCertificate?.subject.commonName).toBe('ID-Server')
    expect(walk.client.known?.session?.key).toHaveLength(0)
    expect(() => lab.server.endSession(session!.id)).toThrow(
      expect.objectContaining({ code: 'unknown_session' }),
    )
    expect(lab.server.sessions.views()[0]).toMatchObject({ end: { how: 'ended_here' }, requests: 1 })
  })

  it('that comes with the server’s stop is told as that', async () => {
    const { walk, lab } = await allDone()
    await lab.stopServer()
    await until(() => walk.fault?.message.includes('stopped') === true)
    expect(walk.fault).toEqual({
      code: 'connection_closed',
      message: 'The server has stopped: the session is gone. Start it again: the walk goes on from step 1.',
    })
    await lab.startServer()
    await until(() => walk.fault === undefined)
  })
})

describe('the clock that is paused', () => {
  const wait = (milliseconds: number): Promise<unknown> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds))

  it('keeps the session at both ends, keys and all, and goes on from where it stood', async () => {
    const { walk, lab } = await allDone({ lifetime: 1 })
    await walk.pauseClock(true)
    expect([walk.fault, walk.clock.isPaused, lab.walkView.paused]).toEqual([undefined, true, true])
    await wait(1_600)
    expect(walk.client.ended).toBe(false)
    expect(lab.server.sessions.views()[0]).toMatchObject({ paused: true, end: undefined })
    await walk.sendRequest(false)
    expect([walk.fault, walk.client.exchanges.length]).toEqual([undefined, 2])
    await walk.pauseClock(false)
    await until(() => walk.client.ended && lab.server.sessions.views()[0]?.end?.how === 'lifetime')
    expect(lab.server.sessions.views()[0]).toMatchObject({ paused: false })
    expect(lab.server.sessions.views()[0]?.stood).toBeGreaterThan(1_500)
    await walk.sendRequest(true)
    expect(walk.fault).toMatchObject({ code: 'session_expired', step: 7 })
  })

  it('is that of this session alone: another program’s ends in its time', async () => {
    const { walk, lab, settings } = await allDone({ lifetime: 1 })
    await walk.pauseClock(true)
    const stranger = await visitFromOutside(lab, settings.current)
    expect(lab.server.sessions.views().map(({ paused }) => paused)).toEqual([false, true])
    await until(() => lab.server.sessions.views()[0]?.end?.how === 'lifetime')
    expect(lab.server.sessions.views()[1]).toMatchObject({ paused: true, end: undefined })
    stranger.close()
  })

  it('goes on by itself once its session is gone, and can’t be stopped without one', async () => {
    const { walk, lab } = await allDone()
    await walk.pauseClock(true)
    await walk.renewSession()
    await until(() => !lab.walkView.paused && !walk.clock.isPaused)
    await walk.startOver()
    await until(() => lab.server.connections === 0)
    await walk.pauseClock(true)
    expect(walk.fault).toMatchObject({ code: 'unknown_session' })
    expect([walk.clock.isPaused, lab.walkView.paused]).toEqual([false, false])
  })
})

/** A session of a client that this lab has not opened: one of another program. */
async function visitFromOutside(lab: Lab, settings: Settings): Promise<Client> {
  const context = {
    environment: mainEnvironment,
    connections: new Connections(),
    onRecord: () => undefined,
    paceFor: () => FULL_PACE,
  }
  const client = await connectClient({
    server: lab.server.address!,
    trustAnchor: lab.authority.certificate!,
    settings,
    context,
    signal: new AbortController().signal,
  })
  await client.open()
  return client
}

describe('a fault that is shown', () => {
  it('goes when its cause is gone, and no sooner', async () => {
    const { walk, lab } = await open()
    await walk.register()
    expect(walk.fault).toMatchObject({ code: 'not_running' })
    await lab.startServer()
    await until(() => lab.server.status === 'running')
    expect(walk.fault).toMatchObject({ code: 'not_running' })
    await lab.startAuthority()
    await until(() => walk.fault === undefined)
  })
})

describe('Start over', () => {
  it('asks once the client has said something, names what goes, and keeps all of it after a no', async () => {
    const { walk, lab, person } = await open()
    await walk.takeNextStep()
    await walk.takeNextStep()
    await walk.startOver()
    expect([person.asked, walk.next]).toEqual([[], 1])
    // The server would get another key: that is asked, and a no leaves it the one that it has.
    const { credentials } = lab.server
    person.answer = 'Cancel'
    await walk.takeNextStep()
    expect([walk.fault, walk.next, walk.did]).toEqual([
      undefined,
      1,
      'The server was not registered again: it keeps its key and its certificate.',
    ])
    await walk.runAll()
    expect([walk.fault, lab.server.credentials, walk.client.records]).toEqual([undefined, credentials, []])
    person.answer = 'yes'
    await walk.runAll()
    expect(person.asked.splice(0).map((text) => text.split('\n')[0])).toEqual(
      Array(3).fill('Register again?'),
    )
    expect(lab.server.credentials === credentials).toBe(false)
    expect([lab.messages, lab.messagesOfWalk]).toEqual([10, 6])
    const { session } = walk
    person.answer = 'Cancel'
    await walk.startOver()
    expect(person.asked).toEqual([
      [
        'Start over?',
        'This is lost with the walk that ends here:',
        'The client’s log of this walk, 6 messages, with its keys and answers.',
        'The key pair and certificate of the Application Server (ID-Server), not exported: lost once it registers again.',
      ].join('\n'),
    ])
    expect([walk.fault, walk.session, walk.client.records.length]).toEqual([undefined, session, 6])
    // All eight anew are a walk that begins anew.
    await walk.runAll()
    expect([person.asked.length, walk.session, lab.server.connections]).toEqual([2, session, 1])
    person.answer = 'yes'
    await walk.startOver()
    expect([walk.session, walk.client.records, walk.next]).toEqual([undefined, [], 1])
    await walk.startOver()
    expect(person.asked).toHaveLength(3)
  })

  it('before step 2 has the authority issue nothing', async () => {
    const { walk, lab, told } = await open()
    await Promise.all([lab.startAuthority(), lab.startServer()])
    await until(() => walk.missing === undefined)
    await walk.takeNextStep()
    await until(() => walk.next === 2)
    await walk.startOver()
    expect(walk.next).toBe(1)
    await until(() => lab.authority.connections === 0)
    expect(lab.authority.issued).toEqual([])
    expect(story(told)).toEqual(['sent step 1', 'received step 1'])
    expect(walk.next).toBe(1)
  })

  it('in the middle of a session leaves nobody waiting', async () => {
    const { walk, lab } = await open()
    await Promise.all([lab.startAuthority(), lab.startServer()])
    await until(() => walk.missing === undefined)
    for (const next of [2, 3, 4] as const) {
      await walk.takeNextStep()
      await until(() => walk.next === next)
    }
    await walk.startOver()
    await until(() => lab.server.connections === 0)
    expect(lab.walk.gates.waiting).toEqual([])
    expect([walk.next, walk.client.records.length, walk.client.known]).toEqual([1, 0, undefined])
  })
})

describe('a private key, and a secret in a record', () => {
  it('is for the window of its own role alone', async () => {
    const { lab, call } = await allDone()
    const step2 = lab.journal.list().filter(({ step }) => step === 2)
    for (const key of ['SK_CA', 'SK_S'] as const) {
      await expect(call('key:reveal', { key })).rejects.toMatchObject({ code: 'forbidden' })
    }
    for (const { id } of step2) {
      await expect(call('records:reveal', { id, member: 'sk_s' })).rejects.toMatchObject({
        code: 'forbidden',
      })
    }
  })
})
