/** Who is asked before something is lost, and what a yes, a no and *Export…* lead to. */
import { expect, it, vi } from 'vitest'
import { Kept } from '#main/export/kept'
import { Losses, type LossSurroundings } from '#main/ipc/losses'
import { findExportFile } from '#shared/export/items'
import type { ExportSources } from '#main/export/contents'

function make(answer: string | undefined, messages = 0, isSaved = false, served = 0, held = 0) {
  const authority = { identity: 'ID-CA', certificate: {}, keyPair: { privateKey: {} } }
  const server = { identity: 'ID-Server', certificate: {}, privateKey: {} }
  const kept = new Kept()
  const [quit, show, ask] = [vi.fn(), vi.fn(), vi.fn()]
  const chooses = vi.fn(async () => answer)
  const around = {
    lab: {
      authority: { credentials: authority, issued: [{}] },
      registration: 'registered',
      server: { credentials: server },
      messages,
      messagesOfWalk: messages,
    },
    kept,
    isRunSaved: () => isSaved,
    workshop: { served },
    held: () => held,
    windows: { show, ask },
    person: { chooses, choosesByThemselves: chooses },
    quit,
  } as unknown as LossSurroundings
  const sources = { authority, server } as unknown as ExportSources
  const write = (...ids: readonly string[]): void =>
    ids.forEach((id) => kept.add(findExportFile(id)!, sources))
  return { losses: new Losses(around), quit, show, ask, chooses, write }
}

it('a yes quits, and a no does not, nor a question that could not be asked', async () => {
  for (const [answer, times] of [
    ['Quit', 1],
    ['Cancel', 0],
    [undefined, 0],
  ] as const) {
    const { losses, quit, chooses } = make(answer)
    await losses.quit('client')
    expect([quit.mock.calls.length, chooses.mock.calls.length]).toEqual([times, 1])
  }
})

it('Export… opens the dialog in the window of the role whose key would be lost, and nothing ends', async () => {
  const { losses, quit, show, ask, write } = make('Export…')
  await losses.quit('client')
  expect(ask.mock.lastCall).toEqual(['authority', 'dialog:open', { dialog: 'export' }])
  write('ca-private-key/pem', 'ca-certificate/pem')
  await losses.quit('client')
  expect(ask.mock.lastCall).toEqual(['server', 'dialog:open', { dialog: 'export' }])
  expect([show.mock.lastCall, quit.mock.calls]).toEqual([['server'], []])
})

it('nobody is asked once all of it was exported, in whichever form', async () => {
  const { losses, quit, chooses, write } = make('Cancel')
  write('ca-private-key/pkcs12', 'server-private-key/jwk', 'server-chain/pem')
  await losses.quit(undefined)
  expect([quit.mock.calls.length, chooses.mock.calls]).toEqual([1, []])
})

it('what helps nothing is not offered: a log alone can’t be exported, but it can be saved', async () => {
  const { losses, chooses, write } = make('Cancel', 3)
  write('ca-private-key/pkcs12', 'server-private-key/pkcs12')
  await losses.quit('client')
  expect(chooses).toHaveBeenCalledWith('client', {
    message: 'Quit Handshake Lab?',
    detail: ['This goes with it, for good:', 'The log: 3 messages.'],
    yes: 'Quit',
    others: ['Save run…'],
  })
})

it('a run that was saved with all of the log is no loss', async () => {
  const { losses, quit, chooses, write } = make('Cancel', 3, true)
  write('ca-private-key/pkcs12', 'server-private-key/pkcs12')
  await losses.quit('client')
  expect([quit.mock.calls.length, chooses.mock.calls]).toEqual([1, []])
})

it('Save run… opens its dialog in the window in front', async () => {
  const { losses, show, ask, write } = make('Save run…', 3)
  write('ca-private-key/pkcs12', 'server-private-key/pkcs12')
  await losses.quit(undefined)
  expect([show.mock.lastCall, ask.mock.lastCall]).toEqual([
    ['client'],
    ['client', 'dialog:open', { dialog: 'run' }],
  ])
})

it('a role that stops, and one that gets another key, asks where its key was not exported, each in its own words', async () => {
  const { losses, chooses, write } = make('Cancel')
  const asked = (): unknown[] =>
    chooses.mock.calls.map((call: readonly unknown[]) => (call[1] as { message: string }).message)
  expect(await losses.mayStopServer('server')).toBe(false)
  expect(await losses.mayRegister('server')).toBe(false)
  expect(await losses.mayGiveUpAuthority('authority', 'stop')).toBe(false)
  expect(await losses.mayGiveUpAuthority('authority', 'renew')).toBe(false)
  expect(asked()).toEqual([
    'Stop the server?',
    'Register again?',
    'Stop the authority?',
    'Make a new authority?',
  ])
  write('server-private-key/pkcs12')
  chooses.mockClear()
  expect([await losses.mayStopServer('server'), await losses.mayRegister('server')]).toEqual([true, true])
  expect(asked()).toEqual([])
})

it('what a page asks for while another question is open is refused with that, and quitting just is not done', async () => {
  const { losses, quit } = make(undefined)
  await expect(losses.mayStopServer('server')).rejects.toMatchObject({ code: 'not_asked_for' })
  await losses.quit('server')
  expect(quit).not.toHaveBeenCalled()
})

it('who agrees to start over, and to lose the server’s key by that, is not asked again when it registers', async () => {
  const { losses, chooses } = make('Start over', 6)
  expect(await losses.mayRegister('client')).toBe(false)
  expect(await losses.mayStartOver('client')).toBe(true)
  chooses.mockClear()
  expect(await losses.mayRegister('client')).toBe(true)
  expect(chooses).not.toHaveBeenCalled()
})

it('the workshop’s window asks before it closes while it serves, and keeps open unless told otherwise; no other does', async () => {
  const { losses, chooses } = make('Keep open', 0, false, 3)
  expect(await losses.mayClose('workshop')).toBe(false)
  expect(chooses).toHaveBeenCalledWith('workshop', {
    message: 'Close the window Certificate workshop?',
    detail: [
      'This ends with it, for good:',
      'What the workshop serves on this machine: 3 chains, with the keys and the files for clients.',
      'Served again, chains have other keys, and clients need the new files.',
    ],
    yes: 'Close',
    no: 'Keep open',
    others: [],
  })
  expect(await losses.mayClose('attacks')).toBe(true)
  expect(await make('Close', 0, false, 3).losses.mayClose('workshop')).toBe(true)
  const idle = make('Keep open')
  expect([await idle.losses.mayClose('workshop'), idle.chooses.mock.calls]).toEqual([true, []])
})

it('the adversary’s window asks before it closes while it holds something, and says what ends', async () => {
  const { losses, chooses } = make('Keep open', 0, false, 0, 2)
  expect(await losses.mayClose('adversary')).toBe(false)
  expect(chooses).toHaveBeenCalledWith('adversary', {
    message: 'Close the window Adversary?',
    detail: [
      'The adversary holds 2 messages: they are lost.',
      'It is switched off with its window, and the connections that cross it end.',
      'To have the run go on, keep the window open and pass what is held first.',
    ],
    yes: 'Close',
    no: 'Keep open',
    others: [],
  })
  expect(await make('Close', 0, false, 0, 2).losses.mayClose('adversary')).toBe(true)
  const idle = make('Keep open')
  expect([await idle.losses.mayClose('adversary'), idle.chooses.mock.calls]).toEqual([true, []])
})
