/**
 * Scripts: what an adversary does, as rules in JSON. A file comes from anywhere: it is read within bounds, and every rule is
 * checked before any is followed. docs/guide.md describes the format.
 */
import * as v from 'valibot'
import { fromHex, fromUtf8, toHex, toUtf8, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { SUITE_NAMES } from '../hl1/suite-names'
import type { MemberValue } from '../record/member'
import { DIRECTIONS, type Direction } from './live'

export const SCRIPT_FORMAT = 'handshake-lab-adversary'
/** The longest file that is read, and the most rules, and actions of a rule, that one has. */
export const SCRIPT_BOUNDS = { bytes: 4 * 1024 * 1024, rules: 200, actions: 50 } as const
/** Hex of the longest frame. */
const LONGEST_HEX = 2_200_000
/** The longest wait, seconds. */
const LONGEST_WAIT = 3_600

const nth = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))
const step = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8))
const place = v.strictObject({ step, direction: v.picklist(DIRECTIONS), nth })
const hex = v.pipe(v.string(), v.maxLength(LONGEST_HEX), v.regex(/^(?:[0-9a-f]{2})*$/))
const name = v.pipe(v.string(), v.maxLength(40))
/** A member's value: text and numbers as they are, bytes in hex. */
const value = v.union([v.pipe(v.string(), v.maxLength(LONGEST_HEX)), v.number(), v.strictObject({ hex })])
const to = v.picklist(['opener', 'acceptor'])
const on = v.picklist(['same', 'new'])

const action = v.variant('does', [
  v.strictObject({ does: v.literal('hold') }),
  v.strictObject({ does: v.literal('drop') }),
  v.strictObject({
    does: v.literal('wait'),
    seconds: v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST_WAIT)),
  }),
  v.strictObject({
    does: v.literal('flip'),
    byte: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LONGEST_HEX)),
    bit: v.picklist([0, 1, 2, 3, 4, 5, 6, 7]),
  }),
  v.strictObject({ does: v.literal('bytes'), hex, length: v.picklist(['kept', 'recomputed']) }),
  v.strictObject({ does: v.literal('member'), member: name, value }),
  v.strictObject({ does: v.literal('replace'), by: place }),
  v.strictObject({ does: v.literal('send'), frame: place, on, to }),
  v.strictObject({
    does: v.literal('forge'),
    suite: v.picklist(SUITE_NAMES),
    step: v.picklist([1, 2, 3, 4, 5, 6, 7, 8]),
    values: v.pipe(
      v.record(name, value),
      v.check((values) => Object.keys(values).length <= 20, 'No step has so many members.'),
    ),
    on,
    to,
  }),
  v.strictObject({ does: v.literal('cut') }),
])

const script = v.strictObject({
  format: v.literal(SCRIPT_FORMAT),
  version: v.literal(1),
  title: v.pipe(v.string(), v.maxLength(200)),
  rules: v.pipe(
    v.array(
      v.strictObject({
        on: place,
        do: v.pipe(v.array(action), v.minLength(1), v.maxLength(SCRIPT_BOUNDS.actions)),
      }),
    ),
    v.maxLength(SCRIPT_BOUNDS.rules),
  ),
})

/** A frame by its place: the nth of its step that goes this way, from when the script began. */
export type Place = v.InferOutput<typeof place>
/** What is done: to the frame of the rule, or after it. */
export type Action = v.InferOutput<typeof action>
export type Rule = v.InferOutput<typeof script>['rules'][number]
export type Script = v.InferOutput<typeof script>

/**
 * Reads a script.
 * @throws LabError `bad_script`, which says what is wrong and where
 */
export function readScript(bytes: Bytes): Script {
  if (bytes.length > SCRIPT_BOUNDS.bytes)
    throw badScript(`It is longer than ${SCRIPT_BOUNDS.bytes / 1024 / 1024} MiB.`)
  let json: unknown
  try {
    json = JSON.parse(fromUtf8(bytes))
  } catch (cause) {
    throw badScript('It is no JSON in UTF-8.', cause)
  }
  const read = v.safeParse(script, json, { abortEarly: true })
  if (read.success) return read.output
  const [issue] = read.issues
  throw badScript(`At ${v.getDotPath(issue) ?? 'its beginning'}: ${issue.message}`)
}

/** The file of a script. */
export function writeScript({ title, rules }: Pick<Script, 'title' | 'rules'>): Bytes {
  const whole: Script = { format: SCRIPT_FORMAT, version: 1, title, rules: [...rules] }
  return toUtf8(`${JSON.stringify(whole, null, 2)}\n`)
}

/** A member's value as a script has it. */
export function scriptValue(value: MemberValue): string | number | { readonly hex: string } {
  return value instanceof Uint8Array ? { hex: toHex(value) } : value
}

/** And back. */
export function memberValue(value: string | number | { readonly hex: string }): MemberValue {
  return typeof value === 'object' ? (fromHex(value.hex) ?? new Uint8Array()) : value
}

/** A rule in a sentence. */
export function ruleText({ on, do: actions }: Rule): string {
  return `At ${placeText(on)}: ${actions.map(actionText).join(', then ')}.`
}

/** “the 2nd step 7 from client to server”. */
export function placeText({ step, direction, nth }: Place): string {
  return `${nth === 1 ? 'the first' : `number ${nth} of`} ${step === 0 ? 'alert' : `step ${step}`} ${wayText(direction)}`
}

/** “from client to server”. */
export function wayText(direction: Direction): string {
  return `from ${direction.replace('_to_', ' to ')}`
}

function actionText(action: Action): string {
  switch (action.does) {
    case 'hold':
      return 'hold it'
    case 'drop':
      return 'drop it'
    case 'wait':
      return `wait ${action.seconds} s`
    case 'flip':
      return `flip bit ${action.bit} of byte ${action.byte}`
    case 'bytes':
      return `put ${action.hex.length / 2} other bytes in its place`
    case 'member':
      return `change ${action.member}`
    case 'replace':
      return `put ${placeText(action.by)} in its place`
    case 'send':
      return `send ${placeText(action.frame)} again ${wayOf(action)}`
    case 'forge':
      return `make a step ${action.step} and send it ${wayOf(action)}`
    case 'cut':
      return 'cut the connection'
  }
}

function wayOf({ on, to }: { readonly on: 'same' | 'new'; readonly to: 'opener' | 'acceptor' }): string {
  const connection = on === 'new' ? 'on a new connection' : 'on the same connection'
  return `${connection}, to whoever ${to === 'opener' ? 'opened' : 'accepted'} it`
}

function badScript(why: string, cause?: unknown): LabError {
  return new LabError('bad_script', `This is no script of an adversary. ${why}`, { cause })
}
