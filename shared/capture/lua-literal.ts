/** Data as an expression of Lua: tables, strings, numbers and truth. */

/** What has an expression; what is undefined is left out. */
export type LuaValue =
  string | number | boolean | undefined | readonly LuaValue[] | ReadonlyMap<number, LuaValue> | LuaRecord
export interface LuaRecord {
  readonly [name: string]: LuaValue
}

const NAME = /^[A-Za-z_]\w*$/
/** Words that are no names (Lua 5.4 manual, section 3.1). */
const RESERVED = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
)

/** Writes a value; `indent` is that of the line that it begins on. */
export function luaLiteral(value: LuaValue, indent = ''): string {
  if (typeof value === 'string') return luaString(value)
  if (typeof value !== 'object') return value === undefined ? 'nil' : String(value)
  const entries = entriesOf(value).filter(([, each]) => each !== undefined)
  if (entries.length === 0) return '{}'
  const inner = `${indent}  `
  const written = entries.map(([key, each]) => `${key}${luaLiteral(each, inner)}`)
  const line = `{ ${written.join(', ')} }`
  if (indent.length + line.length <= 120 && !line.includes('\n')) return line
  return `{\n${written.map((each) => `${inner}${each},\n`).join('')}${indent}}`
}

function entriesOf(
  value: Exclude<LuaValue, string | number | boolean | undefined>,
): readonly (readonly [string, LuaValue])[] {
  if (value instanceof Map) return [...value].map(([key, each]) => [`[${key}] = `, each] as const)
  if (isList(value)) return value.map((each) => ['', each] as const)
  return Object.entries(value as LuaRecord).map(([name, each]) => {
    const isName = NAME.test(name) && !RESERVED.has(name)
    return [isName ? `${name} = ` : `[${luaString(name)}] = `, each] as const
  })
}

function isList(value: object): value is readonly LuaValue[] {
  return Array.isArray(value)
}

/** A string in UTF-8; controls are written as numbers. */
function luaString(text: string): string {
  const escaped = text
    .replace(/["\\]/g, String.raw`\$&`)

    .replace(/[\u0000-\u001f\u007f]/g, (control) => `\\${String(control.charCodeAt(0)).padStart(3, '0')}`)
  return `"${escaped}"`
}
