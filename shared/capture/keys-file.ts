/**
 * Keys files: the keys of connections in lines of text, so that Wireshark opens a capture of them with the dissector. The form is
 * described in docs/captures.md. A key belongs to the connection whose first frame has its hash, and what an RSA block holds to
 * the part of a body that it is: so nothing of addresses or times is needed to find what fits.
 */
import { fromHex, toHex, type Bytes } from '../bytes'
import { sha256 } from '../crypto/primitives/hash'
import { LabError } from '../errors'
import { isKeySymbol, KEYS, type KeySymbol } from '../hl1/keys'

/** A symmetric key by its symbol, or the shared secret of both shares. */
export type CaptureSecret = KeySymbol | 'Z'

/** A key that a file has. */
export interface FileKey {
  readonly symbol: CaptureSecret
  /** Of which connection, by {@link connectionId}; undefined for one of all. */
  readonly connection: string | undefined
  readonly key: Bytes
}

/** What a protected part of a body holds that no symmetric key opens: an RSA block, or a sealed one. */
export interface OpenedPart {
  /** By {@link partId}. */
  readonly part: string
  readonly plaintext: Bytes
}

export interface KeysFile {
  readonly keys: readonly FileKey[]
  readonly opened: readonly OpenedPart[]
}

/** What is read of a keys file at most. */
export const KEYS_FILE_BOUNDS = {
  /** Characters of the file, lines, and characters of a line. */
  length: 16 * 1024 * 1024,
  lines: 100_000,
  lineLength: 4_096,
} as const

const FIRST_LINE = 'handshake-lab-keys 1'
const ALL = '*'
const ID = /^[0-9a-f]{64}$/
/** Bytes of a key: one of DES, or any other. */
const KEY_BYTES: readonly number[] = [8, 32]

/** Names a connection by its first frame, whole: SHA-256 in lower-case hex. */
export function connectionId(firstFrame: Bytes): string {
  return toHex(sha256(firstFrame))
}

/** Names a protected part of a body by its bytes, those of its outermost layer: SHA-256 in lower-case hex. */
export function partId(bytes: Bytes): string {
  return toHex(sha256(bytes))
}

/** Whether a file of keys may hold this: no private key, and nothing that is public. */
export function isCaptureSecret(symbol: string): symbol is CaptureSecret {
  return symbol === 'Z' || (isKeySymbol(symbol) && KEYS[symbol].kind === 'symmetric key')
}

/** Writes a keys file; `application` is the app with its version. */
export function writeKeysFile({ keys, opened }: KeysFile, application: string): string {
  const lines = [
    FIRST_LINE,
    `# Written by ${application.replace(/[\r\n]/g, ' ')}. Whoever has this file can read what the connections in it have carried.`,
    ...keys.map(({ symbol, connection, key }) => `key ${symbol} ${connection ?? ALL} ${toHex(key)}`),
    ...opened.map(({ part, plaintext }) => `opened ${part} ${toHex(plaintext)}`),
  ]
  return `${[...new Set(lines)].join('\n')}\n`
}

/**
 * Reads a keys file, strictly.
 * @throws LabError `bad_keys_file`, with the number of the line
 */
export function readKeysFile(text: string): KeysFile {
  if (text.length > KEYS_FILE_BOUNDS.length)
    throw badLine(1, `The file is longer than ${KEYS_FILE_BOUNDS.length} characters.`)
  const lines = text.split('\n', KEYS_FILE_BOUNDS.lines + 1).map((line) => line.replace(/\r$/, ''))
  if (lines.length > KEYS_FILE_BOUNDS.lines)
    throw badLine(lines.length, `The file has more than ${KEYS_FILE_BOUNDS.lines} lines.`)
  if (lines[0] !== FIRST_LINE) throw badLine(1, `A keys file of this version begins with “${FIRST_LINE}”.`)
  const keys: FileKey[] = []
  const opened: OpenedPart[] = []
  for (const [index, line] of lines.entries()) {
    const number = index + 1
    if (line.length > KEYS_FILE_BOUNDS.lineLength)
      throw badLine(number, `It has more than ${KEYS_FILE_BOUNDS.lineLength} characters.`)
    if (index === 0 || line.trim() === '' || line.startsWith('#')) continue
    const words = line.trim().split(/ +/)
    if (words[0] === 'key') keys.push(readKey(words, number))
    else if (words[0] === 'opened') opened.push(readOpened(words, number))
    else throw badLine(number, 'It begins neither with “key” nor with “opened”.')
  }
  return { keys, opened }
}

/** What is in a keys file, for whoever opens connections with it. */
export interface KeyBook {
  /** The keys of a symbol for a connection, by {@link connectionId}: those of its own before those of all. */
  readonly keys: (connection: string, symbol: CaptureSecret) => readonly Bytes[]
  /** What a protected part of a body holds; undefined where the file does not say. */
  readonly plaintext: (part: Bytes) => Bytes | undefined
}

/** Makes a keys file ready to be asked. */
export function keyBook({ keys, opened }: KeysFile): KeyBook {
  const byName = new Map<string, Bytes[]>()
  const name = (connection: string | undefined, symbol: CaptureSecret): string =>
    `${connection ?? ALL} ${symbol}`
  for (const { symbol, connection, key } of keys) {
    const known = byName.get(name(connection, symbol))
    if (known) known.push(key)
    else byName.set(name(connection, symbol), [key])
  }
  const plaintexts = new Map(opened.map(({ part, plaintext }) => [part, plaintext]))
  return {
    keys: (connection, symbol) => [
      ...(byName.get(name(connection, symbol)) ?? []),
      ...(byName.get(name(undefined, symbol)) ?? []),
    ],
    plaintext: (part) => plaintexts.get(partId(part)),
  }
}

function readKey(
  [, symbol = '', connection = '', hex = '', ...more]: readonly string[],
  line: number,
): FileKey {
  if (!isCaptureSecret(symbol)) throw badLine(line, 'It names no symmetric key of the protocol.')
  if (connection !== ALL && !ID.test(connection))
    throw badLine(line, `The connection is neither “${ALL}” nor a SHA-256 in hex.`)
  const key = fromHex(hex)
  if (!key || !KEY_BYTES.includes(key.length) || more.length > 0)
    throw badLine(line, `The key is not ${KEY_BYTES.join(' or ')} bytes in hex, at the end of the line.`)
  return { symbol, connection: connection === ALL ? undefined : connection, key }
}

function readOpened([, part = '', hex, ...more]: readonly string[], line: number): OpenedPart {
  if (!ID.test(part)) throw badLine(line, 'The part is no SHA-256 in hex.')
  const plaintext = fromHex(hex ?? '')
  if (!plaintext || more.length > 0)
    throw badLine(line, 'The plaintext is not bytes in hex, at the end of the line.')
  return { part, plaintext }
}

function badLine(line: number, what: string): LabError {
  const message = `This is no keys file that can be read: line ${line}. ${what} Save it again in the app.`
  return new LabError('bad_keys_file', message, { line })
}
