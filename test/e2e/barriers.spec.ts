/** What each barrier around a page shuts alone, and what they shut together, in an app of one window that has them or not. */
import { _electron, expect, test } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../support/app'
import { barriers } from '#main/windows/barriers'
import { buildBarriersApp } from '../support/barriers-build'
import { namesLookedUp, tryAllWays, watchWays } from '../support/egress'

let folder: string

test.beforeAll(async () => {
  folder = await buildBarriersApp()
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

/**
 * Ways over which something arrives, or a name is looked up, in an app with these barriers alone. Of what the ways do to an app
 * without barriers it may end: then all are tried in another one.
 */
async function openWays(standing: readonly string[], attempts = 3): Promise<ReadonlySet<string>> {
  try {
    return await waysOpenIn(standing)
  } catch (error) {
    if (attempts === 1 || !/has been closed|ENOENT/.test(String(error))) throw error
    return openWays(standing, attempts - 1)
  }
}

async function waysOpenIn(standing: readonly string[]): Promise<ReadonlySet<string>> {
  const start = await mkdtemp(join(folder, 'start-'))
  const netLog = join(start, 'net-log.json')
  const watch = await watchWays('127.0.0.1')
  try {
    const electron = await _electron.launch({
      args: [
        folder,
        `--log-net-log=${netLog}`,
        `--barriers=${standing.join(',')}`,
        `--user-data-dir=${join(start, 'user-data')}`,
      ],
      cwd: ROOT,
    })
    const page = await electron.firstWindow()
    await page.waitForLoadState()
    const reload = (): Promise<void> =>
      electron.evaluate(async ({ BrowserWindow }) => {
        const [first, ...opened] = BrowserWindow.getAllWindows().sort((one, other) => one.id - other.id)
        for (const window of opened) window.destroy()
        // A page that is still on its way elsewhere makes the first attempt fail.
        const load = (): Promise<void> => first!.loadURL('app://lab/index.html')
        await load().catch(load)
      })
    await tryAllWays(page, watch, reload)
    await electron.close()
    return new Set([...watch.arrived(), ...namesLookedUp(netLog, watch.targets)])
  } finally {
    await watch.close()
  }
}

const STUN_AND_UDP = [
  'peer: STUN',
  'peer: TURN over UDP',
  'peer: candidate over UDP',
  'peer: in an empty frame',
]
const PEERS_OVER_TCP = ['peer: TURN over TCP', 'peer: TURN over TLS', 'peer: candidate over TCP']
const LOADS = [
  ...['fetch', 'fetch over TLS', 'WebSocket', 'WebSocketStream', 'sendBeacon', 'FontFace', '@import'],
  ...['script', 'script as a module', 'audio', 'video', 'prefetch', 'modulepreload', 'preload of data'],
  ...['stylesheet', 'Worker made of a text', 'Worker that imports', 'SharedWorker made of a text'],
  ...['AudioWorklet', 'PaintWorklet', 'link clicked, with a ping', 'speculation rules, prefetch'],
]
const FRAMES = ['iframe', 'object', 'embed']
const ELSEWHERE = ['window.open', 'location.assign', 'link clicked', 'form sent', 'meta refresh']

/** Of each barrier, ways that are open without any and that it shuts alone. */
const SHUT: Readonly<Record<string, readonly string[]>> = {
  'loads by policy': [...LOADS, ...FRAMES, 'fetch by name', 'WebTransport', 'identity provider'],
  'no names': [...LOADS, ...FRAMES, ...PEERS_OVER_TCP, ...ELSEWHERE, 'dns-prefetch', 'peer: STUN by name'],
  'no names ahead': ['dns-prefetch'],
  'proxy to nowhere': [...LOADS, ...FRAMES, ...PEERS_OVER_TCP, ...ELSEWHERE, 'WebTransport'],
  'peers through the proxy': [...STUN_AND_UDP, 'peer: STUN by name'],
  'own addresses alone': [...LOADS, ...FRAMES, ...ELSEWHERE, 'fetch by name'],
  'no way elsewhere': [...FRAMES, ...ELSEWHERE],
}

test.describe('a way out of a page', () => {
  test.describe.configure({ mode: 'default', timeout: 360_000 })

  test('is open where no barrier stands: the listeners and the net log see it', async () => {
    let missing = Object.values(SHUT).flat()
    // On a busy machine a page may be gone before what it began has arrived.
    for (let attempt = 0; missing.length > 0 && attempt < 6; attempt++) {
      const open = await openWays([])
      missing = missing.filter((way) => !open.has(way))
    }
    expect(missing).toEqual([])
  })

  for (const [barrier, ways] of Object.entries(SHUT)) {
    test(`is shut by “${barrier}” alone, where that is for it`, async () => {
      const left = await openWays([barrier])
      expect(ways.filter((way) => left.has(way))).toEqual([])
    })
  }

  test('is shut, whichever it is, by all of them', async () => {
    expect([...(await openWays(Object.keys(barriers(undefined))))]).toEqual([])
  })
})
