/** Requests that were made to take long are judged beside the process of all windows, in a thread, which is ended when it takes too long. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { judgeInThread } from '#main/authority/judge-request'
import type { RequestDesk } from '#main/authority/request-desk'
import { closeLabs, startedLab } from '../support/lab'
import { isCounted, mainThreadMs } from '../support/main-thread'
import { crowded, ecKey, writeRequest } from '../support/requests'
import { buildEntry, type BuiltProgram } from '../support/terminal-program'

let built: BuiltProgram
const folder = mkdtempSync(join(tmpdir(), 'offer-thread-'))
beforeAll(async () => {
  built = await buildEntry('main/authority/offer-thread.ts')
})
afterAll(async () => {
  await built.remove()
  rmSync(folder, { recursive: true })
})
afterEach(closeLabs)

async function desk(): Promise<RequestDesk> {
  const { lab } = await startedLab({}, { judgeRequest: judgeInThread(built.program) })
  return lab.authority.requireRequests()
}

/** Milliseconds of the processor that this thread may take to have a request judged, and to start and end the thread for it. */
const SHORT_MS = 40

describe.runIf(isCounted)('main takes little time', () => {
  const hostile = {
    'a curve that is computed on': writeRequest(ecKey('brainpoolP512r1')),
    ...Object.fromEntries(
      Object.entries(crowded(96_000)).map(([what, parts]) => [
        what,
        writeRequest(ecKey('prime256v1'), parts),
      ]),
    ),
  }

  it.each(Object.entries(hostile))('to have a request judged: %s', async (_, request) => {
    const requests = await desk()
    // What the first thread of all takes to be started is not the request's.
    await requests.offerFor(writeRequest(ecKey('prime256v1')))
    let least = Infinity
    for (let round = 0; round < 3; round++) {
      const before = mainThreadMs()
      await requests.offerFor(request).catch(() => undefined)
      least = Math.min(least, mainThreadMs() - before)
    }
    expect(least).toBeLessThan(SHORT_MS)
  })
})

describe('a thread', () => {
  /** One that does as it is told. */
  function thread(code: string): string {
    const path = join(folder, `${Math.random()}.mjs`)
    writeFileSync(path, `import { parentPort } from 'node:worker_threads'\n${code}`)
    return path
  }
  const nothing = new Uint8Array()

  it('that takes too long is ended, and everything else goes on meanwhile', async () => {
    let rounds = 0
    const others = setInterval(() => rounds++, 5)
    const judged = judgeInThread(thread('for (;;) ;'), 1_000)(nothing, nothing)
    await expect(judged).rejects.toMatchObject({
      code: 'inspect_timeout',
      message: expect.stringContaining('longer than 1 second.'),
    })
    clearInterval(others)
    expect(rounds).toBeGreaterThan(20)
  })

  it('that takes too much memory is ended', async () => {
    const code = 'const all = []; for (;;) all.push(new Array(1_000_000).fill(0.5))'
    const judged = judgeInThread(thread(code), 60_000)
    await expect(judged(nothing, nothing)).rejects.toMatchObject({ code: 'request_refused' })
  })

  it('that fails unforeseen says how', async () => {
    const judged = judgeInThread(thread('undefined.nothing'))
    await expect(judged(nothing, nothing)).rejects.toThrow(TypeError)
  })

  it('that only reads says what is wrong with the bytes', async () => {
    await expect((await desk()).offerFor(new Uint8Array(40))).rejects.toMatchObject({
      code: 'bad_request_bytes',
    })
  })
})
