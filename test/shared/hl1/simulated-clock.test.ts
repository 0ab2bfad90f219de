import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '#shared/hl1/simulated-clock'

const make = (): SimulatedClock => new SimulatedClock({ now: 1_000_000, monotonic: 500 })

describe('a simulated clock', () => {
  it('stands still until it is moved, and then both its clocks go the same way', () => {
    const clock = make()
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_000, 500])
    clock.pass(250)
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_250, 750])
  })

  it('has a wall clock that can be set, and one that does not notice', () => {
    const clock = make()
    clock.setWallClock(-3_600_000)
    clock.pass(1)
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_000 - 3_600_000 + 1, 501])
  })

  it('does what falls due, each thing once, in order, at its own moment', () => {
    const clock = make()
    const done: string[] = []
    const note = (what: string) => () => void done.push(`${what} at ${clock.monotonic()}, ${clock.now()}`)
    clock.after(30, note('late'))
    clock.after(10, note('early'))
    clock.after(10, note('early too'))
    clock.pass(9)
    expect(done).toEqual([])
    clock.pass(1)
    expect(done).toEqual(['early at 510, 1000010', 'early too at 510, 1000010'])
    clock.pass(100)
    expect(done.slice(2)).toEqual(['late at 530, 1000030'])
    expect(clock.monotonic()).toBe(610)
  })

  it('does what was asked for on the way, and nothing that was called off', () => {
    const clock = make()
    const done: number[] = []
    clock.after(10, () => clock.after(10, () => done.push(clock.monotonic())))
    const callOff = clock.after(15, () => done.push(-1))
    callOff()
    callOff()
    clock.setWallClock(60_000)
    expect(done).toEqual([])
    clock.pass(25)
    expect(done).toEqual([520])
  })
})
