/** Changes to one member of a message, by its type: what it may not be, and what it may be after all. */
import { Buffer } from 'node:buffer'
import type { Dice } from '../frame-damage'
import type { Entry } from './draft'
import type { Line } from './line'
import { WEAK_DES_KEYS, type Type } from './members'
import { pemOf, type Paper } from './papers'
import { base64, isPoint, makeShare, shareOf, type Bytes } from './primitives'

/** Another value for a member, in JSON. `value`: what it honestly is. */
export type Variant = (value: never, dice: Dice, line: Line) => string

const q = (value: unknown): string => JSON.stringify(value)
const same =
  (json: string): Variant =>
  () =>
    json

/** For a member of any type. */
const ANY: Readonly<Record<string, Variant>> = {
  null: same('null'),
  true: same('true'),
  'an array': (value) => q([value]),
  'an object': (value) => q({ value }),
  'an empty text': same('""'),
  'a long text': (_value, dice) => q('x'.repeat(50 + dice.below(4_000))),
  'a control character': same('"\\u0000"'),
  'letters beyond ASCII': same(q('é'.repeat(30))),
  'a small number': (_value, dice) => String(dice.below(3)),
  'a fraction': same('1.5'),
  'a number beyond 2^53': same('9007199254740992'),
  'bytes of another length': (_value, dice) =>
    q(base64(dice.bytes(dice.pick([1, 7, 8, 16, 31, 32, 64, 65, 256, 300])))),
  'zeros of any length': (_value, dice) =>
    q(base64(new Uint8Array(dice.pick([1, 7, 8, 16, 31, 32, 64, 65, 256])))),
  'ones of any length': (_value, dice) =>
    q(base64(new Uint8Array(dice.pick([1, 7, 8, 16, 31, 32, 64, 65, 256])).fill(0xff))),
}

const numbers = (list: Readonly<Record<string, string>>): Readonly<Record<string, Variant>> =>
  Object.fromEntries(Object.entries(list).map(([name, json]) => [name, same(json)]))

const INTEGER: Readonly<Record<string, Variant>> = {
  'in quotes': (value) => q(String(value)),
  'with a fraction': (value) => `${value as number}.5`,
  'with a fraction of zero': (value) => `${value as number}.0`,
  'with an exponent': (value) => `${(value as number) / 1000}e3`,
  'with a capital exponent': (value) => `${value as number}0E-1`,
  'with a zero before it': (value) => `0${value as number}`,
  'with a plus': (value) => `+${value as number}`,
  'with an underscore': (value) => String(value as number).replace(/.$/, '_$&'),
  'with a comma': (value) => String(value as number).replace(/.$/, ',$&'),
  negative: (value) => `-${value as number}`,
  'in hex': (value) => `0x${(value as number).toString(16)}`,
  ...numbers({
    zero: '0',
    'minus zero': '-0',
    'the largest': '9007199254740991',
    'the smallest': '-9007199254740991',
    'beyond the smallest': '-9007199254740992',
    'the largest date': '8640000000000000',
    'beyond every date': '8640000000000001',
    'of 400 digits': '9'.repeat(400),
    'beyond every double': '1e400',
    'under every double': '1e-400',
    NaN: 'NaN',
    Infinity: 'Infinity',
    'a minus alone': '-',
    'a point alone': '.5',
    'a fraction without digits': '1.',
  }),
}

/** Around both ends of the age limit (section 2). */
const TIMESTAMP: Readonly<Record<string, Variant>> = Object.fromEntries(
  Object.entries({
    'as old as may be': (limit: number) => -limit,
    'a millisecond too old': (limit: number) => -limit - 1,
    'as far ahead as may be': (limit: number) => limit,
    'a millisecond too far ahead': (limit: number) => limit + 1,
    'a year old': () => -31_536_000_000,
    'a year ahead': () => 31_536_000_000,
    'in seconds': () => Number.NaN,
  }).map(([name, distance]): [string, Variant] => [
    name,
    (_value, _dice, { world }) => {
      const by = distance(world.maxAge * 1000)
      return String(Number.isNaN(by) ? Math.floor(world.now() / 1000) : world.now() + by)
    },
  ]),
)

const IDENTITY: Readonly<Record<string, Variant>> = {
  'of somebody else': same('"ID-Other"'),
  'in small letters': (value) => q(String(value).toLowerCase()),
  'of the authority': (_value, _dice, { world }) => q(world.idCa),
  'of the authority, in small letters': (_value, _dice, { world }) => q(world.idCa.toLowerCase()),
  'of one character': same('"x"'),
  'of 48 characters': same(q('a'.repeat(48))),
  'of 49 characters': same(q('a'.repeat(49))),
  'with a line feed behind it': (value) => q(`${value as string}\n`),
  'with a line feed before it': (value) => q(`\n${value as string}`),
  'with a space': (value) => q(` ${value as string}`),
  'with a NUL': (value) => q(`${value as string}\0`),
  'with a letter that looks alike': (value) => q(String(value).replace('D', '\u216e')),
  'with a slash': same('"ID/Server"'),
  'of dots': same('".."'),
  'written with escapes': (value) => escaped(String(value)),
}

const TEXT: Readonly<Record<string, Variant>> = {
  'another text': same('"whoami"'),
  'empty all the same': same('""'),
  'half a surrogate pair': same('"\\ud800"'),
  'an emoji': same('"echo 😀"'),
  'every control character': same(q(String.fromCharCode(...Array.from({ length: 32 }, (_, at) => at)))),
  'some kilobytes': (_value, dice) => q(`echo ${'y'.repeat(dice.below(16_000))}`),
  'a command that does not exist': same('"bytes -1"'),
  'an address out of range': same('"999.1.1.1"'),
  'an address of IPv6': same('"::1"'),
  'written with escapes': (value) => escaped(String(value)),
  'a raw line feed': same('"a\nb"'),
  'a raw NUL': same('"a\0b"'),
  'an unknown escape': same('"\\x41"'),
  'half an escape': same('"\\u00"'),
}

const BYTES: Readonly<Record<string, Variant>> = {
  'without padding': (value) => q(String(value).replace(/=+$/, '')),
  'with more padding': (value) => q(`${String(value)}=`),
  'in the alphabet of URLs': same(q('-_-_-_-_-_8=')),
  'its own bytes in the alphabet of URLs': (value) =>
    q(String(value).replaceAll('+', '-').replaceAll('/', '_')),
  'with a space inside': (value) => q(String(value).replace(/^..../, '$& ')),
  'with a line feed inside': (value) => q(String(value).replace(/^..../, '$&\n')),
  'with a line feed behind it': (value) => q(`${String(value)}\n`),
  'with bits left over': (value) => q(withBitsLeftOver(String(value))),
  'in hex': (value) => q(Buffer.from(String(value), 'base64').toString('hex')),
  'in capital hex': (value) => q(Buffer.from(String(value), 'base64').toString('hex').toUpperCase()),
  'a byte short': (value) => q(base64(bytesIn(value).slice(1))),
  'a byte long': (value) => q(base64(new Uint8Array([...bytesIn(value), 0]))),
  twice: (value) => q(base64(new Uint8Array([...bytesIn(value), ...bytesIn(value)]))),
  'other bytes': (value, dice) => q(base64(dice.bytes(bytesIn(value).length))),
  'a bit flipped': (value, dice) => q(base64(flipped(bytesIn(value), dice))),
  zeros: (value) => q(base64(new Uint8Array(bytesIn(value).length))),
  'as a list of numbers': (value) => q([...bytesIn(value)]),
  'written with escapes': (value) => escaped(String(value)),
  'with escaped slashes': (value) => q(value).replaceAll('/', '\\/'),
}

const DES: Readonly<Record<string, Variant>> = {
  'a weak key': (_value, dice) => q(base64(dice.pick(WEAK_DES_KEYS))),
  'a weak key of other parity': (_value, dice) =>
    q(base64(dice.pick(WEAK_DES_KEYS).map((byte) => byte ^ dice.below(2)))),
}

const SHARE: Readonly<Record<string, Variant>> = {
  'no point of the curve': (_value, dice) => q(base64(noPoint(dice))),
  'the point at infinity': same(q(base64(Uint8Array.of(0)))),
  'zeros in the form of a point': same(q(base64(new Uint8Array(65).fill(4, 0, 1)))),
  compressed: (value) =>
    q(base64(new Uint8Array([2 + (bytesIn(value)[64]! & 1), ...bytesIn(value).slice(1, 33)]))),
  hybrid: (value) => q(base64(new Uint8Array([6 + (bytesIn(value)[64]! & 1), ...bytesIn(value).slice(1)]))),
  'without its first byte': (value) => q(base64(bytesIn(value).slice(1))),
  'of another': () => q(base64(shareOf(makeShare()))),
}

/** Changes to the form of a PEM text, and to what is inside. */
const PEM: Readonly<Record<string, Variant>> = {
  'without its last line feed': (value) => q(String(value).trimEnd()),
  'with two last line feeds': (value) => q(`${String(value)}\n`),
  'with other line ends': (value) => q(String(value).replaceAll('\n', '\r\n')),
  'with a text before it': (value) => q(`Subject: x\n${String(value)}`),
  'with a text behind it': (value) => q(`${String(value)}x`),
  'with a space behind a line': (value) => q(String(value).replace('\n', ' \n')),
  'with an empty line': (value) => q(String(value).replace('\n', '\n\n')),
  'with a header': (value) => q(String(value).replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')),
  twice: (value) => q(String(value) + String(value)),
  'of another label': (value) => q(String(value).replace(/(BEGIN|END) [A-Z ]+/g, '$1 X509 CRL')),
  'of two labels': (value) => q(String(value).replace(/END [A-Z ]+/, 'END X509 CRL')),
  'of a small label': (value) =>
    q(String(value).replace(/(?<=BEGIN |END )[A-Z ]+/g, (label) => label.toLowerCase())),
  'with nothing inside': (value) =>
    q(
      String(value)
        .replace(/(-----\n).*(\n-----)/s, '$1$2')
        .replace('\n\n', '\n'),
    ),
  'with nothing but padding inside': (value) => q(withInside(value, '====')),
  'in one line': (value) => q(withInside(value, insideOf(value))),
  'in short lines': (value) => q(withInside(value, insideOf(value).replace(/.{16}(?=.)/g, '$&\n'))),
  'with no base64 inside': (value) => q(withInside(value, insideOf(value).replace(/^./, '='))),
  'with bits left over': (value) => q(withInside(value, withBitsLeftOver(insideOf(value)))),
  'in the alphabet of URLs': (value) => q(String(value).replace(/[A-Za-z0-9](?=\n-----END)/, '-')),
  'of random bytes': (value, dice) => q(withDer(value, dice.bytes(dice.pick([1, 2, 20, 294, 1_200])))),
  'of its first half': (value) => q(withDer(value, derOf(value).slice(0, derOf(value).length / 2))),
  'with a byte behind it': (value) => q(withDer(value, new Uint8Array([...derOf(value), 0]))),
  'with a byte cut off': (value) => q(withDer(value, derOf(value).slice(0, -1))),
  'with a bit flipped': (value, dice) => q(withDer(value, flipped(derOf(value), dice))),
  'as bare base64': (value) => q(insideOf(value)),
  'written with escapes': (value) => escaped(String(value)),
}

/** A paper of {@link Paper}s, of the kind that the member takes. */
const PAPERS: Readonly<Record<string, (line: Line) => readonly Paper[]>> = {
  CERTIFICATE: ({ world }) => world.papers.certificates,
  'CERTIFICATE REQUEST': ({ world }) => world.papers.requests,
  'PUBLIC KEY': ({ world }) => world.papers.publicKeys,
  'PRIVATE KEY': ({ world }) => world.papers.privateKeys,
}

/** How many of a kind have turns of their own. */
const TURNS: Readonly<Record<string, number>> = {
  CERTIFICATE: 37,
  'CERTIFICATE REQUEST': 18,
  'PUBLIC KEY': 5,
  'PRIVATE KEY': 7,
}

/** Every other value for a member of a type, by name. */
export function variantsOf(name: string, type: Type): Readonly<Record<string, Variant>> {
  switch (type.is) {
    case 'integer':
      if (name.startsWith('ts')) return { ...ANY, ...INTEGER, ...TIMESTAMP }
      if (name === 'lifetime_sess')
        return { ...ANY, ...INTEGER, ...numbers({ one: '1', 'a day': '86400', 'more than a day': '86401' }) }
      return { ...ANY, ...INTEGER, ...numbers({ 'no port': '65536', 'the last port': '65535' }) }
    case 'identity':
      return { ...ANY, ...IDENTITY }
    case 'text':
      return { ...ANY, ...TEXT }
    case 'bytes':
      return { ...ANY, ...BYTES }
    case 'des':
      return { ...ANY, ...BYTES, ...DES }
    case 'share':
      return { ...ANY, ...BYTES, ...SHARE }
    case 'pem': {
      return {
        ...ANY,
        ...PEM,
        'another paper': (_value, dice, line) => q(dice.pick(PAPERS[type.label]!(line)).pem),
        'a paper of another kind': (_value, dice, line) => {
          const kinds = Object.keys(PAPERS).filter((label) => label !== type.label)
          const { pem } = dice.pick(PAPERS[dice.pick(kinds)]!(line))
          return q(pem.replace(/(?<=BEGIN |END )[A-Z ]+/g, type.label))
        },
        // Each of those that differ in what they say, and not in their form, has its turn.
        ...Object.fromEntries(
          Array.from({ length: TURNS[type.label] ?? 0 }, (_, turn): [string, Variant] => [
            `paper ${turn}`,
            (_value, _dice, line) => q(PAPERS[type.label]!(line)[turn]!.pem),
          ]),
        ),
      }
    }
  }
}

/** What can be done to the place of a member, whatever is in it. */
export const PLACES: Readonly<Record<string, (entries: Entry[], at: number, dice: Dice) => void>> = {
  absent: (entries, at) => void entries.splice(at, 1),
  'there twice': (entries, at) => void entries.push({ ...entries[at]! }),
  'there twice, the first one bad': (entries, at) => {
    entries.push({ ...entries[at]! })
    entries[at] = { ...entries[at]!, json: 'null' }
  },
  'there twice, the last one bad': (entries, at) => void entries.push({ ...entries[at]!, json: 'null' }),
  'in capitals': (entries, at) => rename(entries, at, (name) => name.toUpperCase()),
  'with a space in its name': (entries, at) => rename(entries, at, (name) => ` ${name}`),
  'with a NUL in its name': (entries, at) => rename(entries, at, (name) => `${name}\0`),
  'under another name': (entries, at) => rename(entries, at, (name) => `${name}_`),
  'inside another object': (entries, at) =>
    void (entries[at] = { name: '"members"', json: wrapped(entries[at]!) }),
  'with escapes in its name': (entries, at) =>
    void (entries[at] = { ...entries[at]!, name: escaped(JSON.parse(entries[at]!.name) as string) }),
  first: (entries, at) => entries.unshift(...entries.splice(at, 1)),
  last: (entries, at) => void entries.push(...entries.splice(at, 1)),
}

function rename(entries: Entry[], at: number, change: (name: string) => string): void {
  entries[at] = { ...entries[at]!, name: q(change(JSON.parse(entries[at]!.name) as string)) }
}

function wrapped({ name, json }: Entry): Entry['json'] {
  return typeof json === 'string' ? `{${name}:${json}}` : () => `{${name}:${json()}}`
}

/** The same text in JSON, one letter in escapes. */
function escaped(value: string): string {
  const unit = value.charCodeAt(0)
  if (Number.isNaN(unit)) return '""'
  return `"\\u${unit.toString(16).padStart(4, '0')}${q(value.slice(1)).slice(1)}`
}

const bytesIn = (value: unknown): Bytes => new Uint8Array(Buffer.from(String(value), 'base64'))
const insideOf = (value: unknown): string =>
  String(value)
    .split('\n')
    .filter((line) => !line.startsWith('-----'))
    .join('')
const derOf = (value: unknown): Bytes => bytesIn(insideOf(value))
const labelOf = (value: unknown): string => /BEGIN ([A-Z ]+)/.exec(String(value))?.[1] ?? 'CERTIFICATE'
const withDer = (value: unknown, der: Uint8Array): string => pemOf(labelOf(value), der)
const withInside = (value: unknown, inside: string): string =>
  `-----BEGIN ${labelOf(value)}-----\n${inside}\n-----END ${labelOf(value)}-----\n`

function flipped(bytes: Bytes, dice: Dice): Bytes {
  const copy = bytes.slice()
  if (copy.length > 0) copy[dice.below(copy.length)]! ^= 1 << dice.below(8)
  return copy
}

/** The last letter before the padding changed in bits that no byte has; the same text where there is no padding. */
function withBitsLeftOver(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return text.replace(
    /(.)(=+)$/,
    (_all, letter: string, padding: string) => `${alphabet[alphabet.indexOf(letter) + 1]}${padding}`,
  )
}

function noPoint(dice: Dice): Bytes {
  for (;;) {
    const bytes = dice.bytes(65)
    bytes[0] = 4
    if (!isPoint(bytes)) return bytes
  }
}
