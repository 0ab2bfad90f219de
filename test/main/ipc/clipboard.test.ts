import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SECRET_STAYS, SecretClipboard } from '#main/ipc/clipboard'

/** What the system's clipboard holds. */
let content: string
let clipboard: SecretClipboard

beforeEach(() => {
  vi.useFakeTimers()
  content = ''
  clipboard = new SecretClipboard({
    readText: () => content,
    writeText: (text) => void (content = text),
    clear: () => void (content = ''),
  })
})
afterEach(() => vi.useRealTimers())

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)

describe('a secret on the clipboard', () => {
  it('leaves it after a minute and not before', async () => {
    await clipboard.copy('secret', true)
    await pass(SECRET_STAYS - 1)
    expect(content).toBe('secret')
    await pass(1)
    expect(content).toBe('')
  })

  it('takes nothing with it that was copied after it', async () => {
    await clipboard.copy('secret', true)
    content = 'copied elsewhere'
    await pass(SECRET_STAYS)
    expect(content).toBe('copied elsewhere')
  })

  it('has a minute of its own when it is copied after another', async () => {
    await clipboard.copy('first', true)
    await pass(SECRET_STAYS / 2)
    await clipboard.copy('second', true)
    await pass(SECRET_STAYS / 2)
    expect(content).toBe('second')
    await pass(SECRET_STAYS / 2)
    expect(content).toBe('')
  })

  it('is forgotten when what is no secret is copied here, even the same text', async () => {
    await clipboard.copy('text', true)
    await clipboard.copy('text', false)
    await pass(SECRET_STAYS * 2)
    expect(content).toBe('text')
  })

  it('is found again where the system has changed its line ends', async () => {
    await clipboard.copy('two\nlines\n', true)
    content = content.replaceAll('\n', '\r\n')
    await pass(SECRET_STAYS)
    expect(content).toBe('')
  })

  it('leaves it at once when the app ends', async () => {
    await clipboard.copy('secret', true)
    await clipboard.clear()
    expect(content).toBe('')
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('what is no secret stays, also when the app ends', async () => {
  await clipboard.copy('public', false)
  await pass(SECRET_STAYS * 10)
  await clipboard.clear()
  expect(content).toBe('public')
})
