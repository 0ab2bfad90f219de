/** The command line of the terminal run: its options, and what is wrong with a wrong one. */
import { parseArgs } from 'node:util'
import { LabError, messageOf, passOwnFault } from '#shared/errors'
import { systemCode } from '../files/system-codes'
import { defencesOf } from '#shared/adversary/matrix'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { requireSettings, type Settings } from '#shared/settings'
import { requireLifetimes, type TrialRequest } from '#shared/trial/request'
import type { AttacksRequest } from './attacks-request'
import { OPTIONS, refuseOthers, wholeNumber, type Values } from './options'
import { readRecipes } from './recipes-arguments'
import type { RecipesRequest } from './recipes-request'

export interface TerminalOptions {
  readonly settings: Settings
  readonly requests: readonly string[]
  /** Folder that everything is exported to. */
  readonly out: string | undefined
  /** The export may replace files that are there already. */
  readonly replace: boolean
  /** File that the run is saved to, and whether secrets go along, in clear. */
  readonly save: { readonly path: string; readonly secrets: boolean } | undefined
  /** Folder that a proof is written to, for OpenSSL and a shell, with the keys where `secrets` says so. */
  readonly proof: { readonly path: string; readonly secrets: boolean } | undefined
  /** File that a report is written to, HTML; whether keys stand in it, and every byte. */
  readonly report: ReportRequest | undefined
  /** A run that was saved, to be printed and checked again instead of a handshake. */
  readonly open: string | undefined
  /** One record a line, as JSON. */
  readonly json: boolean
  /** Authority and server stay up for other programs. */
  readonly serve: boolean
  /** Of `serve` the first line alone is printed. */
  readonly quiet: boolean
  /** A lifetime trial instead of a handshake. */
  readonly trial: TrialRequest | undefined
  /** Attacks instead of a handshake. */
  readonly attacks: AttacksRequest | undefined
  /** Recipes for wrong certificates instead of a handshake. */
  readonly recipes: RecipesRequest | undefined
  readonly help: boolean
}

/** A report that somebody wants. */
export interface ReportRequest {
  readonly path: string
  readonly secrets: boolean
  readonly bytes: boolean
}

/** What the options are, in lines. */
export const USAGE: readonly string[] = `Usage: npm run handshake -- [options]

Runs the eight steps over TCP on this machine and prints what each of the three programs sees.

  --suite NAME       classic (default) or modern
  --names WHO        who may register a name: anyone (default), or the first alone: first. The app can ask each time as well
  --lifetime N       session lifetime in seconds (60)
  --max-age N        message age limit in seconds (10)
  --ca-port N        port of the certificate authority (17401; 0 takes a free one)
  --server-port N    port of the application server (17402; 0 takes a free one)
  --request TEXT     what the client asks for: time, whoami, echo TEXT, bytes N; can be given several times
  --out DIR          export all keys and certificates to this folder
  --replace          let the export, or recipes, replace files of an earlier one
  --save FILE        save the run to this file, to be opened in the app or with --open; nothing is replaced
  --proof DIR        write a folder with which OpenSSL and a shell verify the run: sh DIR/verify.sh
  --report FILE      write a report of the run to this file, HTML: each step with its members, keys, checks and bytes;
                     with --open of the run that was saved. Nothing is replaced. PDF is made by the app, with File, Save report
  --bytes            with --report: every byte, in an appendix
  --secrets          with --save, --proof and --report: take keys along, in clear; such files are readable by you alone
  --open FILE        a run that was saved instead: print it, and make all its checks again
  --json             print one record a line, as JSON
  --serve            keep authority and server up for other programs; the first line says where. Where nobody reads what it
                     prints, messages are left out, and counted
  --quiet            with --serve: print the first line and no messages
  --trial LIST       a lifetime trial instead: sessions with these lifetimes in seconds, for instance 10,60,100, each
                     asked before, at and after its end; prints the table, with --json one row a line
  --simulated        run the trial on a simulated clock: no waiting, and exact
  --attacks          attacks instead, in labs of their own: every one with all defences in place and with each taken away,
                     in both suites or that of --suite; with --json a run a line, with --csv a table
  --without DEFENCE  with --attacks: only with this one taken away, for instance freshness; can be given several times
  --serve-recipes    serve recipes for wrong certificates to other programs, on 127.0.0.1 and ::1, until told to end: all on
                     one port, by name (expired.localhost); says what listens where, the trust anchor, and how to ask.
                     With --json one line for programs; with --out the trust anchor stays in that folder
  --port N           with --serve-recipes: that one port, for instance 8443 (any that is free)
  --ports            with --serve-recipes: each on a port of its own, under the name localhost
  --workshop         make the recipes, have every judge that is installed judge them, and print what was predicted and what
                     came; with --json a verdict a line
  --write-recipes DIR  write the recipes into this folder, with recipes.json, which has the verdicts that are expected
  --recipe ID        with one of the three: this recipe alone, for instance expired; can be given several times
  --help             show this

Exit code: 0 when every check passed, of a run that was saved when each came out as it was recorded, 1 when a message was refused or something failed, 2 for a wrong option. Of a trial: 0
when every request was accepted or refused as the protocol demands, otherwise 1. Of attacks: 0 when each came out as
docs/attacks.md says, otherwise 1. Of --workshop: 0 when every verdict is as predicted, otherwise 1.
`.split('\n')

/** @throws LabError `bad_argument` */
export function readArguments(argv: readonly string[]): TerminalOptions {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false })
    const given: Record<string, unknown> = {
      suite: values.suite,
      names: values.names,
      lifetime: wholeNumber('lifetime', values.lifetime),
      maxAge: wholeNumber('max-age', values['max-age']),
      authorityPort: wholeNumber('ca-port', values['ca-port']),
      serverPort: wholeNumber('server-port', values['server-port']),
    }
    const settings = requireSettings(
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    )
    if (settings.names === 'ask') throw new LabError('bad_argument', NOBODY_TO_ASK)
    const { json, serve, quiet, help, out, replace } = values
    if (quiet && !serve) throw new LabError('bad_argument', '--quiet goes with --serve.')
    if (out === '') throw new LabError('bad_argument', '--out needs the name of a folder.')
    const trial = readTrial(values, settings)
    const attacks = readAttacks(values, settings)
    const requests = values.request ?? ['time']
    const files = readRunFiles(values)
    const recipes = readRecipes(values)
    return { settings, requests, out, replace, ...files, json, serve, quiet, trial, attacks, recipes, help }
  } catch (cause) {
    // Node says by a TypeError that an argument is none of the options.
    if (!systemCode(cause)?.startsWith('ERR_PARSE_ARGS_')) passOwnFault(cause)
    throw new LabError('bad_argument', messageOf(cause), { cause })
  }
}

/** What goes with `--open`. */
const WITH_OPEN = new Set(['open', 'json', 'help', 'report', 'bytes', 'secrets'])

function readRunFiles(values: Values): Pick<TerminalOptions, 'save' | 'proof' | 'report' | 'open'> {
  const { save: path, proof, report, bytes, secrets, open, serve } = values
  if ([path, open, proof, report].includes(''))
    throw new LabError(
      'bad_argument',
      'A file with a run or a report, or a folder with a proof, needs a name.',
    )
  const made = path ?? proof ?? report
  if (secrets && made === undefined)
    throw new LabError('bad_argument', '--secrets goes with --save, --proof and --report.')
  if (bytes && report === undefined) throw new LabError('bad_argument', '--bytes goes with --report.')
  if (made !== undefined && serve)
    throw new LabError(
      'bad_argument',
      '--save, --proof and --report are for a run with an end: they don’t go with --serve.',
    )
  if (open !== undefined) refuseOthers(values, WITH_OPEN, '--open', '--json and --report')
  return {
    save: path === undefined ? undefined : { path, secrets },
    proof: proof === undefined ? undefined : { path: proof, secrets },
    report: report === undefined ? undefined : { path: report, secrets, bytes },
    open,
  }
}

const NOBODY_TO_ASK =
  '--names ask needs somebody to be asked, which the authority’s window of the app does. Here it is anyone or first.'

/** What goes with `--trial`: it has sessions, ports and requests of its own. */
const WITH_TRIAL = new Set(['trial', 'simulated', 'suite', 'json', 'help'])

function readTrial(values: Values, { suite }: Settings): TrialRequest | undefined {
  if (values.trial === undefined) {
    if (values.simulated)
      throw new LabError('bad_argument', '--simulated is the clock of a trial: it goes with --trial.')
    return undefined
  }
  refuseOthers(values, WITH_TRIAL, '--trial', '--suite, --simulated and --json')
  const lifetimes = [...requireLifetimes(values.trial)]
  return { lifetimes, suite, clock: values.simulated ? 'simulated' : 'real' }
}

/** What goes with `--attacks`: each run has a lab of its own. */
const WITH_ATTACKS = new Set(['attacks', 'without', 'suite', 'json', 'csv', 'help'])

function readAttacks(values: Values, { suite }: Settings): AttacksRequest | undefined {
  const { attacks, without = [], csv, json } = values
  if (!attacks) {
    if (csv || without.length > 0)
      throw new LabError('bad_argument', `--${csv ? 'csv' : 'without'} goes with --attacks.`)
    return undefined
  }
  refuseOthers(values, WITH_ATTACKS, '--attacks', '--suite, --without, --json and --csv')
  if (csv && json) throw new LabError('bad_argument', 'Choose one of --json and --csv.')
  const suites = values.suite === undefined ? SUITE_NAMES : [suite]
  const known = new Set(suites.flatMap((name) => defencesOf(name)))
  return {
    suites,
    without: without.map((name) => {
      const found = [...known].find((id) => id === name)
      if (found) return found
      throw new LabError(
        'bad_argument',
        `There is no defence “${name}” to be taken away; there are ${[...known].join(', ')}.`,
      )
    }),
    form: json ? 'json' : csv ? 'csv' : 'text',
  }
}
