/** The members of every message and their types, as protocol.md sections 2, 3 and 4 have them. */
import { isPoint, type Bytes } from './primitives'

export const SUITES = ['classic', 'modern'] as const
export type Suite = (typeof SUITES)[number]
/** The tables' column *byte*. */
export const SUITE_BYTES: Readonly<Record<Suite, number>> = { classic: 1, modern: 2 }

export const STEPS = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type Step = (typeof STEPS)[number]

/** `bytes` with a length where the contract gives one; `des`: 8 bytes that are no weak key; `share`: a point of P-256. */
export type Type =
  | { readonly is: 'identity' | 'integer' | 'text' | 'des' | 'share' }
  | { readonly is: 'bytes'; readonly length?: number }
  | { readonly is: 'pem'; readonly label: string }

const IDENTITY = { is: 'identity' } as const
const INTEGER = { is: 'integer' } as const
const TEXT = { is: 'text' } as const
const DES_KEY = { is: 'des' } as const
const OF_32 = { is: 'bytes', length: 32 } as const
const CERTIFICATE = { is: 'pem', label: 'CERTIFICATE' } as const
const PUBLIC_KEY = { is: 'pem', label: 'PUBLIC KEY' } as const

type Members = Readonly<Record<string, Type>>

/** Each JSON object of each message (sections 3 and 4, column *plaintext members*). */
export const MEMBERS: Readonly<Record<Suite, Readonly<Record<Step, readonly Members[]>>>> = {
  classic: {
    1: [{ k_tmp1: DES_KEY, id_s: IDENTITY, ts1: INTEGER }],
    2: [
      {
        pk_s: PUBLIC_KEY,
        sk_s: { is: 'pem', label: 'PRIVATE KEY' },
        cert_s: { is: 'bytes' },
        x509_s: CERTIFICATE,
        id_s: IDENTITY,
        ts2: INTEGER,
      },
    ],
    3: [{ id_c: IDENTITY, id_s: IDENTITY, ts3: INTEGER }],
    4: [{ pk_s: PUBLIC_KEY, cert_s: { is: 'bytes' }, x509_s: CERTIFICATE, ts4: INTEGER }],
    5: [{ k_tmp2: DES_KEY, id_c: IDENTITY, ip_c: TEXT, port_c: INTEGER, ts5: INTEGER }],
    6: [{ k_sess: DES_KEY, lifetime_sess: INTEGER, id_c: IDENTITY, ts6: INTEGER }],
    7: [{ req: TEXT, ts7: INTEGER }],
    8: [{ data: TEXT, ts8: INTEGER }],
  },
  modern: {
    1: [
      { k_tmp1: OF_32, id_s: IDENTITY, ts1: INTEGER },
      { csr_s: { is: 'pem', label: 'CERTIFICATE REQUEST' }, nonce_s: OF_32 },
    ],
    2: [{ x509_s: CERTIFICATE, id_s: IDENTITY, nonce_s: OF_32, ts2: INTEGER }],
    3: [{ id_s: IDENTITY, ts3: INTEGER, nonce_c: OF_32, share_c: { is: 'share' } }],
    4: [{ x509_s: CERTIFICATE, ts4: INTEGER, nonce_s: OF_32, proof: { is: 'bytes' } }],
    5: [{ k_tmp2: OF_32, id_c: IDENTITY, ip_c: TEXT, port_c: INTEGER, ts5: INTEGER }],
    6: [{ k_sess: OF_32, lifetime_sess: INTEGER, id_c: IDENTITY, ts6: INTEGER }],
    7: [{ req: TEXT, ts7: INTEGER }],
    8: [{ data: TEXT, ts8: INTEGER }],
  },
}

/** A message's members, each of its type; those that its step has are there. */
export interface Values {
  readonly k_tmp1: Bytes
  readonly k_tmp2: Bytes
  readonly k_sess: Bytes
  readonly id_s: string
  readonly id_c: string
  readonly pk_s: string
  readonly sk_s: string
  readonly cert_s: Bytes
  readonly x509_s: string
  readonly csr_s: string
  readonly nonce_s: Bytes
  readonly nonce_c: Bytes
  readonly share_c: Bytes
  readonly proof: Bytes
  readonly ip_c: string
  readonly port_c: number
  readonly lifetime_sess: number
  readonly req: string
  readonly data: string
  readonly [timestamp: `ts${number}`]: number
}

/**
 * The 4 weak and 12 semi-weak keys of DES (FIPS 74 section 3.6): two bytes in turn, in the second half what the halves of the
 * key schedule make of them.
 */
const HALVES = [
  [0x01, 0x01],
  [0xfe, 0xfe],
  [0x1f, 0x0e],
  [0xe0, 0xf1],
] as const
export const WEAK_DES_KEYS: readonly Bytes[] = HALVES.flatMap(([a, c]) =>
  HALVES.map(([b, d]) => new Uint8Array([a, b, a, b, c, d, c, d])),
)
const WITHOUT_PARITY = new Set(WEAK_DES_KEYS.map(withoutParity))

/** DES ignores the lowest bit of each byte. */
function withoutParity(key: Uint8Array): string {
  return Buffer.from(key.map((byte) => byte & 0xfe)).toString('hex')
}

/** Takes a message's members out of its JSON objects; undefined where one is missing or of the wrong type (`malformed`). */
export function readMembers(types: readonly Members[], objects: readonly object[]): Values | undefined {
  const values: Record<string, string | number | Bytes> = {}
  for (const [index, members] of types.entries()) {
    for (const [name, type] of Object.entries(members)) {
      const found = Object.getOwnPropertyDescriptor(objects[index], name)?.value as unknown
      const value = readValue(type, found)
      if (value === undefined) return undefined
      values[name] = value
    }
  }
  return values as unknown as Values
}

/** One value of a type, undefined where it is not of it (section 2). */
function readValue(type: Type, value: unknown): string | number | Bytes | undefined {
  // A whole number, however it is written, up to 2^53 - 1 either way (record 0019).
  if (type.is === 'integer')
    return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 53
      ? value
      : undefined
  if (typeof value !== 'string') return undefined
  if (type.is === 'text') return value
  if (type.is === 'identity') return /^[A-Za-z0-9._-]{1,48}$/.test(value) ? value : undefined
  if (type.is === 'pem') return isPem(value, type.label) ? value : undefined
  const bytes = new Uint8Array(Buffer.from(value, 'base64'))
  // Standard base64 with padding has one text for each byte string.
  if (Buffer.from(bytes).toString('base64') !== value) return undefined
  if (type.is === 'share') return isPoint(bytes) ? bytes : undefined
  if (type.is === 'des')
    return bytes.length === 8 && !WITHOUT_PARITY.has(withoutParity(bytes)) ? bytes : undefined
  const { length } = type as Extract<Type, { is: 'bytes' }>
  return length === undefined || bytes.length === length ? bytes : undefined
}

/** One block of the label, nothing around it, `\n` line ends, the last one optional (section 2, record 0019). */
function isPem(value: string, label: string): boolean {
  const lines = value.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const [first, ...rest] = lines
  const last = rest.pop()
  return (
    first === `-----BEGIN ${label}-----` &&
    last === `-----END ${label}-----` &&
    rest.length > 0 &&
    rest.every((line) => /^[A-Za-z0-9+/=]+$/.test(line))
  )
}

/** What is between the lines of a PEM text that {@link readValue} has taken. */
export const insideOfPem = (pem: string): string =>
  pem
    .split('\n')
    .slice(1)
    .join('')
    .replace(/-----END.*/s, '')
