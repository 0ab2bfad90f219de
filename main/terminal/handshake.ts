/** Entry point of the terminal run: `npm run handshake`. */
import { LabError, messageOf } from '#shared/errors'
import { ProtocolError } from '#shared/hl1/alerts'
import { jsonLine } from '#shared/visible'
import { FULL, systemCode } from '../files/system-codes'
import { linesText, printLines } from '../log/stdio'
import { readArguments, USAGE, type TerminalOptions } from './arguments'
import { RunOutput, SERVING, UNBOUNDED } from './output'
import { runHandshake } from './run'
import { runTerminalRecipes } from './recipes'
import { openTerminalRun } from './run-files'
import { runTerminalAttacks } from './attacks'
import { runTerminalTrial } from './trial'

const EXIT_REFUSED = 1
const EXIT_USAGE = 2
/** So long whoever reads the output may take for the rest of it once the run was told to end, in milliseconds. */
const LAST_WORDS_MS = 1_000

const note = (...lines: readonly string[]): void => printLines('stderr', lines)
/** For whoever watches; a file that it goes to stays without. */
const progress = (line: string): void => {
  if (process.stderr.isTTY) note(line)
}

async function main(): Promise<number> {
  let options: TerminalOptions
  try {
    options = readArguments(process.argv.slice(2))
  } catch (error) {
    note(messageOf(error), '', ...USAGE)
    return EXIT_USAGE
  }
  const stop = new AbortController()
  const interrupted = (): LabError => new LabError('interrupted', 'The run was interrupted.')
  const interrupt = (): void => stop.abort(interrupted())
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  let lost: LabError | undefined
  process.stdout.on('error', (error) => {
    lost ??= outputFailure(error)
    stop.abort(lost ?? interrupted())
  })
  const { json, serve } = options
  const output = new RunOutput(process.stdout, serve ? SERVING : UNBOUNDED, (count) =>
    json
      ? jsonLine({ leftOut: count })
      : linesText([`${count} messages are left out here: nobody read the output.`, '']),
  )
  let code = 0
  let failure: string | undefined
  try {
    const sink = {
      print: output.print,
      json: output.json,
      note: (lines: readonly string[]) => note(...lines),
    }
    if (options.help) output.print(USAGE)
    else if (options.recipes)
      await runTerminalRecipes(options.recipes, sink, { signal: stop.signal, progress })
    else if (options.attacks) await runTerminalAttacks(options.attacks, sink, stop.signal)
    else if (options.open !== undefined) await openTerminalRun(options.open, options, sink)
    else if (options.trial) await runTerminalTrial(options.trial, options, sink, stop.signal)
    else await runHandshake(options, sink, stop.signal)
  } catch (error) {
    code = EXIT_REFUSED
    failure = describe(error)
  }
  const isTaken = await output.flush(stop.signal, LAST_WORDS_MS)
  // A stream tells what has become of the last of it in a turn of its own.
  await new Promise((resolve) => setImmediate(resolve))
  if (lost) {
    code = EXIT_REFUSED
    failure = describe(lost)
  }
  if (failure !== undefined) note(failure)
  // What nobody reads would keep the process here.
  if (!isTaken) process.exit(code)
  return code
}

/** Why the output could not be written; undefined where whoever reads it has left before the end, as `head` does. */
function outputFailure(error: unknown): LabError | undefined {
  const code = systemCode(error) ?? ''
  if (code === 'EPIPE') return undefined
  const message = FULL.has(code)
    ? 'There is no room left for the output: not all of it was written. Make room where it goes, and run it again.'
    : `The output could not be written: ${messageOf(error)}. Let it go elsewhere, and run it again.`
  return new LabError('output_not_written', message, { cause: error })
}

function describe(error: unknown): string {
  if (error instanceof ProtocolError) return `${error.code} at step ${error.step}: ${error.message}`
  return `${error instanceof LabError ? `${error.code}: ` : ''}${messageOf(error)}`
}

process.exitCode = await main()
