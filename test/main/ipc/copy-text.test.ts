/** A text goes to the clipboard by one way, whether a page or a window’s own menu asks. */
import { expect, it, vi } from 'vitest'

vi.mock('electron', () => ({ dialog: {}, BrowserWindow: {}, app: {} }))
const { copyText } = await import('#main/ipc/copy-text')
const { SecretClipboard } = await import('#main/ipc/clipboard')

const KEY = '-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----\n'

function surroundings(agrees: boolean) {
  const board = {
    text: '',
    readText: () => board.text,
    writeText: (text: string) => (board.text = text),
    clear: () => (board.text = ''),
  }
  const person = { agrees: vi.fn(async () => agrees) }
  return { board, person, clipboard: new SecretClipboard(board) }
}

it('public text without a question', async () => {
  const { board, ...around } = surroundings(false)
  expect(await copyText({ text: 'ID-Server' }, 'client', around)).toBe(true)
  expect([board.text, around.person.agrees.mock.calls.length]).toEqual(['ID-Server', 0])
})

it.each([true, false])('a private key only after the person’s yes: %s', async (agrees) => {
  const { board, ...around } = surroundings(agrees)
  expect(await copyText({ text: KEY }, 'client', around)).toBe(agrees)
  expect(board.text).toBe(agrees ? KEY : '')
  expect(around.person.agrees).toHaveBeenCalledOnce()
  await around.clipboard.clear()
  expect(board.text).toBe('')
})
