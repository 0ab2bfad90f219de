/** What main knows of the person without any page: what they just pressed, and what they say to a question. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ACT_COUNTS_MS, Person, type Question } from '#main/windows/person'
import { visible } from '#shared/visible'
import type { WindowName } from '#shared/windows'
import { HOSTILE } from '../../support/unseen'

const { showMessageBox } = vi.hoisted(() => ({ showMessageBox: vi.fn() }))
vi.mock('electron', () => ({ dialog: { showMessageBox } }))

const QUESTION: Question = {
  message: 'Write the key?',
  detail: ['To the folder /x.', 'For good.'],
  yes: 'Write',
}

let now: number
let acts: Partial<Record<WindowName, number>>
let person: Person
const shown: WindowName[] = []

beforeEach(() => {
  now = 10_000
  acts = {}
  showMessageBox.mockReset().mockResolvedValue({ response: 1 })
  shown.length = 0
  const windows = {
    get: () => undefined,
    show: (name: WindowName) => void shown.push(name),
    lastAct: (name: WindowName) => acts[name] ?? -Infinity,
    get newestAct() {
      return Math.max(...Object.values(acts))
    },
  }
  person = new Person(windows, () => now)
})

describe('a press', () => {
  it('counts for a second, in its own window', () => {
    acts = { server: now }
    expect([person.hasActed('server'), person.hasActed('client')]).toEqual([true, false])
    now += ACT_COUNTS_MS
    expect(person.hasActed('server')).toBe(true)
    now += 1
    expect(person.hasActed('server')).toBe(false)
  })

  it('counts no longer once somebody has turned to another window', () => {
    acts = { server: now, client: now + 1 }
    now += 2
    expect([person.hasActed('server'), person.hasActed('client')]).toEqual([false, true])
  })
})

describe('a chooser', () => {
  const CHOSEN = '/x'
  let choosers: number
  const choose = (answer: string | undefined) => async () => {
    choosers++
    return answer
  }
  beforeEach(() => {
    choosers = 0
  })

  it('gives what was chosen, as often as something is', async () => {
    expect(await person.picks('server', choose(CHOSEN))).toBe(CHOSEN)
    expect(await person.picks('server', choose(CHOSEN))).toBe(CHOSEN)
    expect(choosers).toBe(2)
  })

  it('is not shown again after it was left, until somebody does something in the window', async () => {
    expect(await person.picks('server', choose(undefined))).toBeUndefined()
    now += 1
    expect(await person.picks('server', choose(CHOSEN))).toBeUndefined()
    expect(await person.agrees('server', QUESTION)).toBe(false)
    expect(await person.picks('client', choose(CHOSEN))).toBe(CHOSEN)
    acts = { server: now }
    expect(await person.picks('server', choose(CHOSEN))).toBe(CHOSEN)
    expect(choosers).toBe(3)
    expect(showMessageBox).not.toHaveBeenCalled()
  })

  it('is the only dialog that pages have brought up, whichever window it is over', async () => {
    let leave: (answer: string | undefined) => void = () => undefined
    const first = person.picks(
      'server',
      () => new Promise<string | undefined>((resolve) => (leave = resolve)),
    )
    expect(await person.picks('client', choose(CHOSEN))).toBeUndefined()
    expect(await person.chooses('client', { ...QUESTION, others: [] })).toBeUndefined()
    leave(CHOSEN)
    expect(await first).toBe(CHOSEN)
    expect(await person.picks('client', choose(CHOSEN))).toBe(CHOSEN)
  })

  it('that fails leaves room for the next', async () => {
    await expect(person.picks('server', () => Promise.reject(new Error('no chooser')))).rejects.toThrow(
      'no chooser',
    )
    expect(await person.picks('server', choose(CHOSEN))).toBe(CHOSEN)
  })
})

describe('a question', () => {
  it('has its own word for leaving all as it is, where Cancel would say too little', async () => {
    showMessageBox.mockResolvedValue({ response: 0 })
    expect(await person.chooses('server', { ...QUESTION, no: 'Keep open', others: [] })).toBe('Keep open')
    expect(showMessageBox.mock.lastCall).toEqual([
      expect.objectContaining({ buttons: ['Keep open', 'Write'], defaultId: 0, cancelId: 0 }),
    ])
  })

  it('shows what it is about, and cancels unless told otherwise', async () => {
    expect(await person.agrees('server', QUESTION)).toBe(true)
    expect(showMessageBox.mock.lastCall).toEqual([
      expect.objectContaining({
        message: 'Write the key?',
        detail: 'To the folder /x.\n\nFor good.',
        buttons: ['Cancel', 'Write'],
        defaultId: 0,
        cancelId: 0,
      }),
    ])
  })

  it('shows harmlessly what names of files and folders say, in paragraphs of its own alone, and cuts what has no end', async () => {
    const long = 'x'.repeat(100_000)
    await person.agrees('server', {
      message: HOSTILE,
      detail: [HOSTILE, `To ${HOSTILE}`, long],
      yes: 'Write',
    })
    const { message, detail } = showMessageBox.mock.lastCall?.[0] as Record<'message' | 'detail', string>
    expect(message).toBe(visible(HOSTILE))
    expect(detail.split('\n\n')).toEqual([
      visible(HOSTILE),
      `To ${visible(HOSTILE)}`,
      expect.stringMatching(/^x{6000}… \(100000 characters\)$/),
    ])
  })

  it.each([0, -1, 2])('is declined by the button %d', async (response) => {
    showMessageBox.mockResolvedValue({ response })
    expect(await person.agrees('server', QUESTION)).toBe(false)
  })

  it('is not asked while another is open', async () => {
    let answer: (given: { response: number }) => void = () => undefined
    showMessageBox.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
    const first = person.agrees('server', QUESTION)
    expect(await person.agrees('server', QUESTION)).toBe(false)
    expect(await person.agrees('client', QUESTION)).toBe(false)
    answer({ response: 1 })
    expect(await first).toBe(true)
    expect(showMessageBox).toHaveBeenCalledTimes(1)
    expect(await person.agrees('client', QUESTION)).toBe(true)
  })

  it('is not asked again after a no, until somebody presses something in the window', async () => {
    showMessageBox.mockResolvedValue({ response: 0 })
    expect(await person.agrees('server', QUESTION)).toBe(false)
    now += 60_000
    expect(await person.agrees('server', QUESTION)).toBe(false)
    expect(showMessageBox).toHaveBeenCalledTimes(1)
    showMessageBox.mockResolvedValue({ response: 1 })
    expect(await person.agrees('client', QUESTION)).toBe(true)
    acts = { server: now }
    expect(await person.agrees('server', QUESTION)).toBe(true)
  })

  it('that could not be shown is none: the next one is', async () => {
    showMessageBox.mockRejectedValueOnce(new Error('no display'))
    await expect(person.agrees('server', QUESTION)).rejects.toThrow('no display')
    expect(await person.agrees('server', QUESTION)).toBe(true)
  })
})

describe('a choice', () => {
  it('has what can be done instead as the button that Enter presses, and cancels for Escape', async () => {
    showMessageBox.mockResolvedValue({ response: 2 })
    expect(await person.chooses('client', { ...QUESTION, others: ['Export…'] })).toBe('Export…')
    expect(showMessageBox.mock.lastCall).toEqual([
      expect.objectContaining({ buttons: ['Cancel', 'Write', 'Export…'], defaultId: 2, cancelId: 0 }),
    ])
  })

  it('is asked again after a no where the person has brought it up past the pages', async () => {
    showMessageBox.mockResolvedValue({ response: 0 })
    for (const window of [undefined, undefined, 'client', 'client'] as const)
      expect(await person.choosesByThemselves(window, { ...QUESTION, others: [] })).toBe('Cancel')
    expect(showMessageBox).toHaveBeenCalledTimes(4)
  })

  it('that a page brings up again and again is asked once, until somebody does something there', async () => {
    showMessageBox.mockResolvedValue({ response: 2 })
    const ask = () => person.chooses('server', { ...QUESTION, no: 'Keep', others: ['Export…'] })
    expect(await ask()).toBe('Export…')
    for (let time = 0; time < 20; time++) expect(await ask()).toBe('Keep')
    expect(showMessageBox).toHaveBeenCalledTimes(1)
    now += 1
    acts = { server: now }
    expect(await ask()).toBe('Export…')
  })

  it('that is open comes to the front when the person brings up another one', async () => {
    let close: (answer: object) => void = () => undefined
    showMessageBox.mockReturnValueOnce(new Promise((resolve) => (close = resolve)))
    const first = person.chooses('authority', { ...QUESTION, others: [] })
    expect(await person.chooses('server', { ...QUESTION, others: [] })).toBeUndefined()
    expect(shown).toEqual([])
    expect(await person.choosesByThemselves('client', { ...QUESTION, others: [] })).toBeUndefined()
    expect(shown).toEqual(['authority'])
    close({ response: 1 })
    expect(await first).toBe('Write')
  })
})
