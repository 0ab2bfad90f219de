/** A file of the app's own is regular, its owner's, bounded; whatever else stands there is neither waited for nor lost. */
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readMemory } from '#main/export/memory'
import { readJson } from '#main/files/json-file'
import { readOwn, setAside } from '#main/files/own-file'
import { clearPlaces, ownPlaces } from '#main/files/own-places'
import { LogFile } from '#main/log/log-file'
import { SettingsStore } from '#main/settings/settings-store'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { fingerprint, HOSTILE_FILES } from '../../support/hostile-files'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-file-'))
  path = join(folder, 'settings.json')
})
afterEach(() => rm(folder, { recursive: true }))

/** At once: a reading that waits, or reads all of it, takes longer. */
function quickly<T>(act: () => T): T {
  const before = performance.now()
  const result = act()
  expect(performance.now() - before).toBeLessThan(1_000)
  return result
}

describe.each(HOSTILE_FILES)('$title', ({ make, said, isContent }) => {
  it('is not read, with the reason, and stays what it is', async () => {
    await make(path)
    const before = await fingerprint(path)
    const read = quickly(() => (isContent ? readJson(path) : readOwn(path, 100_000)))
    expect(read).toEqual({ wrong: expect.stringMatching(said) as unknown })
    expect(await fingerprint(path)).toBe(before)
  })

  it('in the place of the settings is set aside whole, the defaults hold, and new ones are kept', async () => {
    await make(path)
    const before = await fingerprint(path)
    const { store, notices } = quickly(() => SettingsStore.open(path, {}, () => undefined))
    expect(store.current).toEqual(DEFAULT_SETTINGS)
    expect(notices).toEqual([expect.stringMatching(said)])
    expect(notices[0]).toContain(`kept as ${path}.damaged.`)
    expect(await fingerprint(`${path}.damaged`)).toBe(before)
    await store.change({ lifetime: 77 })
    expect(SettingsStore.open(path, {}, () => undefined).store.current.lifetime).toBe(77)
  })

  it('in the place of what is remembered of exports is set aside as well', async () => {
    await make(path)
    const before = await fingerprint(path)
    expect(quickly(() => readMemory(path))).toMatchObject({
      names: {},
      notice: expect.stringMatching(said) as unknown,
    })
    expect(await fingerprint(`${path}.damaged`)).toBe(before)
  })
})

describe.each(HOSTILE_FILES.filter(({ isContent }) => !isContent))(
  'at the start $title',
  ({ make, said }) => {
    const places = () => ownPlaces(folder)
    it.each(['settings', 'windows', 'exports', 'trustAnchor', 'log'] as const)(
      'in the place %s is set aside and nothing else is touched',
      async (place) => {
        clearPlaces(places())
        const there = places()[place]
        await make(there)
        const before = await fingerprint(there)
        const notices = quickly(() => clearPlaces(places()))
        expect(notices).toEqual([expect.stringMatching(said)])
        expect(notices[0]).toContain(there)
        expect(await fingerprint(`${there}.damaged`)).toBe(before)
        expect(await readdir(dirname(there))).not.toContain(basename(there))
        expect(clearPlaces(places())).toEqual([])
      },
    )

    it.each(['logs', 'trust'])('in the place of the folder %s gives way to one', async (name) => {
      const there = join(folder, name)
      if (/folder/.test(said.source) || /bytes|account/.test(said.source)) return
      await make(there)
      const before = await fingerprint(there)
      expect(clearPlaces(places())).toEqual([expect.stringMatching(said)])
      expect(await fingerprint(`${there}.damaged`)).toBe(before)
      expect((await stat(there)).mode & 0o7777).toBe(0o700)
    })

    it('in the log’s place, put there while the app runs, is neither waited for nor written to', async () => {
      clearPlaces(places())
      const { log } = places()
      // One that is too long becomes the older one, as every log does that is full.
      if (/bytes/.test(said.source)) return
      await make(log)
      const before = await fingerprint(log)
      const file = new LogFile(log)
      expect(quickly(() => file.append('a line\n'))).toBe(false)
      expect(() => quickly(() => file.read(100))).toThrow(expect.objectContaining({ code: 'file_not_read' }))
      expect(await fingerprint(log)).toBe(before)
    })
  },
)

describe('a file of the app’s own', () => {
  it('is read whole up to its bound, and not with a byte more', async () => {
    await writeFile(path, 'x'.repeat(100))
    expect(readOwn(path, 100)).toEqual({ bytes: new Uint8Array(100).fill(0x78) })
    expect(readOwn(path, 99)).toEqual({ wrong: 'It has 100 bytes, and may have 99.' })
    expect(readOwn(join(folder, 'nothing'), 99)).toBeUndefined()
    expect(readOwn(join(path, 'below a file'), 99)).toBeUndefined()
  })

  it('has a log begun at most as long as it may be', async () => {
    clearPlaces(ownPlaces(folder))
    const { log } = ownPlaces(folder)
    await writeFile(log, '')
    await truncate(log, 1024 * 1024 + 1)
    expect(clearPlaces(ownPlaces(folder))).toEqual([expect.stringContaining('It has 1048577 bytes')])
    expect(new LogFile(log).append('a\n')).toBe(true)
    expect(await readFile(log, 'utf8')).toBe('a\n')
  })

  it('has folders for its owner alone, also where they were open', async () => {
    const { log, trustAnchor } = ownPlaces(folder)
    clearPlaces(ownPlaces(folder))
    for (const inside of [log, trustAnchor].map(dirname)) {
      await chmod(inside, 0o777)
      expect(clearPlaces(ownPlaces(folder))).toEqual([])
      expect((await stat(inside)).mode & 0o7777).toBe(0o700)
    }
  })

  it('has a folder of its own where a link to another one is, which nothing happens to', async () => {
    const elsewhere = join(folder, 'elsewhere')
    await writeFile(path, '{}')
    await mkdir(elsewhere)
    await writeFile(join(elsewhere, 'handshake-lab.log'), 'of another')
    await symlink(elsewhere, join(folder, 'logs'))
    expect(clearPlaces(ownPlaces(folder))).toEqual([expect.stringContaining('It is a link.')])
    new LogFile(ownPlaces(folder).log).append('a\n')
    expect(await readdir(elsewhere)).toEqual(['handshake-lab.log'])
    expect(await readFile(join(elsewhere, 'handshake-lab.log'), 'utf8')).toBe('of another')
  })

  it.runIf(process.geteuid?.() === 0)('has a folder of its own where one of another account is', async () => {
    await mkdir(join(folder, 'logs'))
    await chown(join(folder, 'logs'), 54_321, 54_321)
    expect(clearPlaces(ownPlaces(folder))).toEqual([
      expect.stringContaining('It belongs to another account.'),
    ])
    expect((await stat(join(folder, 'logs'))).uid).toBe(0)
  })

  it.runIf(process.geteuid?.() === 0)(
    'that its account may not read is said to be so, and is set aside',
    async () => {
      await writeFile(path, '{}')
      await chmod(path, 0)
      for (const each of [folder, path]) await chown(each, 54_321, 54_321)
      process.seteuid?.(54_321)
      try {
        expect(readOwn(path, 100)).toEqual({ wrong: 'This account may not read it.' })
        expect(setAside(path)).toBe(`What was there is kept as ${path}.damaged.`)
      } finally {
        process.seteuid?.(0)
      }
    },
  )

  it.runIf(process.geteuid?.() === 0)(
    'in a folder that can only be read stays, and nothing fails',
    async () => {
      await writeFile(path, '[')
      await chmod(folder, 0o555)
      for (const each of [folder, path]) await chown(each, 54_321, 54_321)
      process.seteuid?.(54_321)
      try {
        const { store, notices } = SettingsStore.open(path, {}, () => undefined)
        expect(store.current).toEqual(DEFAULT_SETTINGS)
        expect(notices).toEqual([expect.stringContaining('It could not be moved out of the way')])
        expect(clearPlaces(ownPlaces(folder))).toHaveLength(2)
      } finally {
        process.seteuid?.(0)
      }
    },
  )
})
