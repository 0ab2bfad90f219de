import { describe, expect, it } from 'vitest'
import { fromBase64 } from '#shared/bytes'
import { lengthLimit } from '#shared/hl1/frame'
import {
  answerRequest,
  MAX_BYTES_REQUEST,
  MAX_REQUEST_BYTES,
  requestBytes,
  REQUESTS,
  type RequestContext,
} from '#shared/hl1/requests'
import { build } from '#shared/hl1/message'
import type { ClientState } from '#shared/hl1/state'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { fakeEnvironment, seededRandom, START } from '../../support/environment'
import { runHonestly } from '../../support/handshake'

const context: RequestContext = {
  now: () => START,
  random: seededRandom('requests'),
  idC: 'ID-Client',
  address: '127.0.0.1',
  port: 40_000,
  age: 12.34,
}
const ask = (request: string): string => answerRequest(request, context)

describe('a request', () => {
  it('time gets the server’s date and time', () => {
    expect(ask('time')).toBe('2027-01-15T08:00:00.000Z')
  })

  it('whoami gets identity, address, port and the age of the session', () => {
    expect(ask('whoami')).toBe('ID-Client at 127.0.0.1:40000, session age 12.3 s')
  })

  it.each([
    ['echo hello', 'hello'],
    ['echo ', ''],
    ['echo  two  spaces ', ' two  spaces '],
    ['echo two\nlines\r\nof text', 'two\nlines\r\nof text'],
    ['echo größer € 𝄞', 'größer € 𝄞'],
    ['echo echo', 'echo'],
  ])('%j gets the text again', (request, answer) => {
    expect(ask(request)).toBe(answer)
  })

  it.each([0, 1, 1024, 65_537, MAX_BYTES_REQUEST])('bytes %i gets that many bytes in base64', (count) => {
    expect(fromBase64(ask(`bytes ${count}`))?.length).toBe(count)
  })

  it('bytes gets random ones', () => {
    expect(ask('bytes 16')).not.toBe(ask('bytes 16'))
  })

  it('allows 512 KiB', () => {
    expect(MAX_BYTES_REQUEST).toBe(512 * 1024)
  })

  it.each([
    '',
    'TIME',
    'time ',
    'echo',
    'Echo hello',
    'bytes',
    'bytes ',
    'bytes -1',
    'bytes 1.5',
    'bytes 1e3',
    'bytes 524289',
    'bytes 99999999999999999999',
    'bytes 1 ',
    'bytes ١',
    'whoami?',
    'help',
  ])('%j, which is not known, gets a text that lists those that are', (request) => {
    for (const { form } of REQUESTS) expect(ask(request)).toContain(form)
  })
})

describe('the size of a request', () => {
  it('is what it takes as JSON in UTF-8', () => {
    expect(requestBytes('')).toBe(0)
    expect(requestBytes('echo hello')).toBe(10)
    expect(requestBytes('größer')).toBe(8)
    expect(requestBytes('"\n')).toBe(4)
  })

  it.each(SUITE_NAMES)('at its most still fits into a frame of step 7: suite %s', async (suite) => {
    const environment = fakeEnvironment()
    const run = await runHonestly(environment, { suite })
    const request = 'x'.repeat(MAX_REQUEST_BYTES)
    const { frame } = await build(7, run.moments[7].builder as ClientState, { request }, environment)
    expect(frame.length - 4).toBeLessThanOrEqual(lengthLimit(7))
    // Not far below it either: little is refused here that would have fitted.
    expect(frame.length - 4).toBeGreaterThan(lengthLimit(7) - 200)
  })
})
