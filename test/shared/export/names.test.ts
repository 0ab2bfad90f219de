import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { EXPORT_FILES } from '#shared/export/items'
import { nameProblem, nameProblems, numberedName, sameNameKey, shellWord } from '#shared/export/names'

describe('a file’s name', () => {
  it.each(['server.crt', 'SHA256SUMS', 'größer € 𝄞.pem', 'a b.crt', 'con-server.crt', 'x'.repeat(200)])(
    'may be %s',
    (name) => {
      expect(nameProblem(name)).toBeUndefined()
    },
  )

  it.each([
    ['nothing', '', 'needs a name'],
    ['only spaces', '   ', 'needs a name'],
    ['a path', 'a/b', '/'],
    ['a path of Windows', 'a\\b', '\\'],
    ['this folder', '.', 'dot'],
    ['the folder above', '..', 'dot'],
    ['a drive or a stream', 'a:b', ':'],
    ['a pattern', 'a*', '*'],
    ['a device', 'NUL', 'Windows'],
    ['a device with an ending', 'com1.crt', 'Windows'],
    ['a line break', 'a\nb', 'can’t be seen'],
    ['a zero byte', 'a\0', 'can’t be seen'],
    ['letters that turn the rest around', 'crt.\u202egnp', 'can’t be seen'],
    ['a joiner that hides', 'a\u200bb', 'can’t be seen'],
    ['half a character', 'a\ud83c', 'can’t be seen'],
    ['a space at its end', 'a ', 'space or a dot'],
    ['a dot at its end', 'a.', 'space or a dot'],
    ['a space before it', ' a', 'space'],
    ['too many bytes', 'ä'.repeat(101), 'too long'],
    ['a hidden one', '.profile', 'hidden'],
    ['one of the export’s own', '.handshake-lab-1-0123456789abcdef.tmp', 'hidden'],
  ])('can’t be %s', (_what, name, problem) => {
    expect(nameProblem(name)).toContain(problem)
  })

  it('is the same as another that differs in case or composition alone', () => {
    expect(sameNameKey('Grün.crt')).toBe(sameNameKey('GRU\u0308N.CRT'))
    expect(nameProblems(['a.crt', 'b.crt', 'A.crt'])).toEqual([
      'Another file has this name.',
      undefined,
      'Another file has this name.',
    ])
    expect(nameProblems(['a', 'b/', 'b/'])).toEqual([
      undefined,
      expect.stringContaining('/'),
      expect.any(String),
    ])
  })
})

it('the usual names are sound, and no two are one', () => {
  const names = EXPORT_FILES.map(({ name }) => name)
  expect(nameProblems(names).filter((problem) => problem !== undefined)).toEqual([])
})

it.each([
  ['server.crt', 2, 'server-2.crt'],
  ['server-2.crt', 3, 'server-3.crt'],
  ['SHA256SUMS', 2, 'SHA256SUMS-2'],
  ['.hidden', 2, '.hidden-2'],
  ['a.tar.gz', 2, 'a.tar-2.gz'],
])('%s with a number is another name', (name, number, expected) => {
  expect(numberedName(name, number)).toBe(expected)
})

it.each(['server.crt', 'my file.crt', "it's", '-rf', '$HOME', 'a;b', '`id`', 'größer €'])(
  'a shell takes %s as one word, and as no option',
  (name) => {
    const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${shellWord(name)}`], { encoding: 'utf8' })
    expect(stdout).toBe(`${name.startsWith('-') ? './' : ''}${name}\n`)
  },
)
