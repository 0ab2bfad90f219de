/** PEM blocks (RFC 7468) in a text of any kind: several of them, text around them, the headers of RFC 1421. */
import { fromBinaryString, type Bytes } from '../../bytes'
import { LabError } from '../../errors'

/** A block whose armour is whole; its body may not be. */
export interface PemBlock {
  /** For instance `CERTIFICATE`. */
  readonly label: string
  /** Line of the text in which it begins, from 1. */
  readonly line: number
  /** Upper-case names, for instance `DEK-INFO`. */
  readonly headers: ReadonlyMap<string, string>
  /** All of it, from the first dash to the last. */
  readonly text: string
  readonly body: string
}

/** The blocks, and how many lines outside them have something else. */
export interface PemText {
  readonly blocks: readonly PemBlock[]
  readonly otherLines: number
}

export const MAX_BLOCKS = 1_000

const MARK = /-----(BEGIN|END) ([^\r\n-]{1,60}?)-----/g
const HEADER = /^([A-Za-z][A-Za-z0-9-]{0,40}): ?(.*)$/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** True when the text has the beginning of a block. */
export function hasPem(text: string): boolean {
  return text.includes('-----BEGIN ')
}

/**
 * Finds the blocks.
 * @throws LabError `bad_pem` when one doesn't end or ends under another label, `too_many_blocks`
 */
export function findBlocks(text: string): PemText {
  const blocks: PemBlock[] = []
  const lines = new LineCounter(text)
  let open: { readonly label: string; readonly start: number; readonly bodyStart: number } | undefined
  let outside = ''
  let end = 0
  for (const match of text.matchAll(MARK)) {
    const [mark, kind, label = ''] = match
    const line = lines.at(match.index)
    if (kind === 'BEGIN') {
      if (open) throw notEnded(open.label, lines.at(open.start), `the block ${label} in line ${line} begins`)
      if (blocks.length === MAX_BLOCKS) {
        const message = `The file has more than ${MAX_BLOCKS.toLocaleString('en')} PEM blocks: split it.`
        throw new LabError('too_many_blocks', message)
      }
      outside += text.slice(end, match.index)
      open = { label, start: match.index, bodyStart: match.index + mark.length }
    } else if (open) {
      if (open.label !== label) {
        const found = `line ${line} says END ${label}`
        throw notEnded(open.label, lines.at(open.start), found)
      }
      end = match.index + mark.length
      blocks.push(readBlock(text, { ...open, line: lines.at(open.start), bodyEnd: match.index, end }))
      open = undefined
    }
  }
  if (open) throw notEnded(open.label, lines.at(open.start), 'the text ends')
  outside += text.slice(end)
  const otherLines = outside.split(/[\r\n]+/).filter((line) => line.trim() !== '').length
  return { blocks, otherLines }
}

/**
 * The bytes of a block's body.
 * @throws LabError `bad_pem` when it isn't base64
 */
export function decodeBody({ label, line, body }: PemBlock): Bytes {
  // Line feeds may have become `\n`, as in JSON.
  const text = body.replace(/\\[nr]|\s/g, '')
  if (!BASE64.test(text) || text.replace(/=+$/, '').length % 4 === 1) {
    const found = /[^A-Za-z0-9+/=]/u.exec(text)?.[0]
    const what = found === undefined ? 'the number of characters is not one that it has' : `it has “${found}”`
    const message = `The PEM block ${label} in line ${line} is not base64: ${what}. Copy it anew, whole.`
    throw new LabError('bad_pem', message)
  }
  return fromBinaryString(atob(text.replace(/=+$/, '')))
}

function readBlock(
  text: string,
  block: { label: string; start: number; line: number; bodyStart: number; bodyEnd: number; end: number },
): PemBlock {
  const { headers, body } = splitHeaders(text.slice(block.bodyStart, block.bodyEnd))
  return { label: block.label, line: block.line, headers, body, text: text.slice(block.start, block.end) }
}

/** Headers stand before an empty line; a value may go on in lines that begin with a space. */
function splitHeaders(inside: string): { headers: ReadonlyMap<string, string>; body: string } {
  const headers = new Map<string, string>()
  const lines = inside.replace(/^[ \t]*\r?\n/, '').split(/\r\n|\r|\n/)
  let last: string | undefined
  let at = 0
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const [, name, value = ''] = HEADER.exec(line) ?? []
    if (name !== undefined) {
      last = name.toUpperCase()
      headers.set(last, value.trim())
    } else if (last !== undefined && /^[ \t]/.test(line)) {
      headers.set(last, `${headers.get(last) ?? ''}${line.trim()}`)
    } else break
  }
  return { headers, body: lines.slice(at).join('\n') }
}

function notEnded(label: string, line: number, instead: string): LabError {
  return new LabError(
    'bad_pem',
    `The PEM block ${label} that begins in line ${line} has no END ${label} before ${instead}: it is cut short.`,
  )
}

/** Counts lines up to places that come in rising order. */
class LineCounter {
  #place = 0
  #line = 1
  readonly #known = new Map<number, number>()

  constructor(private readonly text: string) {}

  at(place: number): number {
    const known = this.#known.get(place)
    if (known !== undefined) return known
    for (; this.#place < place; this.#place++) if (this.text[this.#place] === '\n') this.#line++
    this.#known.set(place, this.#line)
    return this.#line
  }
}
