/** What the dissector computes in Lua is what the app computes, in both of Lua's versions that Wireshark has had. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromUtf8, toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { dissectorText } from '#shared/capture/dissector'
import { luaLiteral } from '#shared/capture/lua-literal'
import { sha256 } from '#shared/crypto/primitives/hash'
import { webCrypto } from '#shared/crypto/provider'
import { parseObject } from '#shared/hl1/read-object'
import { fileOf, removeFolders } from '../support/capture'
import { seededRandom } from '../support/environment'
import { runProgram } from '../support/programs'
import { sampleSize } from '../support/sample'

afterAll(removeFolders)

/** What a part of the dissector is given, and has to give: hex, or `none`. */
interface Case {
  readonly call: string
  readonly given: readonly string[]
  readonly expected: string
}

const LUA = ['lua5.2', 'lua5.4']
const NONE = 'none'

/** Calls each part as its case says; what it takes and gives crosses as hex. */
const DRIVER = `
local parts, cases = dofile(arg[1]), dofile(arg[2])
local text = parts.text
-- Lua 5.4 has no 0 with a sign where it has whole numbers.
local function number(value) return value == 0 and '0' or ('%.17g'):format(value) end
local calls = {
  sha256 = parts.sha256.hash,
  hkdf = parts.sha256.hkdf,
  des = parts.des.open,
  gcm = parts.gcm.open,
  base64 = text.unbase64,
  json = function(source)
    local members = parts.json.members(source)
    if not members then return nil end
    local found = {}
    for _, member in ipairs(members) do
      local value = (member.kind == 'string' or member.kind == 'literal') and member.value or member.kind
      if member.kind == 'number' then value = number(tonumber(member.value)) end
      found[#found + 1] = member.name .. ' ' .. member.start .. ' ' .. member.stop .. ' ' .. value
    end
    return table.concat(found, '\\n')
  end,
}
for _, case in ipairs(cases) do
  local given = {}
  for index, hex in ipairs(case.given) do given[index] = text.unhex(hex) end
  local result = calls[case.call](table.unpack(given))
  print(result and text.hex(result) or '${NONE}')
end
`

const draw = seededRandom('lua')
const number = (below: number): number =>
  draw(4).reduce((sum, byte) => (sum * 256 + byte) % 2 ** 31, 0) % below

function damaged(bytes: Bytes): Bytes {
  const copy = bytes.slice()
  copy[number(copy.length)]! ^= 1 << number(8)
  return copy
}

async function ciphers(count: number): Promise<readonly Case[]> {
  const cases: Case[] = []
  const add = (call: string, given: readonly Bytes[], expected: Bytes | undefined): void => {
    cases.push({ call, given: given.map((each) => toHex(each)), expected: expected ? toHex(expected) : NONE })
  }
  for (let index = 0; index < count; index++) {
    const message = draw(index < 200 ? index : number(3_000))
    add('sha256', [message], sha256(message))
    const [input, salt, info] = [draw(1 + number(100)), draw(number(80)), draw(number(40))]
    add('hkdf', [input, salt, info], await webCrypto.deriveKey(input, salt, info))
    const [desKey, iv] = [draw(8), draw(8)]
    const text = await webCrypto.encryptDes(desKey, iv, message)
    add('des', [desKey, iv, text], message)
    const [key, nonce, additional] = [draw(32), draw(12), draw(number(50))]
    const sealed = await webCrypto.encryptGcm(key, nonce, additional, message)
    add('gcm', [key, nonce, additional, sealed], message)
    add('gcm', [key, nonce, additional, damaged(sealed)], undefined)
    add('gcm', [damaged(key), nonce, additional, sealed], undefined)
    add('gcm', [key, damaged(nonce), additional, sealed], undefined)
    if (additional.length > 0) add('gcm', [key, nonce, damaged(additional), sealed], undefined)
    const broken = damaged(text)
    add('des', [desKey, iv, broken], await webCrypto.decryptDes(desKey, iv, broken).catch(() => undefined))
    const coded = toUtf8(toBase64(message))
    add('base64', [coded], message)
  }
  add('des', [draw(8), draw(8), draw(7)], undefined)
  add('des', [draw(8), draw(8), new Uint8Array()], undefined)
  for (const wrong of ['=', 'A', 'AA=', 'AB==', 'AAB=', 'AA==AA==', 'A A=', 'A-_='])
    add('base64', [toUtf8(wrong)], undefined)
  return cases
}

/** Objects as they are, and bent ones, judged by the app's own reader. */
async function objects(count: number): Promise<readonly Case[]> {
  const seeds = [
    '{}',
    '{"a":1}',
    ' {"id_s" : "ID-Server" ,\n"ts1":1800000000000,"x":-1.5e3,"l":[1,{"a":"]"}],"t":true,"n":null,"o":{}} ',
    String.raw`{"\u0061\"\\":"\ud83d\ude00 \u00e9\/\b\f\n\r\t","é€😀":"é€😀","b":"","a":"twice","a":0}`,
    '{"a":[[[[[]]]],{"b":{"c":[{}]}}],"d":1e-7}',
  ]
  const cases: Case[] = []
  for (let index = 0; index < count; index++) {
    const seed = toUtf8(seeds[index % seeds.length]!)
    let text = seed
    if (index >= seeds.length) {
      for (let changes = 1 + number(2); changes > 0; changes--) {
        const at = number(text.length)
        const kinds = ['{', '}', '[', ']', '"', ',', ':', '\\', '0', '-', 'e', '.', ' ', 'u', '\0', 'é']
        const put = toUtf8(kinds[number(kinds.length)]!)
        const kept = number(3)
        text =
          kept === 0
            ? damaged(text)
            : Uint8Array.from([...text.slice(0, at), ...put, ...text.slice(at + (kept === 1 ? 1 : 0))])
      }
    }
    const names: string[] = []
    const read = await parseObject(text, []).catch(() => undefined)
    for (const { start, end } of read?.ranges ?? []) {
      const member = fromUtf8(text.slice(start, end))
      const [[name, value]] = Object.entries(JSON.parse(`{${member}}`) as object) as [[string, unknown]]
      names.push(`${name} ${start} ${end} ${shown(value)}`)
    }
    const expected = read ? toHex(toUtf8(names.join('\n'))) : NONE
    // Halves of pairs have no bytes, and a number too large for a double none that it could be compared by.
    if (names.some((name) => /[\ud800-\udfff]/.test(name.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))))
      continue
    if (names.some((name) => name.endsWith('Infinity'))) continue
    cases.push({ call: 'json', given: [toHex(text)], expected })
  }
  return cases
}

function shown(value: unknown): string {
  if (typeof value === 'number') return precise(value)
  if (value === null || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : 'nested'
}

/** As `%.17g` writes it. */
function precise(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(value)
  const [digits = '', exponent = '0'] = value.toExponential(16).split('e')
  const power = Number(exponent)
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (power < -4 || power >= 17) {
    const sign = power < 0 ? '-' : '+'
    return `${trim(digits)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
  }
  return trim(value.toFixed(16 - power))
}

describe.each(LUA)('in %s', (lua) => {
  let dissector: string
  let driver: string
  beforeAll(() => {
    dissector = fileOf('handshake-lab.lua', dissectorText('Handshake Lab 0.0.0'))
    driver = fileOf('driver.lua', DRIVER)
  })

  it.each([
    ['ciphers, hashes and base64', () => ciphers(sampleSize(1_000, 20))],
    ['JSON', () => objects(sampleSize(20_000, 10))],
  ])(
    '%s are those of the app',
    async (_, make) => {
      const cases = await make()
      const given = fileOf('cases.lua', `return ${luaLiteral(cases.map((each) => ({ ...each })))}\n`)
      const { code, output, errors } = await runProgram(lua, [driver, dissector, given])
      expect(errors).toBe('')
      expect(code).toBe(0)
      const results = output.trimEnd().split('\n')
      expect(results.length).toBe(cases.length)
      const wrong = cases.flatMap(({ call, given: arguments_, expected }, index) =>
        results[index] === expected ? [] : [{ call, given: arguments_, expected, result: results[index] }],
      )
      expect(wrong).toEqual([])
      console.info(
        `${lua}: ${cases.length} results are those of the app, ${new Set(results).size} of them different.`,
      )
    },
    600_000,
  )
})
