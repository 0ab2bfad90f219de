/** Entry point of the terminal run: `npm run handshake`. */
import { LabError, messageOf } from '#shared/errors'
import { ProtocolError } from '#shared/hl1/alerts'
import { readArguments, USAGE, type TerminalOptions } from './arguments'
import { printJson, printLines } from '../log/stdio'
import { runHandshake, type Output } from './run'
import { runTerminalTrial } from './trial'

const EXIT_REFUSED = 1
const EXIT_USAGE = 2

const output: Output = {
  print: (...lines) => printLines('stdout', lines),
  json: (value, replacer) => printJson('stdout', value, replacer),
  note: (...lines) => printLines('stderr', lines),
}
const { print, note } = output

async function main(): Promise<number> {
  let options: TerminalOptions
  try {
    options = readArguments(process.argv.slice(2))
  } catch (error) {
    note(messageOf(error), '', ...USAGE)
    return EXIT_USAGE
  }
  if (options.help) {
    print(...USAGE)
    return 0
  }
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new LabError('interrupted', 'The run was interrupted.'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  // Whoever reads the output may leave before the end, as `head` does.
  process.stdout.on('error', interrupt)
  try {
    if (options.trial) await runTerminalTrial(options.trial, options, output, stop.signal)
    else await runHandshake(options, output, stop.signal)
    return 0
  } catch (error) {
    if (error instanceof ProtocolError) note(`${error.code} at step ${error.step}: ${error.message}`)
    else note(`${error instanceof LabError ? `${error.code}: ` : ''}${messageOf(error)}`)
    return EXIT_REFUSED
  }
}

process.exitCode = await main()
