/** Files of every format with a mutation or two inside: of the ASN.1 in them, of the text around it, or of plain bytes. */
import { fromBase64, toBase64, type Bytes } from '#shared/bytes'
import { readChildren, readElement, writeElement } from '#shared/crypto/encodings/der'
import { seededNumbers } from './mutations'

/** A good file, and what opens it. */
export interface SeedFile {
  readonly name: string
  readonly bytes: Bytes
  readonly passphrase: string | undefined
}

export interface MutatedFile extends SeedFile {
  /** What was done to it, for whoever looks for a fault. */
  readonly how: string
}

type Below = (limit: number) => number
type Change = (content: Bytes, below: Below) => { readonly content: Bytes; readonly how: string }

const PEM = /(-----BEGIN [^\n]*-----\n)([^]*?)(-----END [^\n]*-----)/g

/** `count` files, always the same for the same seed; the files are taken in turn. */
export function mutatedFiles(
  seeds: readonly SeedFile[],
  count: number,
  seed: number,
): readonly MutatedFile[] {
  const below = seededNumbers(seed)
  return Array.from({ length: count }, (_, index) => {
    const file = seeds[index % seeds.length]
    if (!file) throw new Error('There is nothing to mutate.')
    let { bytes } = file
    const how: string[] = []
    for (let times = 1 + (below(3) === 0 ? 1 : 0); times > 0; times--) {
      const changed = mutateFile(bytes, below)
      bytes = changed.content
      how.push(changed.how)
    }
    return { ...file, bytes, how: how.join('; ') }
  })
}

/** `count` copies of one DER element, each with a mutation or two. */
export function mutatedTo(
  der: Bytes,
  count: number,
  seed: number,
): readonly { readonly bytes: Bytes; readonly how: string }[] {
  const below = seededNumbers(seed)
  return Array.from({ length: count }, () => {
    const first = mutateDer(der, below)
    if (below(4) > 0) return { bytes: first.content, how: first.how }
    const second = mutateDer(first.content, below)
    return { bytes: second.content, how: `${first.how}; ${second.how}` }
  })
}

function mutateFile(bytes: Bytes, below: Below): { readonly content: Bytes; readonly how: string } {
  const text = Buffer.from(bytes).toString('latin1')
  const blocks = [...text.matchAll(PEM)]
  if (blocks.length > 0) {
    const block = blocks[below(blocks.length)]
    const der = block && fromBase64((block[2] ?? '').replace(/\s/g, ''))
    if (block && der && below(5) > 0) {
      const { content, how } = mutateDer(der, below)
      const lines = toBase64(content)
        .replace(/.{64}/g, '$&\n')
        .replace(/([^\n])$/, '$1\n')
      const changed = `${text.slice(0, block.index)}${block[1]}${lines}${block[3]}${text.slice(block.index + block[0].length)}`
      return { content: latin1(changed), how: `block ${blocks.indexOf(block)}: ${how}` }
    }
    return mutateText(text, below)
  }
  if (bytes[0] === 0x30 && below(8) > 0) return mutateDer(bytes, below)
  return /^[\t\n\r -~]*$/.test(text.slice(0, 200)) ? mutateText(text, below) : mutateBytes(bytes, below)
}

/** Changes one element somewhere in the tree; lengths around it are made to fit again. */
function mutateDer(der: Bytes, below: Below): { readonly content: Bytes; readonly how: string } {
  const paths = pathsOf(der)
  const path = paths[below(paths.length)] ?? []
  const change = CHANGES[below(CHANGES.length)] ?? drop
  let how = ''
  const content = replaceAt(der, path, (element) => {
    const changed = change(element, below)
    how = changed.how
    return changed.content
  })
  return { content, how: `${how} at ${path.join('.') || 'the root'}` }
}

const drop: Change = () => ({ content: new Uint8Array(), how: 'left out' })

const CHANGES: readonly Change[] = [
  drop,
  (element) => ({ content: Uint8Array.of(...element, ...element), how: 'doubled' }),
  (element, below) => {
    const tag =
      [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0xa0, 0xa3][
        below(16)
      ] ?? 0
    return { content: Uint8Array.of(tag, ...element.subarray(1)), how: `tag ${tag.toString(16)}` }
  },
  (element, below) => withContent(element, 'content of zeros', ({ length }) => new Uint8Array(length), below),
  (element, below) =>
    withContent(element, 'content of ones', ({ length }) => new Uint8Array(length).fill(0xff), below),
  (element, below) => withContent(element, 'no content', () => new Uint8Array(), below),
  (element, below) =>
    withContent(element, 'cut content', (content) => content.slice(0, below(content.length + 1)), below),
  (element, below) => withContent(element, 'a zero before', (content) => Uint8Array.of(0, ...content), below),
  (element, below) =>
    withContent(element, 'a byte behind', (content) => Uint8Array.of(...content, below(256)), below),
  (element, below) => withContent(element, 'a bit', (content) => flipped(content, below), below),
  (element, below) => withContent(element, 'a bit', (content) => flipped(content, below), below),
  (element) => ({
    content: Uint8Array.of(element[0] ?? 0, 0x80, ...contentOf(element), 0, 0),
    how: 'open length',
  }),
  (element) => {
    const content = contentOf(element)
    return {
      content: Uint8Array.of(
        element[0] ?? 0,
        0x83,
        content.length >> 16,
        content.length >> 8,
        content.length,
        ...content,
      ),
      how: 'long length',
    }
  },
  (element) => {
    const wrong = element.slice()
    wrong[1] = 0x84
    return { content: wrong, how: 'a length that is not there' }
  },
  (element) => ({ content: wrap(element, 200), how: 'two hundred deep' }),
]

function withContent(
  element: Bytes,
  how: string,
  change: (content: Bytes) => Bytes,
  _below: Below,
): { readonly content: Bytes; readonly how: string } {
  return { content: writeElement(element[0] ?? 0x30, change(contentOf(element))), how }
}

function wrap(element: Bytes, times: number): Bytes {
  let content = element
  for (let depth = 0; depth < times; depth++) content = writeElement(0x30, content)
  return content
}

function flipped(content: Bytes, below: Below): Bytes {
  const wrong = content.slice()
  const at = below(Math.max(1, content.length))
  wrong[at] = (wrong[at] ?? 0) ^ (1 << below(8))
  return wrong
}

function contentOf(element: Bytes): Bytes {
  try {
    const { contentStart, end } = readElement(element)
    return element.slice(contentStart, end)
  } catch {
    return element.slice(2)
  }
}

/** Where there are elements: paths of indices, to some depth and number. */
function pathsOf(der: Bytes): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [[]]
  const visit = (element: Bytes, path: readonly number[]): void => {
    if (path.length > 12 || found.length > 400 || ((element[0] ?? 0) & 0x20) === 0) return
    partsOf(element).forEach((part, index) => {
      found.push([...path, index])
      visit(part, [...path, index])
    })
  }
  visit(der, [])
  return found
}

function partsOf(element: Bytes): readonly Bytes[] {
  try {
    return readChildren(element, readElement(element)).map(({ start, end }) => element.slice(start, end))
  } catch {
    return []
  }
}

function replaceAt(
  element: Bytes,
  [index, ...rest]: readonly number[],
  change: (element: Bytes) => Bytes,
): Bytes {
  if (index === undefined) return change(element)
  const parts = partsOf(element).map((part, at) => (at === index ? replaceAt(part, rest, change) : part))
  return writeElement(element[0] ?? 0x30, ...parts)
}

function mutateText(text: string, below: Below): { readonly content: Bytes; readonly how: string } {
  const lines = text.split('\n')
  const at = below(lines.length)
  const line = lines[at] ?? ''
  const [changed, how] = (
    [
      [lines.filter((_, index) => index !== at), 'a line left out'],
      [[...lines.slice(0, at), line, ...lines.slice(at)], 'a line doubled'],
      [lines.slice(0, at + 1), 'cut behind a line'],
      [
        lines.map((each, index) => (index === at ? each.slice(0, below(each.length + 1)) : each)),
        'a line cut',
      ],
      [lines.map((each, index) => (index === at ? `${each}\u001b[31m\u0000` : each)), 'control characters'],
      [lines.map((each, index) => (index === at ? each.replace(/[A-Za-z0-9]/, '"') : each)), 'a sign'],
      [lines.map((each, index) => (index === at ? each.replaceAll('-', '\u2014') : each)), 'other dashes'],
      [[...lines, ...lines], 'all of it twice'],
      [lines.map((each) => `> ${each}`), 'quoted'],
      [[text.replaceAll('\n', '\r\n')], 'other line ends'],
      [[`\ufeff${text}`], 'a mark of the order of bytes'],
      [
        lines.map((each, index) => (index === at ? each.replace(/\d+/, '99999999999999999999') : each)),
        'a huge number',
      ],
    ] as const
  )[below(12)] ?? [lines, 'nothing']
  return { content: new Uint8Array(Buffer.from(changed.join('\n'), 'utf8')), how: `${how} (${at + 1})` }
}

function mutateBytes(bytes: Bytes, below: Below): { readonly content: Bytes; readonly how: string } {
  const at = below(bytes.length + 1)
  switch (below(4)) {
    case 0:
      return { content: bytes.slice(0, at), how: `cut at ${at}` }
    case 1:
      return { content: Uint8Array.of(...bytes, ...bytes.subarray(at)), how: `from ${at} once more` }
    case 2:
      return { content: bytes.slice().fill(0xff, at, at + 4), how: `four bytes at ${at}` }
    default:
      return { content: flipped(bytes, below), how: 'a bit' }
  }
}

function latin1(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}
