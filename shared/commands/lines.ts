/** Command lines put together from names that are quoted for a POSIX shell. */
import { toUtf8 } from '../bytes'
import { shellWord } from '../export/names'

export type CommandTool = 'openssl' | 'keytool' | 'certtool' | 'ssh-keygen' | 'sha256sum' | 'python3' | 'od'

/** A command line that shows or checks the same thing; for a POSIX shell, in the folder of the files, in the order given. */
export interface Command {
  /** Stable, lower case with underscores; unique among those of one artifact. */
  readonly id: string
  readonly tool: CommandTool
  /** What it shows or checks, in one line. */
  readonly purpose: string
  readonly line: string
}

/** All of them as one text for a shell, what each is for above it. */
export function scriptOf(commands: readonly Command[]): string {
  return commands.map(({ purpose, line }) => `# ${purpose}\n${line}\n`).join('\n')
}

/** A part of a line that stands as it is. */
export interface Verbatim {
  readonly verbatim: string
}

export function verbatim(text: string | number): Verbatim {
  return { verbatim: String(text) }
}

/** A template for a line: names of files get quoted. Undefined when one of them isn't there. */
export function line(
  text: TemplateStringsArray,
  ...parts: readonly (string | Verbatim | undefined)[]
): string | undefined {
  if (parts.includes(undefined)) return undefined
  const words = parts.map((part) => {
    if (typeof part === 'object') return part.verbatim
    return shellWord(part ?? '')
  })
  return text.reduce((joined, piece, index) => `${joined}${words[index - 1] ?? ''}${piece}`)
}

/** A command, or none when its line could not be made. */
export function command(
  id: string,
  tool: CommandTool,
  purpose: string,
  text: string | undefined,
): readonly Command[] {
  return text === undefined ? [] : [{ id, tool, purpose, line: text }]
}

/** What the first writes, read by the second; undefined without one of them. */
export function piped(from: string | undefined, to: string | undefined): string | undefined {
  return from === undefined || to === undefined ? undefined : `${from} | ${to}`
}

/** One after the other, as long as each succeeds; undefined without one of them. */
export function chained(...commands: readonly (string | undefined)[]): string | undefined {
  return commands.includes(undefined) ? undefined : commands.join(' && ')
}

/** Bytes of a name that leave room for an ending: file systems take 255. */
const MOST_BYTES = 230

/** A name beside another, for what a command writes; undefined without the other. */
export function beside(file: string | undefined, ending: string): string | undefined {
  if (file === undefined) return undefined
  return toUtf8(file).length > MOST_BYTES ? `opened.${ending}` : `${file}.${ending}`
}
