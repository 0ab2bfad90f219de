/** What tshark makes of a capture with the app's dissector: every frame, with its fields and their places. */
import { DISSECTOR_FILE, dissectorText } from '#shared/capture/dissector'
import { fileOf, makeFolder } from './capture'
import { runProgram } from './programs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A field as tshark shows it, with its bytes: `start` counts from where the packet begins, or the plaintext that was opened. */
export interface DissectedField {
  readonly name: string
  readonly value: string
  readonly start: number | undefined
  readonly length: number | undefined
  /** Fields below it, by their names. */
  readonly below: ReadonlyMap<string, string>
}

export interface DissectedFrame {
  /** The frame's bytes in hex. */
  readonly frame: string
  /** Where the frame begins in its packet, or in what a packet completed. */
  readonly origin: number
  readonly fields: readonly DissectedField[]
}

export interface DissectOptions {
  /** The text of a keys file. */
  readonly keys?: string
  /** More arguments of tshark. */
  readonly more?: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

/** The arguments by which tshark has the dissector; it is asked wherever a frame begins, before who has the port. */
export function dissectorArguments({ keys, more = [] }: DissectOptions = {}): readonly string[] {
  return [
    ...['-X', `lua_script:${fileOf(DISSECTOR_FILE, dissectorText('Handshake Lab 0.0.0'))}`],
    ...['-o', 'tcp.try_heuristic_first:TRUE'],
    ...(keys === undefined ? [] : ['-o', `hl1.keys_file:${fileOf('capture.keys', keys)}`]),
    ...more,
  ]
}

/** The frames of HL/1 in a capture. Throws where Lua has failed anywhere. */
export async function dissect(
  capture: Uint8Array,
  options: DissectOptions = {},
): Promise<readonly DissectedFrame[]> {
  const file = join(makeFolder(), 'capture.pcapng')
  writeFileSync(file, capture)
  const shown = ['-Y', 'hl1 || _ws.lua', '-T', 'json', '-x', '-J', 'hl1 _ws.lua', '--no-duplicate-keys']
  const { output, errors, code } = await runProgram('tshark', [
    '-r',
    file,
    ...dissectorArguments(options),
    ...shown,
  ])
  const unexpected = errors.replace(/^Running as user.*\n/, '')
  if (code !== 0 || unexpected !== '') throw new Error(`tshark: ${code} ${unexpected}`)
  const fault = output.indexOf('Lua Error')
  if (fault >= 0) throw new Error(output.slice(fault, fault + 200))
  const packets = JSON.parse(output === '' ? '[]' : output) as readonly { _source: { layers: Json } }[]
  return packets.flatMap(({ _source: { layers } }) => {
    const trees = listOf(layers['hl1']) as readonly Json[]
    const raws = rawsOf(layers['hl1_raw'], trees.length)
    return trees.map((tree, index): DissectedFrame => {
      const [frame = '', start = 0] = raws[index] ?? []
      return { frame, origin: start, fields: [...walk(tree)] }
    })
  })
}

type Raw = readonly [hex: string, start: number, length: number, ...unknown[]]

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

/** One list of numbers for one field, a list of such lists for more. */
function rawsOf(value: unknown, count: number): readonly (Raw | undefined)[] {
  if (value === undefined) return Array.from({ length: count }, () => undefined)
  return Array.isArray((value as readonly unknown[])[0]) ? (value as readonly Raw[]) : [value as Raw]
}

function* walk(tree: Json): Generator<DissectedField> {
  for (const [name, value] of Object.entries(tree)) {
    if (name.endsWith('_raw') || name.endsWith('_tree')) continue
    const values = listOf(value)
    const raws = rawsOf(tree[`${name}_raw`], values.length)
    const trees = listOf(tree[`${name}_tree`]) as readonly Json[]
    for (const [index, each] of values.entries()) {
      if (typeof each === 'object' && each !== null) {
        yield* walk(each as Json)
        continue
      }
      const below = trees[index] ?? {}
      const raw = raws[index]
      yield {
        name: name.replace(/^hl1\./, ''),
        value: String(each),
        start: raw?.[1],
        length: raw?.[2],
        below: new Map(Object.entries(below).map(([key, text]) => [key.replace(/^hl1\./, ''), String(text)])),
      }
      yield* walk(below)
    }
  }
}
