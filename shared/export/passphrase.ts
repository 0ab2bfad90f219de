/** What a passphrase is worth, and who can't take it: said while it is typed, never a reason to refuse it. */
import type { ExportFormat } from './formats'
import { isPkcs12 } from './formats'

/**
 * Guesses a second on one fast graphics card of 2024, rounded: what hashcat 6 reaches with SHA-256 and SHA-1, divided by the
 * iterations that the files here have.
 */
const GUESSES = {
  pkcs8: 15_000,
  pkcs12: 200_000,
  'pkcs12-pbmac1': 36_000,
  'pkcs12-compatible': 4_000_000,
} as const

/** Kinds of characters that people choose from, and how many there are. */
const ALPHABETS: readonly (readonly [RegExp, number, string])[] = [
  [/[a-z]/, 26, 'small letters'],
  [/[A-Z]/, 26, 'capital letters'],
  [/[0-9]/, 10, 'digits'],
  [/[ -/:-@[-`{-~]/, 33, 'signs'],
]
/** As many as there are letters that people type beyond ASCII, by and large. */
const OTHERS = 100
/** Below it a person has to be told. */
const LONG_ENOUGH_SECONDS = 10 * 365.25 * 86_400

/**
 * Sentences about a passphrase for files of these forms; none where there is nothing to say.
 * @param formats of the files that it locks
 */
export function passphraseRemarks(passphrase: string, formats: readonly ExportFormat[]): readonly string[] {
  if (passphrase === '' || formats.length === 0) return []
  return [...guessing(passphrase, formats), ...java(passphrase, formats)]
}

/** Seconds until half of all passphrases of this length and alphabet are tried, under the weakest of the forms. */
export function secondsToGuess(passphrase: string, formats: readonly ExportFormat[]): number {
  const rate = Math.max(...formats.map((format) => GUESSES[isPkcs12(format) ? format : 'pkcs8']))
  const alphabet = alphabetsOf(passphrase).reduce((sum, { size }) => sum + size, 0)
  return alphabet ** [...passphrase].length / 2 / rate
}

function guessing(passphrase: string, formats: readonly ExportFormat[]): readonly string[] {
  const seconds = secondsToGuess(passphrase, formats)
  if (seconds >= LONG_ENOUGH_SECONDS) return []
  const length = [...passphrase].length
  const names = alphabetsOf(passphrase).map(({ name }) => name)
  const kinds = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '')
  const what = `${length} ${length === 1 ? 'character' : 'characters'} of ${kinds}`
  return [`Short: ${what} are guessed ${duration(seconds)} with one graphics card, words even sooner.`]
}

/** Java's keytool takes ASCII alone, and older Java can't open what has other characters. */
function java(passphrase: string, formats: readonly ExportFormat[]): readonly string[] {
  if (!formats.some(isPkcs12) || /^[ -~]*$/.test(passphrase)) return []
  return [
    'Java’s keytool takes no characters but those of ASCII: it won’t open PKCS#12 with this passphrase.',
  ]
}

function alphabetsOf(passphrase: string): readonly { readonly size: number; readonly name: string }[] {
  const found = ALPHABETS.flatMap(([pattern, size, name]) =>
    pattern.test(passphrase) ? [{ size, name }] : [],
  )
  return /[^ -~]/.test(passphrase) ? [...found, { size: OTHERS, name: 'other characters' }] : found
}

/** As people say it. */
function duration(seconds: number): string {
  const units = [
    ['year', 365.25 * 86_400],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const
  for (const [unit, length] of units) {
    const count = Math.round(seconds / length)
    if (count >= 1)
      return `within ${count === 1 ? `a${unit === 'hour' ? 'n' : ''}` : count} ${unit}${count === 1 ? '' : 's'}`
  }
  return seconds < 1 ? 'at once' : 'within a minute'
}
