/** What stands in a file's place may change between the look at it and its opening: the handle is what counts. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOwn } from '#main/files/own-file'

/** How long is tried, milliseconds: thousands of readings, and as many changes. */
const TRIED_MS = 1_500

/**
 * Puts one and the other into the place, over and over, as fast as it can; and lets go, with the pipe's other end, whoever waits for
 * that. `beat` counts readings.
 */
const SWAPPER = `
  const { workerData } = require('node:worker_threads')
  const { closeSync, constants, linkSync, openSync, renameSync, unlinkSync } = require('node:fs')
  const { path, things, pipe, state } = workerData
  const [beat, over] = [0, 1]
  let [last, since] = [0, Date.now()]
  for (let at = 0; Atomics.load(state, over) === 0; at++) {
    const next = path + '.next'
    try { linkSync(things[at % things.length], next) } catch {}
    try { renameSync(next, path) } catch {}
    try { unlinkSync(next) } catch {}
    const now = Atomics.load(state, beat)
    if (now !== last) [last, since] = [now, Date.now()]
    else if (Date.now() - since > 5000) {
      try { closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)) } catch {}
    }
  }
`

describe.runIf(process.platform === 'linux')('a file that gives way, while it is read, to', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'own-file-race-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it.each(['a link to another file', 'a pipe'])('%s is that file or none', async (other) => {
    const [path, own, secret, pipe, link] = ['settings.json', 'own', 'secret', 'pipe', 'link'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string, string]
    writeFileSync(own, 'own', { mode: 0o600 })
    writeFileSync(secret, 'secret', { mode: 0o600 })
    symlinkSync(secret, link)
    spawnSync('mkfifo', ['-m', '600', pipe])
    const things = [own, other === 'a pipe' ? pipe : link]
    const state = new Int32Array(new SharedArrayBuffer(8))
    const swapper = new Worker(SWAPPER, { eval: true, workerData: { path, things, pipe, state } })
    await new Promise((resolve) => swapper.once('online', resolve))
    const found = new Map<string, number>()
    let slowest = 0
    for (const end = performance.now() + TRIED_MS; performance.now() < end;) {
      const started = performance.now()
      const read = readOwn(path, 1_000)
      slowest = Math.max(slowest, performance.now() - started)
      Atomics.add(state, 0, 1)
      const what = read && 'bytes' in read ? `read: ${Buffer.from(read.bytes).toString()}` : 'not read'
      found.set(what, (found.get(what) ?? 0) + 1)
    }
    Atomics.store(state, 1, 1)
    await new Promise((resolve) => swapper.once('exit', resolve))
    expect([...found.keys()].sort()).toEqual(['not read', 'read: own'])
    expect(slowest).toBeLessThan(4_000)
  })
})
