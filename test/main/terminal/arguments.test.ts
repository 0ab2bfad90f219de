import { describe, expect, it } from 'vitest'
import { readArguments, USAGE } from '#main/terminal/arguments'
import { LabError } from '#shared/errors'
import { DEFAULT_SETTINGS } from '#shared/settings'

/** What is said about a wrong command line. */
function complaint(...argv: readonly string[]): string {
  try {
    readArguments(argv)
  } catch (error) {
    if (error instanceof LabError && error.code === 'bad_argument') return error.message
    throw error
  }
  throw new Error(`Nothing was wrong with ${argv.join(' ')}`)
}

describe('the arguments of the terminal run', () => {
  it('may be left out', () => {
    expect(readArguments([])).toEqual({
      settings: DEFAULT_SETTINGS,
      requests: ['time'],
      out: undefined,
      replace: false,
      json: false,
      serve: false,
      quiet: false,
      help: false,
    })
  })

  it('set everything that can be set', () => {
    const argv =
      '--suite classic --names first --lifetime 100 --max-age=5 --ca-port 0 --server-port=65535 --out keys --replace --json --serve'
    expect(readArguments([...argv.split(' '), '--request', 'whoami', '--request=echo a b'])).toEqual({
      settings: {
        ...DEFAULT_SETTINGS,
        suite: 'classic',
        names: 'first',
        lifetime: 100,
        maxAge: 5,
        authorityPort: 0,
        serverPort: 65_535,
      },
      requests: ['whoami', 'echo a b'],
      out: 'keys',
      replace: true,
      json: true,
      serve: true,
      quiet: false,
      help: false,
    })
  })

  it('may ask for nothing in particular, several times', () => {
    expect(readArguments(['--request', '', '--request', '']).requests).toEqual(['', ''])
  })

  it('may ask for a trial, in real time unless the clock is to be simulated', () => {
    expect(readArguments(['--trial', '10,60,100']).trial).toEqual({
      lifetimes: [10, 60, 100],
      suite: 'classic',
      clock: 'real',
    })
    expect(readArguments(['--trial=2', '--simulated', '--suite=modern', '--json'])).toMatchObject({
      trial: { lifetimes: [2], suite: 'modern', clock: 'simulated' },
      json: true,
    })
    expect(readArguments([]).trial).toBeUndefined()
  })

  it.each([
    [['--trial='], 'A trial needs at least one lifetime'],
    [['--trial=10,ten'], '“ten” is not a lifetime.'],
    [['--trial=0'], 'from 1 to 86,400'],
    [['--trial=86401'], 'from 1 to 86,400'],
    [['--trial=1,2,3,4,5,6,7,8,9'], 'at most 8 lifetimes'],
    [['--trial=5,5'], 'twice'],
    [['--simulated'], 'it goes with --trial'],
    [['--trial=5', '--request=time'], '--request has no meaning with --trial'],
    [['--trial=5', '--serve'], '--serve has no meaning with --trial'],
    [['--trial=5', '--names=first'], '--names has no meaning with --trial'],
    [['--trial=5', '--lifetime=5'], '--lifetime has no meaning with --trial'],
    [['--trial=5', '--out=keys'], '--out has no meaning with --trial'],
  ])('a trial is not %j', (argv, reason) => {
    expect(complaint(...argv)).toContain(reason)
  })

  it('may ask for a report, of a run or of one that was saved', () => {
    expect(readArguments(['--report', 'a.html']).report).toEqual({
      path: 'a.html',
      secrets: false,
      bytes: false,
    })
    expect(readArguments(['--open=a.hlrun', '--report=a.html', '--bytes', '--secrets'])).toMatchObject({
      open: 'a.hlrun',
      report: { path: 'a.html', secrets: true, bytes: true },
    })
    expect(readArguments([]).report).toBeUndefined()
  })

  it.each([
    [['--report='], 'needs a name'],
    [['--bytes'], '--bytes goes with --report'],
    [['--secrets'], '--secrets goes with --save, --proof and --report'],
    [['--serve', '--report=a.html'], 'don’t go with --serve'],
    [['--trial=5', '--report=a.html'], '--report has no meaning with --trial'],
    [['--open=a.hlrun', '--out=keys'], '--out has no meaning with --open'],
  ])('a report is not %j', (argv, reason) => {
    expect(complaint(...argv)).toContain(reason)
  })

  it('may ask for help', () => {
    expect(readArguments(['--help']).help).toBe(true)
    expect(readArguments(['-h']).help).toBe(true)
  })

  it.each([
    [['--colour']],
    [['--lifetime']],
    [['--lifetime', '--json']],
    [['--json=yes']],
    [['extra']],
    [['--', 'extra']],
    [['-x']],
  ])('%j is not known or not complete', (argv) => {
    expect(complaint(...argv)).not.toBe('')
  })

  it.each(['-1', '1.5', '1e3', '', 'x', '0x10', '9999999999', '٧'])('a number is not %j', (text) => {
    expect(complaint(`--lifetime=${text}`)).toBe(`--lifetime takes a whole number, not “${text}”.`)
  })

  it.each([
    ['--lifetime=0', 'The session lifetime in seconds is at least 1.'],
    ['--lifetime=86401', 'The session lifetime in seconds is at most 86400.'],
    ['--max-age=3601', 'The message age limit in seconds is at most 3600.'],
    ['--ca-port=65536', 'The authority’s port is at most 65535.'],
    ['--server-port=65536', 'The server’s port is at most 65535.'],
    ['--suite=rot13', 'The suite is one of: '],
    ['--names=nobody', 'Who may register a name is one of: anyone, first, ask.'],
    ['--names=ask', '--names ask needs somebody to be asked'],
    ['--out=', '--out needs the name of a folder.'],
  ])('%s is refused with a reason', (argument, reason) => {
    expect(complaint(argument)).toContain(reason)
  })

  it('are all in the help', () => {
    const names =
      'suite names lifetime max-age ca-port server-port request out replace save proof report bytes secrets open json serve trial simulated help'
    for (const name of names.split(' ')) expect(USAGE.join('\n')).toContain(`--${name}`)
  })
})
