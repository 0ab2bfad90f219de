/** On Linux nobody tells Chromium of a screen reader: the app asks the desktop. */
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { attendScreenReader, isScreenReaderThere, type RunProgram } from '#main/windows/screen-reader'

/** What is asked, and the answers by the program that is asked. */
function desktop(answers: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const run: RunProgram = async (program, args) => {
    asked.push([program, ...args].join(' '))
    return answers[program]
  }
  return { asked, run }
}

it.each([
  ['gdbus', '(<true>,)\n', true],
  ['gdbus', '(<false>,)\n', false],
  ['gdbus', '', false],
  ['dbus-send', 'method return time=1\n   variant       boolean true\n', true],
  ['dbus-send', 'method return time=1\n   variant       boolean false\n', false],
  ['busctl', 'b true\n', true],
  ['busctl', 'b false\n', false],
] as const)('%s answers %j', async (program, answer, there) => {
  const { asked, run } = desktop({ [program]: answer })
  expect(await isScreenReaderThere({}, run)).toBe(there)
  for (const command of asked) expect(command).toContain('org.a11y.Status')
  expect(asked.at(-1)?.split(' ')[0]).toBe(program)
})

it('where no program can ask, there is none', async () => {
  const { asked, run } = desktop({})
  expect(await isScreenReaderThere({}, run)).toBe(false)
  expect(asked.map((command) => command.split(' ')[0])).toEqual(['gdbus', 'dbus-send', 'busctl'])
})

it.each([
  [{ ACCESSIBILITY_ENABLED: '1' }, true],
  [{ GNOME_ACCESSIBILITY: '1' }, true],
  [{ QT_ACCESSIBILITY: '1' }, true],
  [{ ACCESSIBILITY_ENABLED: '0', QT_ACCESSIBILITY: '1' }, false],
])('what the session says by a variable is not asked: %j', async (environment, there) => {
  const { asked, run } = desktop({ gdbus: '(<true>,)' })
  expect(await isScreenReaderThere(environment, run)).toBe(there)
  expect(asked).toEqual([])
})

it('asks at the start and when a window comes to the front, not too often, and no more once there is one', async () => {
  const app = Object.assign(new EventEmitter(), { accessibilitySupportEnabled: false })
  let [time, asked, there] = [0, 0, false]
  const isThere = async (): Promise<boolean> => {
    asked += 1
    return there
  }
  await attendScreenReader(app, isThere, () => time)
  expect([asked, app.accessibilitySupportEnabled]).toEqual([1, false])
  app.emit('browser-window-focus')
  expect(asked).toBe(1)
  there = true
  time = 6_000
  app.emit('browser-window-focus')
  await Promise.resolve()
  await Promise.resolve()
  expect([asked, app.accessibilitySupportEnabled]).toEqual([2, true])
  expect(app.listenerCount('browser-window-focus')).toBe(0)
})
