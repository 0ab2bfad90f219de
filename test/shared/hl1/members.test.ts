import { describe, expect, it } from 'vitest'
import { fromUtf8, toUtf8, type Bytes } from '#shared/bytes'
import { encodeMembers, readMembers } from '#shared/hl1/members'
import { OBJECT_BOUNDS, parseObject } from '#shared/hl1/read-object'
import { BYTES_PER_TURN } from '#shared/turn'
import type { MemberSpec } from '#shared/record/member'
import { hex } from '../../support/vectors'

const spec = (kind: MemberSpec['kind'], more: Partial<MemberSpec> = {}): MemberSpec => ({
  name: 'm',
  symbol: 'M',
  kind,
  nature: { is: 'payload' },
  meaning: 'A member.',
  ...more,
})

/** What a member with this JSON value is read as: its value, or `refused`. */
function read(member: MemberSpec, value: unknown): unknown {
  const result = readMembers([member], { m: value })
  return 'values' in result ? result.values['m'] : 'refused'
}

/** The text that each member of a plaintext stands at, by name. */
async function located(text: string): Promise<Record<string, string>> {
  return Object.fromEntries(await places(text))
}

/** The same, in their order and with those that are there twice. */
async function places(text: string): Promise<readonly (readonly [name: string, text: string])[]> {
  const bytes = toUtf8(text)
  return (await parseObject(bytes, [])).ranges.map(
    ({ name, start, end }) => [name, fromUtf8(bytes.subarray(start, end))] as const,
  )
}

describe('a member’s kind', () => {
  const NUMBERS = [0, -1, 1_800_000_000_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
  const NO_NUMBERS = [1.5, 2 ** 53, -(2 ** 53), 1e300, '7', '', true, null, [], [7], {}]
  const NO_TEXTS = [7, 0, true, false, null, [], ['text'], {}]

  it.each(['timestamp', 'integer'] as const)('%s is a whole number that JSON carries exactly', (kind) => {
    for (const value of NUMBERS) expect(read(spec(kind), value), String(value)).toBe(value)
    for (const value of NO_NUMBERS) expect(read(spec(kind), value), JSON.stringify(value)).toBe('refused')
  })

  it('text is any JSON string', () => {
    const texts = ['', 'text', 'größer\n\u0000', '€ 𝄞', 'half a pair: \ud834']
    for (const value of texts) expect(read(spec('text'), value)).toBe(value)
    for (const value of NO_TEXTS) expect(read(spec('text'), value), JSON.stringify(value)).toBe('refused')
  })

  it('pem is one PEM block of its label with \\n line ends, whatever is in it', () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nAAAA\nAA==\n-----END PUBLIC KEY-----'
    const key = spec('pem', { nature: { is: 'public-key', key: 'PK' } })
    for (const value of [pem, `${pem}\n`]) expect(read(key, value)).toBe(value)
    for (const value of [`${pem}\n\n`, ` ${pem}`, pem.replaceAll('\n', '\r\n'), '', ...NO_TEXTS]) {
      expect(read(key, value), JSON.stringify(value)).toBe('refused')
    }
    expect(read(spec('pem', { nature: { is: 'certificate', for: 'PK', by: 'SK' } }), pem)).toBe('refused')
  })

  it('identity is a string that matches the pattern', () => {
    expect(read(spec('identity'), 'ID-Server')).toBe('ID-Server')
    for (const value of ['', 'ID Server', 'x'.repeat(49), 'ID-Server\n', ...NO_TEXTS]) {
      expect(read(spec('identity'), value), JSON.stringify(value)).toBe('refused')
    }
  })

  it('bytes is standard base64 with padding', () => {
    expect(read(spec('bytes'), 'AAEC/f7/')).toEqual(hex('000102fdfeff'))
    expect(read(spec('bytes'), 'AA==')).toEqual(hex('00'))
    expect(read(spec('bytes'), '')).toEqual(hex(''))
    const wrong = ['AA', 'AA=', 'A===', 'AAAA=', '-_-_', 'AA ==', 'AA==\n', '!!!!', 'AAé=', ...NO_TEXTS]
    for (const value of wrong) expect(read(spec('bytes'), value), JSON.stringify(value)).toBe('refused')
  })

  it('bytes of a given length has just that many', () => {
    const key = spec('bytes', { length: 8 })
    expect(read(key, 'AAECAwQFBgc=')).toEqual(hex('0001020304050607'))
    expect(read(key, 'AAECAwQFBg==')).toBe('refused')
    expect(read(key, 'AAECAwQFBgcI')).toBe('refused')
    expect(read(key, '')).toBe('refused')
  })

  it('may have a rule of its own, whose reason is passed on', () => {
    const strong = spec('bytes', { rule: 'strong_des_key' })
    expect(read(strong, 'AAECAwQFBgc=')).toEqual(hex('0001020304050607'))
    expect(readMembers([strong], { m: 'AQEBAQEBAQE=' })).toEqual({
      problem: 'The member m: this is a weak or semi-weak DES key.',
    })
  })
})

describe('the members of a message', () => {
  const specs = [
    spec('identity', { name: 'id_s' }),
    spec('timestamp', { name: 'ts1' }),
    spec('text', { name: 'text' }),
  ]
  const good = { id_s: 'ID-Server', ts1: 7, text: 'x' }

  it('come in any order', () => {
    expect(readMembers(specs, { text: 'x', ts1: 7, id_s: 'ID-Server' })).toEqual({ values: good })
  })

  it('may have others beside them, which are ignored', () => {
    expect(readMembers(specs, { ...good, more: { deep: [1] }, id_c: 'ID-Client' })).toEqual({ values: good })
  })

  it('have to be there, each of them, and the reason names the one that is not', () => {
    for (const { name } of specs) {
      const { [name as keyof typeof good]: _, ...rest } = good
      expect(readMembers(specs, rest)).toEqual({ problem: `The member ${name} is missing.` })
    }
  })

  it('are not found among what every object inherits', async () => {
    expect(readMembers([spec('text', { name: 'constructor' })], {})).toHaveProperty('problem')
    const { object } = await parseObject(toUtf8('{"__proto__":{"m":"from the prototype"}}'), [spec('text')])
    expect(readMembers([spec('text')], object)).toEqual({ problem: 'The member m is missing.' })
  })
})

describe('a plaintext', () => {
  it('is a JSON object in UTF-8 with its members in the order of the step', () => {
    const specs = [
      spec('bytes', { name: 'key' }),
      spec('text', { name: 'req' }),
      spec('timestamp', { name: 'ts' }),
    ]
    const { bytes, ranges } = encodeMembers(specs, { ts: 7, req: 'größer', key: hex('00ff') })
    expect(fromUtf8(bytes)).toBe('{"key":"AP8=","req":"größer","ts":7}')
    expect(ranges.map(({ name, start, end }) => fromUtf8(bytes.subarray(start, end)) + name)).toEqual([
      '"key":"AP8="key',
      '"req":"größer"req',
      '"ts":7ts',
    ])
  })

  it.each([
    ['nothing', hex('')],
    ['a list', toUtf8('[]')],
    ['a string', toUtf8('"x"')],
    ['null', toUtf8('null')],
    ['an object with something after it', toUtf8('{} {}')],
    ['an object cut short', toUtf8('{"a":1')],
    ['an object with a byte order mark', hex('efbbbf7b7d')],
    ['an object whose text is no UTF-8', hex('7b2261223a22ff227d')],
    ['an object with half a surrogate pair in UTF-8', hex('7b2261223a22eda080227d')],
    ['an object with a comma too many', toUtf8('{"a":1,}')],
    ['an object with NaN', toUtf8('{"a":NaN}')],
  ])('that is %s can’t be opened', async (_, bytes: Bytes) => {
    await expect(parseObject(bytes, [])).rejects.toThrow(SyntaxError)
  })

  it('has the place of every member, name and value, in bytes', async () => {
    expect(await located('{"a":1,"b":"two","c":[1,{"d":2},"]"],"e":null}')).toEqual({
      a: '"a":1',
      b: '"b":"two"',
      c: '"c":[1,{"d":2},"]"]',
      e: '"e":null',
    })
  })

  it('has them also with spaces around, and strings that hold quotes, braces, commas and backslashes', async () => {
    expect(await located(' { "a" : -1.5e3 ,\n\t"b\\"," : "x\\\\" , "c" : "}{,:\\"" } ')).toEqual({
      a: '"a" : -1.5e3',
      'b",': '"b\\"," : "x\\\\"',
      c: '"c" : "}{,:\\""',
    })
  })

  it('has them behind characters of two, three and four bytes, in names and values', async () => {
    expect(await located('{"ä":"€","𝄞":"größer 𝄞","z":1}')).toEqual({
      ä: '"ä":"€"',
      '𝄞': '"𝄞":"größer 𝄞"',
      z: '"z":1',
    })
  })

  it('knows a member by its name, however JSON has written that', async () => {
    expect(await located('{"k\\u005ftmp1":1}')).toEqual({ k_tmp1: '"k\\u005ftmp1":1' })
  })

  it('counts the last of two members with one name, and has the places of both', async () => {
    const text = '{"m":"first","n":1,"m":"last"}'
    const { object } = await parseObject(toUtf8(text), [spec('text')])
    expect(readMembers([spec('text')], object)).toEqual({ values: { m: 'last' } })
    expect(await places(text)).toEqual([
      ['m', '"m":"first"'],
      ['n', '"n":1'],
      ['m', '"m":"last"'],
    ])
  })

  it('of no members has no places', async () => {
    expect(await located('{}')).toEqual({})
    expect(await located(' { } ')).toEqual({})
  })

  it('that is no JSON is not quoted in the error, for it may hold a key', async () => {
    for (const text of ['{"k_sess":"c2VjcmV0"x}', '{"k_sess":c2VjcmV0}', 'c2VjcmV0']) {
      await expect(parseObject(toUtf8(text), [])).rejects.toThrow(/^The plaintext is not JSON\.$/)
    }
  })

  const MOST = 1_048_576
  const filled = (open: string, piece: string, close: string): string =>
    open + piece.repeat(Math.floor((MOST - open.length - close.length) / piece.length)) + close
  const many = Array.from({ length: 100_000 }, (_, index) => `"${index}":1`).join(',')

  /** These are read to their end in one turn. */
  const ONE_TOKEN = new Set(['digits', 'a fraction'])

  it.each([
    ['members', `{"ä":"ä",${many}}`],
    ['members of one name', filled('{"m":0', ',"m":1', '}')],
    ['members of one name, escaped', filled('{"m":0', ',"\\u006d":1', '}')],
    ['members without a name', filled('{"m":0', ',"":1', '}')],
    ['escapes', filled('{"m":"', '\\n', '"}')],
    ['longer escapes', filled('{"m":"', '\\u00e4', '"}')],
    ['characters of two bytes', filled('{"m":"', 'ä', '"}')],
    ['a name that never ends', filled('{"', '\\u006d', '":1}')],
    ['digits', filled('{"m":', '1', '}')],
    ['a fraction', filled('{"m":1.', '0', '}')],
    ['lists in one another', `{"m":${'['.repeat(MOST / 2 - 3)}${']'.repeat(MOST / 2 - 3)}}`],
    ['lists beside one another', filled('{"m":[[]', ',[]', ']}')],
    ['objects in one another', `{"m":${'{"m":'.repeat(MOST / 6 - 3)}1${'}'.repeat(MOST / 6 - 3)}}`],
    ['objects beside one another', filled('{"m":[{}', ',{"a":{}}', ']}')],
    ['spaces', filled('{"m":', ' ', '1}')],
  ])(
    'of nothing but %s is read, little is kept of it, and others have their turn meanwhile',
    async (what, text) => {
      const bytes = toUtf8(text)
      let turns = 0
      let goesOn = true
      const other = (): void => void (++turns && goesOn && setImmediate(other))
      setImmediate(other)
      const { object, ranges } = await parseObject(bytes, [spec('text')])
      goesOn = false
      expect(ranges.at(-1)?.end).toBe(bytes.length - 1)
      expect(ranges.length).toBeLessThanOrEqual(OBJECT_BOUNDS.namedMembers + 2)
      for (const { name } of ranges) expect(name.length).toBeLessThanOrEqual(OBJECT_BOUNDS.nameLength + 1)
      // No list and no object is made, however deep: `m` is one in half of these.
      for (const value of Object.values(object)) expect(typeof value).not.toBe('object')
      if (!ONE_TOKEN.has(what)) expect(turns).toBeGreaterThan(bytes.length / BYTES_PER_TURN / 2)
    },
  )
})
