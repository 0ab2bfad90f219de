import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readJson, replaceFile, setAside } from '#main/settings/json-file'
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
  const { store, notice } = await SettingsStore.open(path, overrides, (changed) => told.push(changed))
  return { store, notice, told }
}

const onDisk = async (): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))

describe('the settings', () => {
  it('are the defaults at the first start, and no file is made for that', async () => {
    const { store, notice } = await open()
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(notice).toBeUndefined()
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
    expect(next.notice).toBeUndefined()
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

  it('give way to a change that is made in the app', async () => {
    const { store } = await open({ lifetime: 7, serverPort: 0 })
    await store.change({ lifetime: 100 })
    expect(store.current).toMatchObject({ lifetime: 100, serverPort: 0 })
    expect(await onDisk()).toMatchObject({ lifetime: 100, serverPort: DEFAULT_SETTINGS.serverPort })
  })
})

describe('a settings file', () => {
  it.each([
    ['that is no JSON', '{"lifetime":'],
    ['that is empty', ''],
    ['with a setting that is not allowed', '{"lifetime":0}'],
    ['with a setting of the wrong type', '{"suite":1}'],
  ])('%s is set aside, the defaults hold, and a notice says so', async (_, content) => {
    await writeFile(path, content)
    const { store, notice } = await open()
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(notice).toBe(`The settings could not be read: they were set aside as ${path}.damaged.`)
    expect(await readdir(folder)).toEqual(['settings.json.damaged'])
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe(content)
    await store.change({ lifetime: 100 })
    expect((await open()).store.current.lifetime).toBe(100)
  })

  it('takes the place of an earlier damaged one', async () => {
    await writeFile(`${path}.damaged`, 'older')
    await writeFile(path, 'newer')
    await open()
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe('newer')
  })

  it('of another version keeps what is known and gets the defaults for what is missing', async () => {
    await writeFile(path, '{"lifetime":100,"colour":"blue"}')
    const { store, notice } = await open()
    expect(notice).toBeUndefined()
    expect(store.current).toEqual({ ...DEFAULT_SETTINGS, lifetime: 100 })
  })
})

describe('a small JSON file', () => {
  it('is read, is not there, or is damaged', async () => {
    expect(await readJson(path)).toBeUndefined()
    await writeFile(path, '[1]')
    expect(await readJson(path)).toEqual({ value: [1] })
    await writeFile(path, '[1')
    expect(await readJson(path)).toBe('damaged')
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
    expect(await readJson(deep)).toEqual({ value: {} })
  })

  it('leaves nothing behind where it can’t be put in place', async () => {
    await mkdir(path)
    await writeFile(join(path, 'x'), '')
    await expect(replaceFile(path, '{}')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['settings.json'])
  })

  it('is set aside under a name that says so', async () => {
    await writeFile(path, 'damaged')
    expect(await setAside(path)).toBe(`${path}.damaged`)
    expect(await readdir(folder)).toEqual(['settings.json.damaged'])
  })
})
