/** Whether there is a file manager is found out by the system's own means: its services, and its opener. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasFileManagerService, openFolder } from '#main/files/file-manager'
import { usableFolder } from '#main/files/folder'

let folder: string
const PATH = process.env['PATH']
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manager-'))
})
afterEach(() => {
  process.env['PATH'] = PATH
  rmSync(folder, { recursive: true, force: true })
})

/** Puts a program of the opener's name first, or makes that there is none. */
function opener(script?: string): void {
  if (script !== undefined) {
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'xdg-open'), 0o755)
  }
  process.env['PATH'] = folder
}

describe.runIf(process.platform === 'linux')('a folder', () => {
  it('is not shown where there is no opener', async () => {
    opener()
    expect(await openFolder(folder)).toBe(false)
  })

  it('is not shown where the opener finds nothing to open it with', async () => {
    opener('exit 3')
    expect(await openFolder(folder)).toBe(false)
  })

  it('is shown where the opener says so, and is told whole', async () => {
    const named = join(folder, 'a folder; with $signs')
    opener(`printf %s "$1" > '${folder}/told'`)
    expect(await openFolder(named)).toBe(true)
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe(named)
  })

  it('is shown where what was started stays', async () => {
    opener('PATH=/usr/bin:/bin exec sleep 1')
    expect(await openFolder(folder, 50)).toBe(true)
  })
})

describe('a file manager', () => {
  const services = (text: string): NodeJS.ProcessEnv => {
    const where = join(folder, 'dbus-1/services')
    mkdirSync(where, { recursive: true })
    writeFileSync(join(where, 'a.service'), text)
    mkdirSync(join(where, 'b.service'))
    return {
      XDG_DATA_HOME: join(folder, 'none'),
      XDG_DATA_DIRS: folder,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x',
    }
  }

  it('that the session can start is known', () => {
    const env = services('[D-BUS Service]\nName=org.freedesktop.FileManager1\nExec=/usr/bin/files\n')
    expect(hasFileManagerService(env)).toBe(true)
    expect(hasFileManagerService({ ...env, DBUS_SESSION_BUS_ADDRESS: '' })).toBe(false)
  })

  it('is not one of another name', () => {
    expect(hasFileManagerService(services('Name=org.freedesktop.FileManager10\n'))).toBe(false)
    expect(
      hasFileManagerService({
        DBUS_SESSION_BUS_ADDRESS: 'x',
        XDG_DATA_DIRS: '/none',
        XDG_DATA_HOME: '/none',
      }),
    ).toBe(false)
  })
})

describe('a chooser begins', () => {
  it('in the folder of the last time, or what is left of its path', async () => {
    expect(await usableFolder([folder], ['/'])).toBe(folder)
    expect(await usableFolder([undefined, join(folder, 'gone/and its child')], ['/none'])).toBe(folder)
  })

  it('in a usual one that is there and can be written to, or wherever the system says', async () => {
    writeFileSync(join(folder, 'file'), '')
    expect(await usableFolder(['/none/at all'], [undefined, join(folder, 'file'), folder])).toBe(folder)
    expect(await usableFolder([], ['/none', undefined])).toBeUndefined()
  })
})
