import { describe, expect, it } from 'vitest'
import { readArguments, USAGE } from '#main/terminal/arguments'
import { LabError } from '#shared/errors'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { RECIPES } from '#shared/workshop/recipes'

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

  it('may ask for recipes to be served, judged or written: all, or those that are named, each once', () => {
    expect(readArguments(['--serve-recipes']).recipes).toEqual({
      ...{ is: 'serve', recipes: RECIPES, ports: 'one', port: 0 },
      ...{ json: false, out: undefined, replace: false },
    })
    const named = ['--recipe=expired', '--recipe', 'good', '--recipe=expired']
    const argv = ['--serve-recipes', '--port=8443', '--json', '--out=bench', '--replace']
    expect(readArguments([...argv, ...named]).recipes).toMatchObject({
      ...{ is: 'serve', ports: 'one', port: 8443, json: true, out: 'bench', replace: true },
      recipes: [{ id: 'good' }, { id: 'expired' }],
    })
    expect(readArguments(['--serve-recipes', '--ports']).recipes).toMatchObject({ ports: 'each' })
    expect(readArguments(['--workshop', '--json', ...named]).recipes).toMatchObject({
      ...{ is: 'judge', json: true },
      recipes: [{ id: 'good' }, { id: 'expired' }],
    })
    expect(readArguments(['--write-recipes=there']).recipes).toEqual({
      ...{ is: 'write', recipes: RECIPES, folder: 'there', replace: false },
    })
    expect(readArguments([]).recipes).toBeUndefined()
  })

  it.each([
    [['--recipe=good'], '--recipe goes with --serve-recipes, --workshop and --write-recipes.'],
    [['--port=1'], '--port goes with --serve-recipes.'],
    [['--workshop', '--ports'], '--ports goes with --serve-recipes.'],
    [['--serve-recipes', '--port=1', '--ports'], 'Choose one of --port and --ports.'],
    [['--serve-recipes', '--port=65536'], '--port is at most 65535.'],
    [['--serve-recipes', '--port=x'], '--port takes a whole number, not “x”.'],
    [['--serve-recipes', '--replace'], '--replace goes with --out here'],
    [['--serve-recipes', '--out='], '--out needs the name of a folder.'],
    [['--serve-recipes', '--serve'], '--serve has no meaning with --serve-recipes'],
    [['--serve-recipes', '--workshop'], '--workshop has no meaning with --serve-recipes'],
    [['--serve-recipes', '--suite=modern'], '--suite has no meaning with --serve-recipes'],
    [['--serve-recipes', '--trial=5'], '--serve-recipes has no meaning with --trial'],
    [['--serve-recipes', '--attacks'], '--serve-recipes has no meaning with --attacks'],
    [['--workshop', '--out=keys'], '--out has no meaning with --workshop'],
    [['--workshop', '--write-recipes=x'], '--write-recipes has no meaning with --workshop'],
    [['--write-recipes=x', '--json'], '--json has no meaning with --write-recipes'],
    [['--write-recipes='], '--write-recipes needs the name of a folder.'],
    [['--workshop', '--recipe=expired-root'], 'Do you mean expired, '],
    [['--workshop', '--recipe='], 'There is no recipe “”. docs/recipes.md has all '],
    [['--workshop', `--recipe=${'x'.repeat(200)}`], 'x… (200 characters)”. docs/recipes.md has all '],
  ])('recipes are not %j', (argv, reason) => {
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
      'suite names lifetime max-age ca-port server-port request out replace save proof report bytes secrets open json serve trial simulated serve-recipes port ports workshop write-recipes recipe help'
    for (const name of names.split(' ')) expect(USAGE.join('\n')).toContain(`--${name}`)
  })
})
