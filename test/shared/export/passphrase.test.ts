/** What is said of a passphrase: how soon it is guessed, and who can't take it. */
import { describe, expect, it } from 'vitest'
import type { ExportFormat } from '#shared/export/formats'
import { passphraseRemarks, secondsToGuess } from '#shared/export/passphrase'

describe('a short passphrase', () => {
  it.each<readonly [string, readonly ExportFormat[], RegExp]>([
    ['x', ['pem'], /^Short: 1 character of small letters are guessed at once with one graphics card/],
    ['abcd', ['pem'], /4 characters of small letters are guessed within a minute /],
    [
      'Abc12',
      ['der'],
      /5 characters of small letters, capital letters and digits are guessed within 8 hours/,
    ],
    ['abcdefgh', ['pem'], /8 characters of small letters are guessed within 81 days/],
    ['abcdefgh', ['pem', 'pkcs12-compatible'], /are guessed within 7 hours/],
    ['abcdefgh', ['pkcs12'], /are guessed within 6 days/],
  ])('%s in %j', (passphrase, formats, expected) => {
    const [remark, ...others] = passphraseRemarks(passphrase, formats)
    expect(remark).toMatch(expected)
    expect(others).toEqual([])
  })

  it('takes longer with every character, and never less under a weaker form', () => {
    for (let length = 1; length < 40; length++) {
      const [short, long] = ['a'.repeat(length), 'a'.repeat(length + 1)]
      expect(secondsToGuess(long, ['pem'])).toBeGreaterThan(secondsToGuess(short, ['pem']))
      expect(secondsToGuess(short, ['pem', 'pkcs12'])).toBeLessThan(secondsToGuess(short, ['pem']))
    }
  })

  it('is not what a long one is called, nor none', () => {
    expect(passphraseRemarks('correct horse battery', ['pem', 'pkcs12', 'pkcs12-compatible'])).toEqual([])
    expect(passphraseRemarks('', ['pem'])).toEqual([])
    expect(passphraseRemarks('x', [])).toEqual([])
  })
})

describe('a passphrase beyond ASCII', () => {
  it.each(['grüne Wiese im Sommer', 'пароль из многих слов', 'a long one with 🌱 in it'])(
    'can’t be typed into keytool: %s',
    (passphrase) => {
      expect(passphraseRemarks(passphrase, ['pem', 'pkcs12'])).toEqual([expect.stringMatching(/keytool/)])
      expect(passphraseRemarks(passphrase, ['pem', 'der'])).toEqual([])
    },
  )
})
