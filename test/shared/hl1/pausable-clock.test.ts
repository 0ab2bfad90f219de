import { expect, it, vi } from 'vitest'
import { PausableClock } from '#shared/hl1/pausable-clock'
import { SimulatedClock } from '#shared/hl1/simulated-clock'

function make() {
  const real = new SimulatedClock({ now: 0, monotonic: 5_000 })
  const clock = new PausableClock(real)
  const due = vi.fn()
  return { real, clock, due }
}

it('goes as the other one does until it is stopped, and on from where it stood', () => {
  const { real, clock } = make()
  real.pass(1_000)
  expect(clock.monotonic()).toBe(6_000)
  clock.pause()
  real.pass(600_000)
  expect([clock.isPaused, clock.monotonic()]).toEqual([true, 6_000])
  clock.resume()
  real.pass(500)
  expect([clock.isPaused, clock.monotonic()]).toEqual([false, 6_500])
})

it('stopping or resuming twice changes nothing, and pauses add up', () => {
  const { real, clock } = make()
  for (let time = 0; time < 3; time++) {
    clock.pause()
    real.pass(1_000)
    clock.pause()
    clock.resume()
    clock.resume()
    real.pass(10)
  }
  expect(clock.monotonic()).toBe(5_030)
})

it('what waits for its time waits longer by as much as it stood, to the millisecond', () => {
  const { real, clock, due } = make()
  clock.after(1_000, due)
  real.pass(400)
  clock.pause()
  real.pass(86_400_000)
  expect(due).not.toHaveBeenCalled()
  clock.resume()
  real.pass(599)
  expect(due).not.toHaveBeenCalled()
  real.pass(1)
  expect(due).toHaveBeenCalledTimes(1)
  real.pass(10_000)
  expect(due).toHaveBeenCalledTimes(1)
})

it('what is set while it stands waits for its whole time afterwards, and what is called off never comes', () => {
  const { real, clock, due } = make()
  clock.pause()
  clock.after(100, due)
  const callOff = clock.after(50, due)
  real.pass(1_000)
  callOff()
  clock.resume()
  real.pass(99)
  expect(due).not.toHaveBeenCalled()
  real.pass(1)
  expect(due).toHaveBeenCalledTimes(1)
})
