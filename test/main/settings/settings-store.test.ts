import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readJson, replaceFile } from '#main/files/json-file'
import { settingsFailure } from '#main/settings/failures'
import { SettingsStore } from '#main/settings/settings-store'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-settings-'))
  path = join(folder, 'settings.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function open(overrides: Partial<Settings> = {}) {
  const told: Settings[] = []
  const { store, notices } = SettingsStore.open(path, overrides, (changed) => told.push(changed))
  return { store, notices, told }
}

const onDisk = async (): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))

describe('the settings', () => {
  it('are the defaults at the first start, and no file is made for that', async () => {
    const { store, notices } = await open()
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(notices).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('are kept for the next start', async () => {
    const first = await open()
    expect(await first.store.change({ lifetime: 100, theme: 'dark' })).toEqual({
      settings: { ...DEFAULT_SETTINGS, lifetime: 100, theme: 'dark' },
    })
    expect(first.told).toEqual([first.store.current])
    const next = await open()
    expect(next.store.current).toEqual({ ...DEFAULT_SETTINGS, lifetime: 100, theme: 'dark' })
    expect(next.notices).toEqual([])
  })

  it('stay as they are when one of several changes is not allowed', async () => {
    const { store, told } = await open()
    expect(await store.change({ lifetime: 100, maxAge: 0 })).toEqual({
      problems: { maxAge: 'The message age limit in seconds is at least 1.' },
    })
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(told).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('are written whole, for their owner alone, with nothing left beside them', async () => {
    const { store } = await open()
    await store.change({ lifetime: 100 })
    expect(await readdir(folder)).toEqual(['settings.json'])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).toMatch(/^\{\n {2}"authorityPort"[^]*\}\n$/)
  })

  it('stay as they were when they can’t be written', async () => {
    const { store, told } = await open()
    // A folder stands where the file should: it can't be replaced.
    await mkdir(join(path, 'in the way'), { recursive: true })
    await expect(store.change({ lifetime: 100 })).rejects.toThrow()
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(told).toEqual([])
    expect(await readdir(folder)).toEqual(['settings.json'])
  })
})

describe('settings from the command line', () => {
  it('hold for this start and are not kept', async () => {
    const { store } = await open({ lifetime: 7, serverPort: 0 })
    expect(store.current).toEqual({ ...DEFAULT_SETTINGS, lifetime: 7, serverPort: 0 })
    await store.change({ maxAge: 20 })
    expect(await onDisk()).toEqual({ ...DEFAULT_SETTINGS, maxAge: 20 })
    expect(store.current).toEqual({ ...DEFAULT_SETTINGS, maxAge: 20, lifetime: 7, serverPort: 0 })
  })

  it('are named, until a change in the app takes their place', async () => {
    const { store } = await open({ lifetime: 7, serverPort: 0 })
    expect(store.overridden).toEqual(['lifetime', 'serverPort'])
    await store.change({ lifetime: 100, serverPort: 0 })
    expect(store.overridden).toEqual(['serverPort'])
  })

  it('are not made permanent by saving the rest, as the dialog does with all of its fields', async () => {
    const { store } = await open({ lifetime: 7 })
    await store.change({ ...store.current, maxAge: 20 })
    expect(await onDisk()).toEqual({ ...DEFAULT_SETTINGS, maxAge: 20 })
    expect((await open()).store.current.lifetime).toBe(DEFAULT_SETTINGS.lifetime)
  })

  it('give way to a change that is made in the app', async () => {
    const { store } = await open({ lifetime: 7, serverPort: 0 })
    await store.change({ lifetime: 100 })
    expect(store.current).toMatchObject({ lifetime: 100, serverPort: 0 })
    expect(await onDisk()).toMatchObject({ lifetime: 100, serverPort: DEFAULT_SETTINGS.serverPort })
  })
})

describe('ports for both roles', () => {
  it('that are one and the same are refused with the reason, on the field of the server', async () => {
    const { store } = await open()
    const reason = 'The server needs a port of its own: 5000 is the authority’s.'
    expect(await store.change({ authorityPort: 5_000, serverPort: 5_000 })).toEqual({
      problems: { serverPort: reason },
    })
    expect(await store.change({ authorityPort: 17_402 })).toMatchObject({
      problems: { serverPort: expect.any(String) },
    })
    expect(await store.change({ authorityPort: 0, serverPort: 0 })).toMatchObject({
      settings: { authorityPort: 0, serverPort: 0 },
    })
  })

  it('are refused too where one of them is from the command line', async () => {
    const { store } = await open({ authorityPort: 6_000 })
    expect(await store.change({ serverPort: 6_000 })).toMatchObject({
      problems: { serverPort: expect.any(String) },
    })
    expect(store.current).toMatchObject({ authorityPort: 6_000, serverPort: 17_402 })
  })

  it('from the command line give way to the stored ones where the two don’t go together, and a notice says so', async () => {
    const { store, notices } = await open({ authorityPort: 17_402, lifetime: 7 })
    expect(store.current).toEqual({ ...DEFAULT_SETTINGS, lifetime: 7 })
    expect(notices).toEqual([
      'Ports on the command line left out. The server needs a port of its own: 17402 is the authority’s.',
    ])
  })
})

describe('a settings file', () => {
  it.each([
    ['that is no JSON', '{"lifetime":'],
    ['that is empty', ''],
    ['that is JSON and no settings', '["lifetime"]'],
    ['that is JSON and nothing', 'null'],
  ])('%s is set aside, the defaults hold, and a notice says so', async (_, content) => {
    await writeFile(path, content)
    const { store, notices } = await open()
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatch(/^The settings could not be read, so the defaults hold\./)
    expect(notices[0]).toContain(`kept as ${path}.damaged.`)
    expect(await readdir(folder)).toEqual(['settings.json.damaged'])
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe(content)
    await store.change({ lifetime: 100 })
    expect((await open()).store.current.lifetime).toBe(100)
  })

  it('takes nothing of an earlier damaged one, whatever that is', async () => {
    await writeFile(`${path}.damaged`, 'older')
    await mkdir(join(`${path}.damaged-2`, 'full'), { recursive: true })
    await writeFile(path, 'newer')
    const { notices } = await open()
    expect(notices[0]).toContain(`kept as ${path}.damaged-3.`)
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe('older')
    expect(await readFile(`${path}.damaged-3`, 'utf8')).toBe('newer')
  })

  it.each([
    ['is not allowed', { lifetime: 0 }, 'at least 1'],
    ['has another type', { suite: 1 }, 'classic, modern'],
    ['a newer version knows', { suite: 'hybrid', rsaBits: 16_384 }, 'classic, modern. RSA keys have'],
    ['the authority’s usual port takes', { serverPort: 17_401 }, 'a port of its own'],
    [
      'is on the other role’s usual port, beside one that is not allowed',
      { authorityPort: 17_402, lifetime: 0 },
      'is at least 1. The server needs a port of its own',
    ],
  ])(
    'with one that %s keeps all others, and a notice says which have their defaults',
    async (_, bad, said) => {
      const content = JSON.stringify({ maxAge: 77, theme: 'dark', ...bad })
      await writeFile(path, content)
      const { store, notices } = await open()
      expect(store.current).toEqual({ ...DEFAULT_SETTINGS, maxAge: 77, theme: 'dark' })
      expect(notices).toHaveLength(1)
      expect(notices[0]).toContain(said)
      expect(notices[0]).toContain('kept beside as settings.json.other-version.')
      // Nothing was saved: a newer version finds its file as it was.
      expect(await readdir(folder)).toEqual(['settings.json'])
      expect(await readFile(path, 'utf8')).toBe(content)
    },
  )

  it('with both roles on one port leaves it to the authority', async () => {
    await writeFile(path, '{"authorityPort":5000,"serverPort":5000}')
    const { store, notices } = await open()
    expect(store.current).toEqual({ ...DEFAULT_SETTINGS, authorityPort: 5_000 })
    expect(notices[0]).toContain('The server needs a port of its own: 5000 is the authority’s.')
  })

  it('that was not understood is kept beside, under a free name, once settings are saved, and not again', async () => {
    const content = '{ "suite": "hybrid", "maxAge": 77 }'
    await writeFile(path, content)
    await writeFile(`${path}.other-version`, 'older')
    const { store } = await open()
    await store.change({ lifetime: 100 })
    await store.change({ lifetime: 101 })
    expect((await readdir(folder)).sort()).toEqual([
      'settings.json',
      'settings.json.other-version',
      'settings.json.other-version-2',
    ])
    expect(await readFile(`${path}.other-version`, 'utf8')).toBe('older')
    expect(await readFile(`${path}.other-version-2`, 'utf8')).toBe(content)
    const next = await open()
    expect(next.notices).toEqual([])
    expect(next.store.current).toEqual({ ...DEFAULT_SETTINGS, maxAge: 77, lifetime: 101 })
  })

  it('that was not understood stays as it is where nothing can be saved', async () => {
    await writeFile(path, '{"suite":"hybrid"}')
    const { store } = await open()
    await rm(folder, { recursive: true })
    await writeFile(folder, 'a file where the folder was')
    await expect(store.change({ lifetime: 100 })).rejects.toMatchObject({ code: 'settings_not_kept' })
    expect(store.current).toEqual(DEFAULT_SETTINGS)
  })

  it('of another version keeps what is known, gets the defaults for what is missing, and loses nothing when it is saved', async () => {
    await writeFile(path, '{"lifetime":100,"colour":"blue","__proto__":{"theme":"dark"}}')
    const { store, notices } = await open()
    expect(notices).toEqual([])
    expect(store.current).toEqual({ ...DEFAULT_SETTINGS, lifetime: 100 })
    await store.change({ maxAge: 20 })
    expect(await onDisk()).toMatchObject({ lifetime: 100, maxAge: 20, colour: 'blue' })
    expect((await open()).store.current).toEqual({ ...DEFAULT_SETTINGS, lifetime: 100, maxAge: 20 })
  })
})

describe('a small JSON file', () => {
  it('is read, is not there, or is damaged', async () => {
    expect(readJson(path)).toBeUndefined()
    await writeFile(path, '[1]')
    expect(readJson(path)).toEqual({ value: [1] })
    await writeFile(path, '[1')
    expect(readJson(path)).toEqual({ wrong: 'It is no JSON.' })
    await writeFile(path, Buffer.from([0x22, 0xff, 0xfe, 0x22]))
    expect(readJson(path)).toEqual({ wrong: 'It is no JSON.' })
    expect(readJson(join(folder, 'no folder', 'settings.json'))).toBeUndefined()
  })

  it('is replaced in one step: a reader sees the old or the new content, never a part', async () => {
    const contents = ['a', 'b'].map((letter) => JSON.stringify(letter.repeat(200_000)))
    await replaceFile(path, contents[0]!)
    let writing = true
    const reading = (async () => {
      const seen = new Set<string>()
      while (writing) seen.add(await readFile(path, 'utf8'))
      return seen
    })()
    for (let count = 1; count <= 30; count++) await replaceFile(path, contents[count % 2]!)
    writing = false
    for (const seen of await reading) expect(contents).toContain(seen)
    expect(await readdir(folder)).toEqual(['settings.json'])
  })

  it('gets its folder made', async () => {
    const deep = join(folder, 'a', 'b', 'file.json')
    await replaceFile(deep, '{}')
    expect(readJson(deep)).toEqual({ value: {} })
  })

  it('leaves nothing behind where it can’t be put in place', async () => {
    await mkdir(path)
    await writeFile(join(path, 'x'), '')
    await expect(replaceFile(path, '{}')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['settings.json'])
  })
})

describe('settings that can not be kept', () => {
  it.each([
    ['ENOSPC', 'settings_disk_full', 'Make room'],
    ['EDQUOT', 'settings_disk_full', 'Make room'],
    ['EROFS', 'settings_not_writable', 'may not write'],
    ['EIO', 'settings_not_kept', 'could not be kept'],
  ])('after %s are the old ones, and the code is %s', (systemCode, code, said) => {
    const failure = settingsFailure(Object.assign(new Error('No.'), { code: systemCode }), path)
    expect(failure.code).toBe(code)
    expect(failure.message).toContain(said)
    expect(failure.message).toContain('The settings stay as they were.')
    expect(failure.message).toContain(folder)
  })

  it('leave nothing behind, and no window is told', async () => {
    const { store, told } = await open()
    await mkdir(path)
    await expect(store.change({ lifetime: 100 })).rejects.toMatchObject({ code: 'settings_not_kept' })
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(told).toEqual([])
    expect(await readdir(folder)).toEqual(['settings.json'])
  })
})
