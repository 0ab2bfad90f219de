import { describe, expect, it } from 'vitest'
import { LabError } from '#shared/errors'
import {
  DEFAULT_SETTINGS,
  LIFETIME_PRESETS,
  readSettings,
  requireSettings,
  type Settings,
} from '#shared/settings'

/** What is said about one setting with that value; `fine` where it is allowed. */
function judge(name: keyof Settings, value: unknown): string {
  const read = readSettings({ [name]: value })
  if ('settings' in read) {
    expect(read.settings).toEqual({ ...DEFAULT_SETTINGS, [name]: value })
    return 'fine'
  }
  expect(Object.keys(read.problems)).toEqual([name])
  return read.problems[name]!
}

describe('the defaults', () => {
  it('are those of the design', () => {
    expect(DEFAULT_SETTINGS).toMatchObject({
      authorityPort: 17_401,
      serverPort: 17_402,
      suite: 'classic',
      rsaBits: 2048,
      maxAge: 10,
      lifetime: 60,
      authorityIdentity: 'ID-CA',
      serverIdentity: 'ID-Server',
      clientIdentity: 'ID-Client',
      bootstrapKey: '4c41422d4b455921',
      names: 'anyone',
      enforceAddress: false,
      idleLimit: 30,
    })
    expect(LIFETIME_PRESETS).toEqual([10, 60, 100])
  })

  it('keep their own rules, and hold where nothing is given', () => {
    expect(readSettings(DEFAULT_SETTINGS)).toEqual({ settings: DEFAULT_SETTINGS })
    for (const nothing of [undefined, null, {}, 'text', 7, [], ['a']]) {
      expect(readSettings(nothing), JSON.stringify(nothing)).toEqual({ settings: DEFAULT_SETTINGS })
    }
  })
})

describe('a whole number', () => {
  it.each([
    { name: 'authorityPort', from: 0, to: 65_535, what: 'The authority’s port' },
    { name: 'serverPort', from: 0, to: 65_535, what: 'The server’s port' },
    { name: 'validityDays', from: 1, to: 3650, what: 'The validity of certificates in days' },
    { name: 'maxAge', from: 1, to: 3600, what: 'The message age limit in seconds' },
    { name: 'lifetime', from: 1, to: 86_400, what: 'The session lifetime in seconds' },
    { name: 'idleLimit', from: 1, to: 3600, what: 'The idle limit in seconds' },
    { name: 'maxConnections', from: 1, to: 10_000, what: 'The number of connections at once' },
  ] as const)('$name is $from to $to', ({ name, from, to, what }) => {
    expect(judge(name, from)).toBe('fine')
    expect(judge(name, to)).toBe('fine')
    expect(judge(name, from - 1)).toBe(`${what} is at least ${from}.`)
    expect(judge(name, to + 1)).toBe(`${what} is at most ${to}.`)
    for (const value of [from + 0.5, Number.NaN, Infinity, '7', '', null, true, [7], {}]) {
      expect(judge(name, value), JSON.stringify(value)).toBe(
        `${what} is a whole number from ${from} to ${to}.`,
      )
    }
  })
})

describe('an identity', () => {
  it.each([
    { name: 'authorityIdentity', whose: 'authority' },
    { name: 'serverIdentity', whose: 'server' },
    { name: 'clientIdentity', whose: 'client' },
  ] as const)('of the $whose matches the pattern of section 2', ({ name, whose }) => {
    expect(judge(name, 'x'.repeat(48))).toBe('fine')
    expect(judge(name, 'A.b_c-9')).toBe('fine')
    for (const value of ['', 'x'.repeat(49), 'My Server', 'Größe']) {
      expect(judge(name, value)).toContain(`The identity of the ${whose} has 1 to 48 letters`)
    }
    for (const value of [7, null, ['ID']])
      expect(judge(name, value)).toBe(`The identity of the ${whose} is a text.`)
  })
})

describe('a choice', () => {
  it('of the suite is one that there is', () => {
    expect(judge('suite', 'classic')).toBe('fine')
    for (const value of ['anyone', 'first', 'ask']) expect(judge('names', value)).toBe('fine')
    for (const value of ['nobody', '', true, null])
      expect(judge('names', value)).toBe('Who may register a name is one of: anyone, first, ask.')
    for (const value of ['Classic', 'none', '', 1, null]) expect(judge('suite', value)).toContain('classic')
  })

  it('of RSA bits is 2048, 3072 or 4096', () => {
    for (const value of [2048, 3072, 4096]) expect(judge('rsaBits', value)).toBe('fine')
    for (const value of [1024, 2047, 8192, '2048', null]) {
      expect(judge('rsaBits', value)).toBe('RSA keys have 2048, 3072, 4096 bits.')
    }
  })

  it('of the theme is system, light or dark', () => {
    for (const value of ['system', 'light', 'dark']) expect(judge('theme', value)).toBe('fine')
    for (const value of ['blue', '', null]) {
      expect(judge('theme', value)).toBe('The theme is system, light or dark.')
    }
  })

  it('of the size of text is one of a few', () => {
    for (const value of [90, 100, 115, 130, 150, 175, 200]) expect(judge('textSize', value)).toBe('fine')
    for (const value of [0, 125, 250, '100', null]) {
      expect(judge('textSize', value)).toBe('The size of text is one of: 90, 100, 115, 130, 150, 175, 200 %.')
    }
  })

  it('of enforcing the address is yes or no', () => {
    for (const value of [true, false]) expect(judge('enforceAddress', value)).toBe('fine')
    for (const value of ['true', 1, null]) {
      expect(judge('enforceAddress', value)).toBe('Whether the client’s address is enforced is yes or no.')
    }
  })
})

describe('the bootstrap key', () => {
  it('is 16 hex digits, in either case', () => {
    expect(judge('bootstrapKey', '0123456789abcdef')).toBe('fine')
    expect(judge('bootstrapKey', '0123456789ABCDEF')).toBe('fine')
    for (const value of [
      '',
      '0123456789abcde',
      '0123456789abcdef0',
      '0123456789abcdeg',
      '0x23456789abcdef',
    ]) {
      expect(judge('bootstrapKey', value)).toBe('The bootstrap key has 8 bytes: 16 hex digits.')
    }
    for (const value of [7, null])
      expect(judge('bootstrapKey', value)).toBe('The bootstrap key is written in hex.')
  })

  it('is no weak or semi-weak DES key, whatever its parity', () => {
    for (const value of ['0101010101010101', '0000000000000000', 'FEFEFEFEFEFEFEFE', '01fe01fe01fe01fe']) {
      expect(judge('bootstrapKey', value)).toBe(
        'The bootstrap key is a weak or semi-weak DES key: choose another.',
      )
    }
  })
})

describe('settings from outside', () => {
  it('get the default for what is missing, and lose what nobody knows', () => {
    expect(readSettings({ lifetime: 100, colour: 'blue', ['__proto__']: { maxAge: 99 } })).toEqual({
      settings: { ...DEFAULT_SETTINGS, lifetime: 100 },
    })
  })

  it('are judged each by itself, with one sentence for each that is wrong', () => {
    expect(readSettings({ lifetime: 0, maxAge: 'x', serverPort: 1234 })).toEqual({
      problems: {
        lifetime: 'The session lifetime in seconds is at least 1.',
        maxAge: 'The message age limit in seconds is a whole number from 1 to 3600.',
      },
    })
  })

  it('are one coded error where they have to be right', () => {
    expect(requireSettings({ lifetime: 100 }).lifetime).toBe(100)
    const wrong = (): Settings => requireSettings({ lifetime: 0, maxAge: 0 })
    expect(wrong).toThrow(LabError)
    expect(wrong).toThrow(
      'The message age limit in seconds is at least 1. The session lifetime in seconds is at least 1.',
    )
  })
})
