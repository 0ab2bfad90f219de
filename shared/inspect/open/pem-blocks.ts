/** PEM blocks (RFC 7468) in a text of any kind: several of them, text around them, the headers of RFC 1421. */
import { fromBinaryString, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { characterText } from './characters'

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

/** The blocks, what begins or ends as one and is none, and how many lines outside them have something else. */
export interface PemText {
  readonly blocks: readonly PemBlock[]
  /** In the order of the text, each naming its line. */
  readonly faults: readonly LabError[]
  readonly otherLines: number
  /** The line from which on nothing was read, as there are too many blocks; undefined where all were. */
  readonly unreadFrom: number | undefined
}

export const MAX_BLOCKS = 1_000

/** A label has single hyphens at most (RFC 7468 section 3). */
const MARK = /-----(BEGIN|END) ((?:[^\r\n-]|-(?!-)){1,80})-----/g
const HEADER = /^([A-Za-z][A-Za-z0-9-]{0,40}): ?(.*)$/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Dashes of other kinds, or not five of them, around the words of a mark. */
const ALMOST =
  /(?:^|[\r\n])[ >]*([-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]{2,12} ?BEGIN [A-Z0-9 ]{3,60}[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]{2,12})/

/**
 * For a text without PEM: the error that says why a line that was meant to begin some doesn't; undefined without one.
 */
export function almostPem(text: string): LabError | undefined {
  const [, mark] = ALMOST.exec(text) ?? []
  if (mark === undefined) return undefined
  const [dash] = /[^-A-Z0-9 ]/u.exec(mark) ?? []
  const what = dash === undefined ? 'not five hyphens on both sides' : `other dashes (${characterText(dash)})`
  return new LabError(
    'bad_pem',
    `The line “${mark}” begins no PEM block: it has ${what}. Write five hyphens, U+002D, before and after, also in the line with END, or copy the block anew.`,
  )
}

/** True when the text has the beginning of a block. */
export function hasPem(text: string): boolean {
  return text.includes('-----BEGIN ')
}

/** Finds the first {@link MAX_BLOCKS} blocks. One that doesn't end, or ends under another label, takes no other along. */
export function findBlocks(text: string): PemText {
  const blocks: PemBlock[] = []
  const faults: LabError[] = []
  const lines = new LineCounter(text)
  let open: { readonly label: string; readonly start: number; readonly bodyStart: number } | undefined
  let outside = ''
  let end = 0
  for (const match of text.matchAll(MARK)) {
    const [mark, kind, label = ''] = match
    const line = lines.at(match.index)
    if (kind === 'BEGIN') {
      if (open)
        faults.push(notEnded(open.label, lines.at(open.start), `the block ${label} in line ${line} begins`))
      outside += open ? '' : text.slice(end, match.index)
      if (blocks.length + faults.length >= MAX_BLOCKS) {
        return { blocks, faults, otherLines: linesIn(outside), unreadFrom: line }
      }
      open = { label, start: match.index, bodyStart: match.index + mark.length }
      continue
    }
    if (!open) {
      faults.push(
        new LabError('bad_pem', `The line ${line} says END ${label}, and no such block has begun before it.`),
      )
      outside += text.slice(end, match.index)
    } else if (open.label === label) {
      const block = {
        ...open,
        line: lines.at(open.start),
        bodyEnd: match.index,
        end: match.index + mark.length,
      }
      blocks.push(readBlock(text, block))
    } else {
      faults.push(notEnded(open.label, lines.at(open.start), `line ${line} says END ${label}`))
    }
    end = match.index + mark.length
    open = undefined
  }
  if (open) faults.push(notEnded(open.label, lines.at(open.start), 'the text ends'))
  else outside += text.slice(end)
  return { blocks, faults, otherLines: linesIn(outside), unreadFrom: undefined }
}

/** Lines that have something in them. */
function linesIn(text: string): number {
  return text.split(/[\r\n]+/).filter((line) => line.trim() !== '').length
}

/**
 * The bytes of a block's body.
 * @throws LabError `bad_pem` when it isn't base64
 */
export function decodeBody({ label, line, body }: PemBlock): Bytes {
  // Line feeds may have become `\n`, as in JSON.
  const text = body.replace(/\\[nr]|\s/g, '')
  if (!BASE64.test(text) || text.replace(/=+$/, '').length % 4 === 1) {
    throw new LabError(
      'bad_pem',
      `The PEM block ${label} in line ${line} is not base64: ${faultOf(text, body)}.`,
    )
  }
  return fromBinaryString(atob(text.replace(/=+$/, '')))
}

/** What is wrong with base64, and what to do. */
function faultOf(text: string, body: string): string {
  if (/^ *>/m.test(body)) return 'its lines begin with “>”, as in quoted mail. Take that off every line'
  if (/=3D|=\r?\n(?!\s*$)/.test(body))
    return 'it is in quoted-printable, as in mail. Save the attachment from the mail program'
  const [found] = /[^A-Za-z0-9+/=]/u.exec(text) ?? []
  if (found !== undefined) return `it has ${characterText(found)}. Copy it anew, whole`
  return 'the number of characters is not one that it has. Copy it anew, whole'
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
