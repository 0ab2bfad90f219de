/** Names of files: what every system takes, and what a person can tell apart. */
import { toUtf8 } from '../bytes'
import { hasUnseen } from '../visible'

/** A name's bytes in UTF-8; file systems take 255, and a number may have to be put in. */
const MAX_BYTES = 200
/** Windows keeps these for devices, with any ending. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i
const FORBIDDEN = /[<>:"/\\|?*]/

/** What is wrong with a name, in a sentence; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'The file needs a name.'
  if (new TextEncoder().encode(name).length > MAX_BYTES)
    return `The name is too long: at most ${MAX_BYTES} bytes.`
  const unwanted = FORBIDDEN.exec(name)?.[0]
  if (unwanted !== undefined) return `A name can’t have the character ${unwanted}.`
  if (hasUnseen(name)) return 'The name has a character that can’t be seen.'
  if (name.startsWith('.')) return 'A name can’t begin with a dot: the file would be hidden.'
  if (name.startsWith(' ') || /[ .]$/.test(name))
    return 'A name can’t begin with a space, or end with a space or a dot.'
  if (RESERVED.test(name)) return 'Windows keeps this name for itself.'
  return undefined
}

/** Two names that are equal in this form are one file on some system: upper case and composition don't count. */
export function sameNameKey(name: string): string {
  return name.normalize('NFC').toLocaleLowerCase('en').normalize('NFC')
}

/** What is wrong with the names of files that are written together, by place; undefined where nothing is. */
export function nameProblems(names: readonly string[]): readonly (string | undefined)[] {
  const keys = names.map(sameNameKey)
  return names.map((name, index) => {
    const twin = keys.findIndex((key, other) => other !== index && key === keys[index])
    return nameProblem(name) ?? (twin < 0 ? undefined : 'Another file has this name.')
  })
}

/** The name with a number before its ending: `server-2.crt`. One that is there already makes room for it. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  return `${stem.replace(/-\d{1,2}$/, '')}-${number}${ending}`
}

/**
 * A name as a word of a POSIX shell, whatever it is: one that begins with a dash is no option then. What can't be seen in it stands
 * as printf's escapes, so that what is shown, copied and typed is the same; behind a line feed at the end nothing would be left of it.
 */
export function shellWord(name: string): string {
  const path = /^[-@]|:/.test(name) ? `./${name}` : name
  if (/^[\w./+,@%:=-]+$/.test(path)) return path
  if (hasUnseen(path) && !path.endsWith('\n')) return `"$(printf '${printfFormat(path)}')"`
  return `'${path.replaceAll("'", "'\\''")}'`
}

/** A text as the format that printf makes it of (POSIX): bytes of what can't be seen in octal. */
function printfFormat(text: string): string {
  return Array.from(text, (character) => {
    if (character === '%') return '%%'
    if (!hasUnseen(character) && !/[\\'!]/.test(character)) return character
    return Array.from(toUtf8(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  }).join('')
}
