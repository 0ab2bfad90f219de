/** The options of the terminal run, and which of them mean something beside another. */
import type { parseArgs, ParseArgsConfig } from 'node:util'
import { LabError } from '#shared/errors'

/** Every option, as Node's `parseArgs` reads them. */
export const OPTIONS = {
  suite: { type: 'string' },
  names: { type: 'string' },
  lifetime: { type: 'string' },
  'max-age': { type: 'string' },
  'ca-port': { type: 'string' },
  'server-port': { type: 'string' },
  request: { type: 'string', multiple: true },
  out: { type: 'string' },
  replace: { type: 'boolean', default: false },
  save: { type: 'string' },
  proof: { type: 'string' },
  report: { type: 'string' },
  bytes: { type: 'boolean', default: false },
  secrets: { type: 'boolean', default: false },
  open: { type: 'string' },
  json: { type: 'boolean', default: false },
  serve: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  trial: { type: 'string' },
  simulated: { type: 'boolean', default: false },
  attacks: { type: 'boolean', default: false },
  without: { type: 'string', multiple: true },
  csv: { type: 'boolean', default: false },
  'serve-recipes': { type: 'boolean', default: false },
  port: { type: 'string' },
  ports: { type: 'boolean', default: false },
  workshop: { type: 'boolean', default: false },
  'write-recipes': { type: 'string' },
  recipe: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options']

/** What was given, by the names of options. */
export type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** @throws LabError `bad_argument` where an option was given that means nothing beside another */
export function refuseOthers(
  values: Values,
  allowed: ReadonlySet<string>,
  option: string,
  others: string,
): void {
  const other = Object.entries(values).find(
    ([name, value]) => value !== undefined && value !== false && !allowed.has(name),
  )
  if (other)
    throw new LabError(
      'bad_argument',
      `--${other[0]} has no meaning with ${option}, which goes with ${others}.`,
    )
}

/** The number that an option was given. @throws LabError `bad_argument` for what is no whole number */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text))
    throw new LabError('bad_argument', `--${name} takes a whole number, not “${text}”.`)
  return Number(text)
}
