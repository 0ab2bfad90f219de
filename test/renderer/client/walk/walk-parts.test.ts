import { expect, it } from 'vitest'
import type { ErrorCode, Fault } from '#shared/errors'
import {
  givenUp,
  isOvercome,
  missingRoles,
  serverStopped,
  startedRoles,
  suitesDiffer,
  whatIsMissing,
  whoLeftRegistration,
  type Circumstances,
} from '../../../../renderer/client/walk/walk-parts'
import { labView } from '../../../support/lab-view'

const NOW: Circumstances = { missing: undefined, serverRuns: true, registered: 0, suite: 'classic' }
const fault = (code: ErrorCode, step?: number): Fault => ({ code, message: '', ...(step ? { step } : {}) })

it('names the role that a step can’t do without, the authority for registering first', () => {
  const stopped = labView({ authority: { status: 'stopped' }, server: { status: 'stopped' } })
  expect(whatIsMissing(1, stopped)).toMatchObject({ role: 'authority' })
  expect(whatIsMissing(3, stopped)).toMatchObject({ role: 'server' })
  expect(whatIsMissing(2, labView({ server: { status: 'stopped' } }))).toMatchObject({ role: 'server' })
  expect(whatIsMissing(7, labView({ authority: { status: 'stopped' } }))).toBeUndefined()
  expect(whatIsMissing(1, undefined)).toBeUndefined()
})

it('names all roles that are missing, in the order in which they are started', () => {
  const stopped = labView({ authority: { status: 'stopped' }, server: { status: 'stopped' } })
  expect(missingRoles(1, stopped)).toEqual(['authority', 'server'])
  expect(missingRoles(3, stopped)).toEqual(['server'])
  expect(missingRoles(1, labView())).toEqual([])
  expect(whatIsMissing(1, stopped)?.text).toBe(
    'Step 1 needs the certificate authority and the application server, which are not running. Next step starts both and goes on.',
  )
  expect(whatIsMissing(3, stopped)?.text).toBe(
    'Step 3 needs the application server, which is not running. Next step starts it and goes on.',
  )
  expect(startedRoles(['server'])).toBe('Application server started.')
})

it('what was given up says what has ended with it', () => {
  expect(givenUp(undefined)).toBe('Cancelled: nothing is under way any more.')
  expect(givenUp('handshake')).not.toContain('session')
  expect(givenUp('session')).toContain('the session is gone')
})

it.each(['not_running', 'port_in_use', 'listen_failed'] as const)(
  '%s is overcome when that role is there',
  (code) => {
    const before = { ...NOW, missing: 'authority' } as const
    expect(isOvercome(fault(code), before, { ...NOW, missing: 'server' })).toBe(true)
    expect(isOvercome(fault(code), before, { ...before, registered: 2 })).toBe(false)
    expect(isOvercome(fault(code), { ...before, serverRuns: false }, before)).toBe(false)
  },
)

it('a lost connection is overcome when the server runs again', () => {
  const before = { ...NOW, serverRuns: false }
  expect(isOvercome(fault('connection_closed'), before, NOW)).toBe(true)
  expect(isOvercome(fault('connection_closed'), NOW, NOW)).toBe(false)
})

it('a registration that failed is overcome by one that went well, and what a later step met is not', () => {
  const now = { ...NOW, registered: 2 }
  expect(isOvercome(fault('stale_timestamp', 2), NOW, now)).toBe(true)
  expect(isOvercome(fault('registration_outdated'), NOW, now)).toBe(true)
  expect(isOvercome(fault('bad_certificate', 4), NOW, now)).toBe(false)
  expect(isOvercome(fault('session_expired', 7), NOW, now)).toBe(false)
})

it('every fault is overcome by another suite: it was of what is not spoken any more', () => {
  for (const code of [
    'session_expired',
    'registration_outdated',
    'bad_certificate',
    'not_running',
  ] as const) {
    expect(isOvercome(fault(code, 7), NOW, { ...NOW, suite: 'modern' })).toBe(true)
    // The settings were read: that is no change.
    expect(isOvercome(fault(code, 7), { ...NOW, suite: undefined }, NOW)).toBe(false)
  }
})

it('the suite of this walk and the next one’s are said where they differ, and only there', () => {
  const walk = 'classic'
  expect(suitesDiffer({ walk, next: 'modern', isConnected: true })).toBe(
    'This connection goes on in suite Classic. Suite Modern begins with Start over.',
  )
  expect(suitesDiffer({ walk, next: 'modern', isConnected: false })).toContain('Suite Modern from here on')
  expect(suitesDiffer({ walk, next: 'classic', isConnected: true })).toBeUndefined()
  expect(suitesDiffer({ walk: undefined, next: 'modern', isConnected: false })).toBeUndefined()
})

it('a registration that is gone names the role that has stopped, and none while both run', () => {
  const stopped = { status: 'stopping' } as const
  expect(whoLeftRegistration(labView({ authority: stopped }))?.message).toContain('The authority has stopped')
  expect(whoLeftRegistration(labView({ server: stopped }))?.message).toContain('The server has stopped')
  expect(whoLeftRegistration(labView())).toBeUndefined()
  expect(whoLeftRegistration(undefined)).toBeUndefined()
})

it('a server that has stopped took a session along only where there was one', () => {
  expect(serverStopped(true)).toMatchObject({
    code: 'connection_closed',
    message: expect.stringContaining('the session is gone'),
  })
  expect(serverStopped(false)).toMatchObject({
    code: 'connection_closed',
    message: expect.stringContaining('the handshake is broken off'),
  })
})
