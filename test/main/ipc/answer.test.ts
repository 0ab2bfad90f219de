/** Who is answered: a call is looked at from every side before anything is done. No page of the app can get some of this wrong. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '#shared/errors'
import type { Handlers } from '#main/ipc/answer'
import { answerer } from '#main/ipc/answer'
import type { LabWindows } from '#main/windows/windows'

let answer: ReturnType<typeof answerer>
const ORIGIN = 'app://lab'
const frame = { url: `${ORIGIN}/server/index.html` }
/** The contents of the server's window, wherever they have been led. */
const serverAt = (mainFrame: object) => ({ isServer: true, mainFrame })
const stop = vi.fn(() => undefined)
const start = vi.fn(() => undefined)
const failed = vi.fn()
const person = { hasActed: vi.fn(() => true), agrees: vi.fn(async () => false) }
const copy = vi.fn(() => undefined)
const honest = { sender: serverAt(frame), senderFrame: frame }

/** What a call is answered with: `ok`, or a code. */
async function ask(event: object, name: unknown = 'server:stop', argument?: unknown): Promise<string> {
  const answered = await answer(event as Parameters<typeof answer>[0], name, argument)
  return answered.ok ? 'ok' : answered.error.code
}

beforeEach(() => {
  vi.clearAllMocks()
  const windows = { nameOf: (contents: object) => ('isServer' in contents ? 'server' : undefined) }
  const handlers = {
    'server:stop': stop,
    'server:start': start,
    'authority:stop': stop,
    'text:copy': copy,
  }
  answer = answerer(windows as unknown as LabWindows, person, ORIGIN, handlers as unknown as Handlers, {
    failed,
  })
})

it('is the main frame of a window, at its own address, with a call of its own in the right shape', async () => {
  expect(await ask(honest)).toBe('ok')
  expect(await ask(honest, 'server:start', { port: 0 })).toBe('ok')
  expect(start).toHaveBeenCalledWith({ port: 0 }, 'server')
})

describe('nothing is done for', () => {
  it.each([
    ['a page that is no window', { sender: { mainFrame: frame }, senderFrame: frame }],
    ['a frame that is gone', { sender: serverAt(frame), senderFrame: null }],
    ['a frame within the page', { sender: serverAt(frame), senderFrame: { url: frame.url } }],
  ])('%s', async (_, event) => {
    expect(await ask(event)).toBe('forbidden')
    expect(stop).not.toHaveBeenCalled()
  })

  it.each([
    'https://example.com/server/index.html',
    'app://lab.example/server/index.html',
    'app://lab/client/index.html',
    'app://lab/server',
    'file:///server/index.html',
    'about:blank',
  ])('the window itself at %s', async (url) => {
    const senderFrame = { url }
    expect(await ask({ sender: serverAt(senderFrame), senderFrame })).toBe('forbidden')
    expect(stop).not.toHaveBeenCalled()
  })

  it.each([['authority:stop'], ['no:call'], ['toString'], ['__proto__'], [null], [{}], [['server:stop']]])(
    'the call %s from the server’s window',
    async (name) => {
      expect(await ask(honest, name)).toBe('forbidden')
      expect(stop).not.toHaveBeenCalled()
    },
  )

  it.each([[null], ['text'], [{ port: 'x' }], [{ port: -1 }], [undefined]])(
    'the argument %j',
    async (argument) => {
      expect(await ask(honest, 'server:start', argument)).toBe('bad_argument')
      expect(start).not.toHaveBeenCalled()
    },
  )
})

describe('a call that a person has to have asked for', () => {
  const asked = () => ask(honest, 'text:copy', { text: 'x' })

  it('is answered when they have just done something in its window, without another question', async () => {
    expect(await asked()).toBe('ok')
    expect(person.hasActed).toHaveBeenCalledWith('server')
    expect(person.agrees).not.toHaveBeenCalled()
  })

  it('is asked about otherwise, and nothing is done without a yes', async () => {
    person.hasActed.mockReturnValueOnce(false)
    expect(await asked()).toBe('not_asked_for')
    expect(copy).not.toHaveBeenCalled()
    person.hasActed.mockReturnValueOnce(false)
    person.agrees.mockResolvedValueOnce(true)
    expect(await asked()).toBe('ok')
    expect(copy).toHaveBeenCalledTimes(1)
  })

  it('is not asked about when its shape is wrong, or the window has no such call', async () => {
    person.hasActed.mockReturnValue(false)
    expect(await ask(honest, 'text:copy', { text: 1 })).toBe('bad_argument')
    expect(await ask(honest, 'trial:save', { format: 'svg' })).toBe('forbidden')
    expect(person.agrees).not.toHaveBeenCalled()
  })
})

it('a part of main whose file is gone says so and what to do, and is in the log', async () => {
  const gone = '/nowhere/chunk.js'
  stop.mockImplementationOnce(() => import(/* @vite-ignore */ gone) as never)
  expect(await ask(honest)).toBe('part_missing')
  expect(failed).toHaveBeenCalledOnce()
})

it('an error that nobody has foreseen goes to the log, a refusal does not', async () => {
  const error = new TypeError('x')
  stop.mockImplementationOnce(() => {
    throw error
  })
  expect(await ask(honest)).toBe('internal_error')
  expect(failed.mock.calls).toEqual([['While answering server:stop.', error]])
  stop.mockImplementationOnce(() => {
    throw new LabError('not_running', 'x')
  })
  expect(await ask(honest)).toBe('not_running')
  expect(failed).toHaveBeenCalledTimes(1)
})

it('no more than 256 calls of a window wait for an answer', async () => {
  let answerAll: () => void = () => undefined
  const held = new Promise<undefined>((resolve) => (answerAll = () => resolve(undefined)))
  start.mockImplementation(() => held as never)
  const waiting = Array.from({ length: 256 }, () => ask(honest, 'server:start', { port: 0 }))
  expect(await ask(honest, 'server:stop')).toBe('too_many_calls')
  answerAll()
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['ok']))
  start.mockReset()
  expect(await ask(honest, 'server:stop')).toBe('ok')
})
