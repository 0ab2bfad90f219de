// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { encryptPkcs8 } from '#shared/crypto/containers/pkcs8'
import { encodePem } from '#shared/crypto/encodings/pem'
import { keyPair } from '../../../support/credentials'
import { resetInspector, useInspector } from '../../../../renderer/common/inspect/inspector'
import { useFiles, type Asking } from '../../../../renderer/common/inspect/open/files'
import { standInForMain } from '../support'
import { certificates, standInForWorker } from './support'

// Keys are made, and passphrases stretched.
vi.setConfig({ testTimeout: 60_000 })

const inspector = useInspector()
const files = useFiles()

beforeEach(() => {
  standInForMain({})
  standInForWorker()
  resetInspector()
})
afterEach(() => {
  files.giveUp()
  vi.unstubAllGlobals()
})

const file = (name: string, content: Bytes | string) =>
  new File([typeof content === 'string' ? toUtf8(content) : content], name)
const names = () => inspector.groups.value.map(({ title }) => title)

async function lockedKey(pkcs8: Bytes): Promise<string> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  return encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, 'correct horse', random))
}

async function asked(): Promise<Asking> {
  await vi.waitFor(() => expect(files.asking.value).toBeDefined(), { timeout: 20_000, interval: 10 })
  return files.asking.value!
}

it('opens the inspector on what is in the files, each on its own in the list', async () => {
  const { authority, server } = await certificates()
  const pem = [server, authority].map(({ der }) => encodePem('CERTIFICATE', der)).join('')
  await files.openAll([file('chain.pem', pem), file('server.der', server.der)])
  expect(inspector.open.value).toBe(true)
  expect(names()).toEqual(['chain.pem', 'server.der'])
  expect(inspector.groups.value.map(({ entries }) => entries.map(({ kind }) => kind))).toEqual([
    ['certificate', 'certificate'],
    ['certificate'],
  ])
  expect(inspector.shown.value?.source).toContain('server.der')
})

it('lists a file that could not be read with what was found and where, and goes on with the next', async () => {
  const { server } = await certificates()
  await files.openAll([file('cut.der', server.der.slice(0, 300)), file('server.der', server.der)])
  const [cut] = inspector.groups.value[0]!.entries
  expect(cut).toMatchObject({ kind: 'failed', title: 'cut.der', fault: { code: 'bad_der', offset: 0 } })
  expect(names()).toEqual(['cut.der', 'server.der'])
})

it('asks for a passphrase, says that one was wrong, and opens with the right one', async () => {
  const { privateKey } = await keyPair('server')
  const locked = await lockedKey(privateKey.pkcs8)
  const done = files.openAll([file('server.key', locked)])
  const first = await asked()
  expect(first).toMatchObject({ name: 'server.key', problem: undefined })
  first.answer('wrong')
  await vi.waitFor(() => expect(files.asking.value?.problem).toMatch(/passphrase/), { timeout: 20_000 })
  files.asking.value!.answer('correct horse')
  await done
  expect(inspector.shown.value).toMatchObject({ kind: 'private-key', pkcs8: privateKey.pkcs8 })
  expect(files.asking.value).toBeUndefined()
})

it('asks for each locked part by its place, and shows how far a long derivation is until it is given up', async () => {
  const vector = (name: string) => readFileSync(join('test/vectors/faults/files', name))
  const two = new File([vector('71b-two-keys-different-passphrases.pem')], 'two.pem')
  const done = files.openAll([two])
  expect((await asked()).what).toBe('The private key in line 1')
  files.asking.value!.answer('one')
  await vi.waitFor(() => expect(files.asking.value?.what).toBe('The private key in line 31'))
  files.asking.value!.answer('two')
  await done
  expect(inspector.groups.value[0]!.entries.map(({ kind }) => kind)).toEqual(['private-key', 'private-key'])

  const long = files.openAll([new File([vector('95a-p12-mac-6-million.p12')], 'long.p12')])
  ;(await asked()).answer('pw')
  await vi.waitFor(() => expect(files.asking.value?.working?.fraction).toBeGreaterThan(0), {
    timeout: 20_000,
  })
  files.asking.value!.answer(undefined)
  await long
  expect(files.asking.value).toBeUndefined()
  expect(names()).toEqual(['two.pem'])
})

it('leaves a locked file closed, or shows it locked, as the person says', async () => {
  const { privateKey } = await keyPair('server')
  const locked = await lockedKey(privateKey.pkcs8)
  const closed = files.openAll([file('server.key', locked)])
  ;(await asked()).answer(undefined)
  await closed
  expect(names()).toEqual([])
  const shown = files.openAll([file('server.key', locked)])
  ;(await asked()).answer(null)
  await shown
  expect(inspector.shown.value?.kind).toBe('other')
})

it('gives up a file that never comes, and reads the next one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const stalled = file('stalled.pem', 'x')
    vi.spyOn(stalled, 'arrayBuffer').mockReturnValue(new Promise(() => undefined))
    const huge = file('film.mp4', 'x')
    vi.spyOn(huge, 'size', 'get').mockReturnValue(5_000_000_000)
    const opened = files.openAll([stalled, huge])
    await vi.advanceTimersByTimeAsync(9_000)
    expect(names()).toEqual([])
    await vi.advanceTimersByTimeAsync(2_000)
    await opened
    const faults = inspector.groups.value.flatMap(({ entries }) => entries)
    expect(faults).toMatchObject([
      {
        fault: {
          code: 'file_not_read',
          message: expect.stringContaining('Nothing came of the file') as string,
        },
      },
      { fault: { code: 'file_not_read' } },
    ])
  } finally {
    vi.useRealTimers()
  }
})

it('says of a file that can’t be read at all why', async () => {
  const gone = file('folder', 'x')
  vi.spyOn(gone, 'arrayBuffer').mockRejectedValue(new Error('gone'))
  const huge = file('film.mp4', 'x')
  vi.spyOn(huge, 'size', 'get').mockReturnValue(5_000_000_000)
  await files.openAll([gone, huge])
  await flushPromises()
  const faults = inspector.groups.value.flatMap(({ entries }) => entries)
  expect(faults).toMatchObject([
    { kind: 'failed', fault: { code: 'file_not_read' } },
    { kind: 'failed', fault: { code: 'file_not_read' } },
  ])
})
