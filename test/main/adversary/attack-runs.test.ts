/** The threads of attacks, with a thread that answers at once, or fails where it is asked for what is bad. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AttackThreads } from '#main/adversary/attack-runs'
import type { CellRequest } from '#shared/adversary/cell'

const THREAD = `import { parentPort } from 'node:worker_threads'
parentPort.on('message', (request) => {
  if (request.attack.startsWith('bad')) throw new Error(request.attack)
  parentPort.postMessage({ cell: request, run: new Uint8Array() })
})
`
const named = (attack: string): CellRequest => ({ attack, suite: 'modern', without: [] })
const told: string[] = []
const rests: unknown[] = []

let folder: string
let threads: AttackThreads
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attack-runs-'))
  const thread = join(folder, 'thread.mjs')
  await writeFile(thread, THREAD)
  threads = new AttackThreads({
    thread,
    onRun: ({ cell }) => void told.push(cell.attack),
    onRest: (failure) => void rests.push(failure),
  })
})
afterAll(async () => {
  await threads.cancel()
  await rm(folder, { recursive: true })
})

async function runs(...attacks: readonly string[]): Promise<void> {
  const before = rests.length
  threads.add(attacks.map(named))
  await expect.poll(() => rests.length, { timeout: 25_000 }).toBe(before + 1)
}

it('who asks for nothing hears of no rest, and threads that rest run what comes next', async () => {
  await runs('one', 'two', 'three', 'four')
  threads.add([])
  expect(rests).toEqual([undefined])
  await runs('one')
  expect(told.toSorted()).toEqual(['four', 'one', 'one', 'three', 'two'])
})

it('threads that fail together end all that runs, once, and no error is left to nobody', async () => {
  await runs('bad one', 'bad two', 'bad three')
  expect(rests.at(-1)).toBeInstanceOf(Error)
  expect(threads.isRunning).toBe(false)
  const before = rests.length
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(rests).toHaveLength(before)
  await runs('one')
  expect(rests.at(-1)).toBeUndefined()
})
