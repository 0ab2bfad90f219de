import { expect, it } from 'vitest'
import { writeScript, type Action, type Place, type Rule } from '#shared/adversary/script'
import { Playbook } from '#main/adversary/playbook'
import type { SeenFrame } from '#main/adversary/seen-frame'

let frames = 0
const frame = (step: number, direction: Place['direction'] = 'client_to_server'): SeenFrame =>
  ({ id: ++frames, step, direction }) as SeenFrame
const rule = (step: number, nth = 1): Rule => ({
  on: { step, direction: 'client_to_server', nth },
  do: [{ does: 'drop' }],
})
const DROP: readonly Action[] = [{ does: 'drop' }]
const nothing = { get: () => undefined }

it('says which rules were done, in whatever order their frames came', () => {
  const playbook = new Playbook(nothing)
  playbook.open(writeScript({ title: 'Three', rules: [rule(7), rule(5), rule(3)] }))
  expect(playbook.script).toMatchObject({ from: 'file', title: 'Three', isRunning: false, done: [] })
  playbook.run()
  playbook.meet(frame(3))
  expect(playbook.script?.done).toEqual([2])
  playbook.meet(frame(4, 'server_to_client'))
  playbook.meet(frame(7))
  expect(playbook.script?.done).toEqual([0, 2])
  playbook.run()
  expect(playbook.script?.done).toEqual([])
})

it('runs what was recorded until then, each time, where no file was opened', () => {
  const playbook = new Playbook(nothing)
  const record = (step: number): void => {
    const seen = frame(step)
    playbook.meet(seen)
    expect(playbook.record(seen, DROP)).toBe(true)
  }
  record(3)
  expect(playbook.script).toBeUndefined()
  playbook.run()
  expect(playbook.script).toMatchObject({ from: 'recorded', isRunning: true })
  expect(playbook.script?.rules).toEqual(playbook.recorded)
  expect(playbook.meet(frame(3))?.do).toEqual(DROP)
  playbook.stop()
  expect(playbook.script).toBeUndefined()
  record(7)
  playbook.run()
  expect(playbook.script?.rules).toHaveLength(2)
  playbook.forget()
  expect(playbook.script).toBeUndefined()
})

it('records no more than a file may hold that can be opened again', () => {
  const playbook = new Playbook(nothing)
  const long: readonly Action[] = [{ does: 'bytes', hex: 'ab'.repeat(500_000), length: 'kept' }]
  const kept = Array.from({ length: 10 }, (_, index) => {
    const seen = frame((index % 8) + 1)
    playbook.meet(seen)
    return playbook.record(seen, long)
  })
  expect(kept).toContain(true)
  expect(kept.at(-1)).toBe(false)
  const again = new Playbook(nothing)
  again.open(playbook.file('Long'))
  expect(again.script?.rules).toHaveLength(kept.filter(Boolean).length)
  playbook.forget()
  const seen = frame(3)
  playbook.meet(seen)
  expect(playbook.record(seen, long)).toBe(true)
})
