/** A screen reader on Linux gets what the windows show: over a session bus and an accessibility bus of the test's own. */
import { expect, test } from '@playwright/test'
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { launchApp } from '../support/app'

const BUS = ['--dest', 'org.a11y.Bus', '--object-path', '/org/a11y/bus', '--method']
const hasBuses = ['gdbus', 'dbus-daemon'].every(
  (program) => spawnSync(program, ['--version']).status === 0 || spawnSync(program, ['help']).status === 0,
)

test.skip(process.platform !== 'linux' || !hasBuses, 'There is no D-Bus here to ask.')

let daemon: ChildProcess
let address: string

test.beforeEach(async () => {
  daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  address = await new Promise<string>((resolve) => {
    daemon.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim()))
  })
})
test.afterEach(() => void daemon.kill())

function gdbus(to: readonly string[], ...args: readonly string[]): string {
  const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address }
  return execFileSync('gdbus', ['call', ...to, ...args], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function announce(there: boolean): void {
  const set = 'org.freedesktop.DBus.Properties.Set'
  gdbus(['--session'], ...BUS, set, 'org.a11y.Status', 'ScreenReaderEnabled', `<${there}>`)
}

/** Names of everything that assistive technology finds, down from the desktop. */
function namesInTree(): readonly string[] {
  const [, bus = ''] = /'([^']+)'/.exec(gdbus(['--session'], ...BUS, 'org.a11y.Bus.GetAddress')) ?? []
  const names: string[] = []
  const left = [{ owner: 'org.a11y.atspi.Registry', path: '/org/a11y/atspi/accessible/root', depth: 0 }]
  for (let next = left.shift(); next && names.length < 2_000; next = left.shift()) {
    const { owner, path, depth } = next
    const at = ['--address', bus, '--dest', owner, '--object-path', path, '--method']
    try {
      names.push(gdbus(at, 'org.freedesktop.DBus.Properties.Get', 'org.a11y.atspi.Accessible', 'Name'))
      const children = gdbus(at, 'org.a11y.atspi.Accessible.GetChildren')
      for (const [, to = '', where = ''] of children.matchAll(/\('([^']+)', (?:objectpath )?'([^']+)'\)/g))
        if (depth < 24) left.push({ owner: to, path: where, depth: depth + 1 })
    } catch {
      // Gone, or not there yet: elements come and go while the tree is walked.
    }
    if (names.some((name) => name.includes('Next step'))) break
  }
  return names
}

const isReadable = ({ app }: Pick<typeof Electron, 'app'>): boolean => app.accessibilitySupportEnabled

test('it reads the windows when it is there at the start', async () => {
  announce(true)
  const app = await launchApp({ env: { DBUS_SESSION_BUS_ADDRESS: address } })
  try {
    await expect.poll(() => app.electron.evaluate(isReadable)).toBe(true)
    await expect
      .poll(() => namesInTree().some((name) => name.includes('Next step')), { timeout: 60_000 })
      .toBe(true)
  } finally {
    await app.close()
  }
})

test('the app is not slowed down without one, and notices one that comes later', async () => {
  announce(false)
  const app = await launchApp({ env: { DBUS_SESSION_BUS_ADDRESS: address } })
  try {
    await app.client.waitForTimeout(5_500)
    expect(await app.electron.evaluate(isReadable)).toBe(false)
    announce(true)
    // A window comes to the front: the desktop is asked again, but not more often than every five seconds.
    const comesToFront = ({ app: program }: Pick<typeof Electron, 'app'>): boolean => {
      program.emit('browser-window-focus')
      return program.accessibilitySupportEnabled
    }
    await expect.poll(() => app.electron.evaluate(comesToFront)).toBe(true)
  } finally {
    await app.close()
  }
})
