/** The desk that the window *Attacks* asks: real threads, as the app builds them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dirname, join } from 'node:path'
import { AttackDesk } from '#main/adversary/attack-desk'
import { LONGEST_STORY } from '#shared/adversary/run'
import { cellKey, type AttackProgress, type CellRequest } from '#shared/adversary/cell'
import { ATTACKS, attackById } from '#shared/adversary/attacks'
import { matrixOf } from '#shared/adversary/matrix'
import { runText } from '#shared/adversary/run-text'
import { buildEntry, type BuiltProgram } from '../support/terminal-program'

let built: BuiltProgram
beforeAll(async () => {
  built = await buildEntry('main/adversary/attacks-thread.ts')
}, 60_000)
afterAll(() => built.remove())

const REPLAY: CellRequest = { attack: 'ask-again', suite: 'modern', without: ['sequence'] }

/** A desk, and all that it has told. */
function openDesk(): { desk: AttackDesk; told: AttackProgress[]; rest: () => Promise<void> } {
  const told: AttackProgress[] = []
  let waiting: (() => void) | undefined
  const desk = new AttackDesk({
    version: '0.0.0',
    thread: join(dirname(built.program), 'program.js'),
    tell: (progress) => {
      told.push(progress)
      if (progress.done === progress.of) waiting?.()
    },
    log: { failed: (_, error) => expect.unreachable(String(error)) },
  })
  return { desk, told, rest: () => new Promise((resolve) => (waiting = resolve)) }
}

it('tells every cell once, in batches, and opens each as the run it was', async () => {
  const { desk, told, rest } = openDesk()
  const requests = ATTACKS.map(({ id }) => ({ attack: id, suite: 'modern' as const, without: [] }))
  const rested = rest()
  await desk.run([...requests, REPLAY])
  await desk.run([REPLAY])
  await rested
  const keys = told.flatMap(({ cells }) => cells).map(cellKey)
  expect(keys.toSorted()).toEqual([...requests, REPLAY].map(cellKey).toSorted())
  expect(told.length).toBeLessThan(keys.length)
  expect(desk.list().cells).toHaveLength(keys.length)
  for (const request of requests) {
    const { cell, story, records } = desk.open(request)
    expect(cell).toEqual(desk.list().cells.find((each) => cellKey(each) === cellKey(request)))
    expect(story.length, request.attack).toBeLessThanOrEqual(LONGEST_STORY)
    expect(story.join(' ')).not.toMatch(/undefined|\[object/)
    expect(records.flatMap(({ members }) => members).filter(({ secret }) => secret)).toEqual([])
  }
  const run = desk.open(REPLAY)
  expect(run.story.at(-1)).toBe('The server accepted the same step 7 twice; it was sent once.')
  expect(run.story.join(' ')).toContain('went on in step 7 where “Sequence number” would have refused')
  expect(run.frames.filter(({ from, step }) => from === 'adversary' && step === 7)).toHaveLength(1)
  expect(run.frames.filter(({ to, step }) => to === 'adversary' && step === 8)).toHaveLength(1)
  expect(runText(attackById('ask-again')!, run)).toContain('without Sequence number: succeeds.')
  await desk.forget()
  expect(() => desk.open(REPLAY)).toThrow('run it once more')
  expect(desk.list()).toEqual({ cells: [], done: 0, of: 0 })
}, 60_000)

it('gives up all that runs and waits at once, and runs what is asked for afterwards', async () => {
  const { desk, told, rest } = openDesk()
  await desk.run(matrixOf(['classic']))
  await expect.poll(() => told.flatMap(({ cells }) => cells).length, { timeout: 30_000 }).toBeGreaterThan(5)
  const started = performance.now()
  const cancelled = desk.cancel()
  const took = performance.now() - started
  const ended = told.at(-1)
  await cancelled
  expect(ended?.done).toBe(ended?.of)
  const before = desk.list().cells.length
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(desk.list().cells).toHaveLength(before)
  // It is told at once; the threads take a moment to end.
  expect(took).toBeLessThan(200)
  const rested = rest()
  await desk.run([REPLAY])
  await rested
  expect(desk.open(REPLAY).cell.outcome.is).toBe('succeeded')
  await desk.forget()
}, 60_000)

it('refuses what is no cell, and says nothing of it', async () => {
  const { desk, told } = openDesk()
  await expect(desk.run([{ ...REPLAY, attack: 'none' }])).rejects.toThrow('no such cell')
  await expect(desk.run([{ ...REPLAY, suite: 'classic' }])).rejects.toThrow('no such cell')
  expect(told).toEqual([])
})
