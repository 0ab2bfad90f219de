/**
 * What is kept of an error that nobody has foreseen: enough to find it, and no value that it was working on. Values are in
 * the messages of those errors that quote what they were given (`JSON.parse` does): of these the message is left out.
 */
import { isOfTheProgram, LabError } from './errors'

/** An error as data: in a log, or on its way there. */
export interface FailureReport {
  /** Class of the error: `TypeError`. */
  readonly name: string
  /** Stable code, where it has one: `port_in_use`, `ENOSPC`. */
  readonly code?: string | undefined
  /** Absent where it may quote what the program was working on. */
  readonly message?: string | undefined
  /** Where it was thrown, innermost first: `function (file:line:column)`. */
  readonly frames: readonly string[]
  readonly cause?: FailureReport | undefined
}

/** So much is kept of a text, in characters, and of a stack, in frames; so deep goes a chain of causes. */
export const REPORT_LIMITS = { text: 400, frames: 12, causes: 3 } as const

/** Describes anything thrown. */
export function reportFailure(error: unknown, depth = 0): FailureReport {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] }
  const code = 'code' in error && typeof error.code === 'string' ? clip(error.code) : undefined
  const message = mayTell(error, code) ? clip(error.message) : undefined
  const cause =
    error.cause !== undefined && depth < REPORT_LIMITS.causes
      ? reportFailure(error.cause, depth + 1)
      : undefined
  return {
    name: clip(error.name),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    frames: framesOf(error),
    ...(cause === undefined ? {} : { cause }),
  }
}

/** The same without any message: where errors may quote what a file or a peer has sent, in whatever words. */
export function withoutMessages({ name, code, frames, cause }: FailureReport): FailureReport {
  return {
    name,
    ...(code === undefined ? {} : { code }),
    frames,
    ...(cause === undefined ? {} : { cause: withoutMessages(cause) }),
  }
}

/**
 * What the engine says of code, by its names alone. Others of its messages quote values: `Cannot use 'in' operator to search for
 * 'x' in …`, `Iterator value … is not an entry object`. A name is short and has no digits: no key, hex or base64 passes for one.
 */
const NAME = String.raw`[A-Za-z_$#]{1,30}`
const VALUE_FREE = new RegExp(
  String.raw`^(?:Cannot (?:read|set) properties of (?:undefined|null)(?: \((?:reading|setting) '${NAME}'\))?` +
    String.raw`|${NAME}(?:(?:\(\.{3}\)|\[\.{3}\])?\.${NAME}){0,7}(?:\(\.{3}\))? is not (?:a function|a constructor|iterable|defined)` +
    String.raw`|Cannot access '${NAME}' before initialization` +
    '|Maximum call stack size exceeded|Invalid array length)$',
)

/** The project's own messages, those of the system's calls, and those of the engine that quote nothing. */
function mayTell(error: Error, code: string | undefined): boolean {
  if (error instanceof LabError) return true
  if ('syscall' in error && typeof error.syscall === 'string') return true
  return isOfTheProgram(error) && code === undefined && VALUE_FREE.test(error.message)
}

/** The frames of a stack, without the message before them, and without the folders above the app's. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const start = message === '' ? -1 : stack.indexOf(message)
  const lines = stack.slice(start < 0 ? 0 : start + message.length).split('\n')
  return lines
    .flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? [])
    .slice(0, REPORT_LIMITS.frames)
    .map((frame) =>
      clip(
        frame.replace(
          /(?:file:\/\/|app:\/\/lab)?[^\s()]*[\\/](?=(?:out|main|shared|renderer|assets|node_modules)[\\/])/,
          '',
        ),
      ),
    )
}

/** Cuts a text to what is kept of it. */
function clip(text: string): string {
  return text.length > REPORT_LIMITS.text ? `${text.slice(0, REPORT_LIMITS.text)}…` : text
}
