import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { APP_USAGE, readCommandLine } from '#main/settings/command-line'

const MAN_PAGE = readFileSync('scripts/packaging/linux/handshake-lab.1', 'utf8')

describe('the app’s command line', () => {
  it('may be empty', () => {
    expect(readCommandLine([])).toEqual({
      overrides: {},
      userData: undefined,
      exportFolder: undefined,
      files: [],
      tells: undefined,
      problems: [],
    })
  })

  it('names files, as paths or addresses, which become whole paths', () => {
    const { files } = readCommandLine([
      'a.pem',
      '--suite',
      'modern',
      '/keys/b c.der',
      'file:///keys/d%20e.p12',
      '',
    ])
    expect(files).toEqual([resolve('a.pem'), '/keys/b c.der', '/keys/d e.p12'])
    expect(readCommandLine(['file://%', '--', '--help']).files).toEqual([
      resolve('file://%'),
      resolve('--help'),
    ])
  })

  it('from a clone begins behind the folder of the app: what is before is Electron’s', () => {
    const read = readCommandLine(
      ['-r', '/loader.js', '--no-sandbox', '/clone', 'a.pem', '--max-age=5'],
      '/clone',
    )
    expect(read).toMatchObject({ files: [resolve('a.pem')], overrides: { maxAge: 5 } })
  })

  it.each([
    [['--help'], 'help'],
    [['-h', '--version'], 'help'],
    [['a.pem', '--version'], 'version'],
    [['-v'], 'version'],
    [['--', '--help'], undefined],
    [['--export-folder', '--help-me'], undefined],
  ])('%j tells %s', (args, tells) => {
    expect(readCommandLine(args).tells).toBe(tells)
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
      files: [],
      tells: undefined,
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
      files: [],
      tells: undefined,
      problems: [],
    })
  })

  it('lets the last of two count', () => {
    expect(readCommandLine(['--lifetime=10', '--lifetime=20']).overrides).toEqual({ lifetime: 20 })
  })
})

describe('what --help prints', () => {
  const text = APP_USAGE.join('\n')

  it('fits a terminal', () => {
    for (const line of APP_USAGE) expect(line.length).toBeLessThan(125)
    expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  })

  it.each([
    'ca-port',
    'server-port',
    'suite',
    'names',
    'lifetime',
    'max-age',
    'user-data-dir',
    'export-folder',
    'help',
    'version',
  ])('names --%s, and so does the man page', (name) => {
    expect(text).toContain(`  --${name} `)
    expect(MAN_PAGE).toContain(`.B \\-\\-${name.replace('-', '\\-').replace('data-dir', 'data\\-dir')}`)
  })

  it('has the exit code of every start that fails, as the man page and the program have', () => {
    const START_FAILURE = readFileSync('main/windows/start-failure.ts', 'utf8')
    const table = /EXIT_CODES[^{]*\{([^}]*)\}/.exec(START_FAILURE)?.[1] ?? ''
    const codes = [...table.matchAll(/(\w+): (\d+)/g)]
    expect(codes.length).toBeGreaterThan(5)
    for (const [, name = '', code = ''] of codes) {
      expect(text).toMatch(new RegExp(`^  ${code}  .*\\(${name}\\)$`, 'm'))
      expect(MAN_PAGE).toMatch(new RegExp(`^\\.B ${code}\n.*\n?.*\\(${name}\\)`, 'm'))
    }
    expect(new Set(codes.map(([, , code]) => code)).size).toBe(codes.length)
  })
})
