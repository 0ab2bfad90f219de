import { describe, expect, it } from 'vitest'
import { readCommandLine } from '#main/settings/command-line'

describe('the app’s command line', () => {
  it('may be empty', () => {
    expect(readCommandLine([])).toEqual({
      overrides: {},
      userData: undefined,
      exportFolder: undefined,
      problems: [],
    })
  })

  it('sets ports, suite, who may register a name, lifetime and age limit, as one word or two', () => {
    const { overrides, problems } = readCommandLine([
      '--ca-port=1234',
      '--server-port',
      '0',
      '--suite=classic',
      '--names=ask',
      '--lifetime',
      '100',
      '--max-age=3600',
    ])
    expect(problems).toEqual([])
    expect(overrides).toEqual({
      authorityPort: 1234,
      serverPort: 0,
      suite: 'classic',
      names: 'ask',
      lifetime: 100,
      maxAge: 3600,
    })
  })

  it('names folders', () => {
    expect(readCommandLine(['--user-data-dir=/data', '--export-folder', '/keys and more'])).toMatchObject({
      userData: '/data',
      exportFolder: '/keys and more',
    })
  })

  it('leaves alone what belongs to Electron and Chromium', () => {
    const argv = [
      '.',
      '--no-sandbox',
      '--inspect=5858',
      '--disable-features=A,B',
      '-v',
      '--',
      'file.txt',
      '--lifetime=7',
    ]
    expect(readCommandLine(argv)).toMatchObject({ overrides: {}, problems: [] })
  })

  it('leaves out a value that is not allowed, says why, and keeps the others', () => {
    expect(
      readCommandLine(['--lifetime=0', '--max-age=20', '--ca-port=x', '--suite=rot13', '--names=me']),
    ).toEqual({
      overrides: { maxAge: 20 },
      userData: undefined,
      exportFolder: undefined,
      problems: expect.arrayContaining([
        'The session lifetime in seconds is at least 1.',
        'The authority’s port is a whole number from 0 to 65535.',
        expect.stringContaining('The suite is one of: classic'),
        'Who may register a name is one of: anyone, first, ask.',
      ]) as unknown,
    })
  })

  it.each(['1e3', '0x10', '-1', '1.5', ' 7', '٧'])('takes %j for no number', (text) => {
    expect(readCommandLine([`--lifetime=${text}`])).toMatchObject({ overrides: {} })
    expect(readCommandLine([`--lifetime=${text}`]).problems).toHaveLength(1)
  })

  it('takes an option without a value for none', () => {
    expect(readCommandLine(['--suite=', '--user-data-dir=', '--lifetime'])).toEqual({
      overrides: {},
      userData: undefined,
      exportFolder: undefined,
      problems: [],
    })
  })

  it('lets the last of two count', () => {
    expect(readCommandLine(['--lifetime=10', '--lifetime=20']).overrides).toEqual({ lifetime: 20 })
  })
})
