/** What `openssl asn1parse` says of some bytes, and the same of a tree read here, in one form. */
import { spawn } from 'node:child_process'
import { UNIVERSAL_TAGS } from '#shared/crypto/asn1/notation'
import type { Asn1Node } from '#shared/crypto/asn1/node'

/** `offset depth header length form tag`, an element each; undefined when the bytes are refused. */
export type ParsedElements = readonly string[] | undefined

const LINE = /^ *(\d+):d=(\d+) +hl=(\d+) l= *(\d+|inf) +(prim|cons): (.{18}|.*)/

/** OpenSSL's own words for universal types. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  'OBJECT IDENTIFIER': 'OBJECT',
  ObjectDescriptor: 'OBJECT DESCRIPTOR',
  UTF8String: 'UTF8STRING',
  TeletexString: 'T61STRING',
}
/** Tags that OpenSSL has no name for. */
const NAMELESS = new Set(['EMBEDDED PDV', 'RELATIVE-OID', 'CHARACTER STRING'])

const NAMES = new Map([
  [0, 'EOC'],
  ...Object.entries(UNIVERSAL_TAGS)
    .filter(([name]) => !NAMELESS.has(name))
    .map(([name, tag]) => [tag, OPENSSL_NAMES[name] ?? name.toUpperCase()] as const),
])

/** Runs `openssl asn1parse` on bytes, DER or the first block of a PEM text. */
export function asn1parse(bytes: Uint8Array, form: 'DER' | 'PEM'): Promise<ParsedElements> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', ['asn1parse', '-inform', form], { stdio: ['pipe', 'pipe', 'ignore'] })
    const output: Buffer[] = []
    child.on('error', reject)
    child.stdout.on('data', (data: Buffer) => output.push(data))
    child.on('close', (code) => resolve(code === 0 ? readOutput(Buffer.concat(output)) : undefined))
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined)
    child.stdin.end(bytes)
  })
}

/** The same of a tree. */
export function asElements(nodes: readonly Asn1Node[]): readonly string[] {
  return nodes.map((node) => {
    const { offset, depth, headerLength, contentLength, constructed, indefinite } = node
    const length = indefinite ? 'inf' : contentLength
    return `${offset} ${depth} ${headerLength} ${length} ${constructed ? 'cons' : 'prim'} ${tagName(node)}`
  })
}

/** Values may have line ends in them: what isn't the start of an element is passed over. */
function readOutput(output: Buffer): readonly string[] {
  return output
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const [, offset, depth, header, length, form, tag = ''] = LINE.exec(line) ?? []
      return offset === undefined ? [] : [`${offset} ${depth} ${header} ${length} ${form} ${tag.trim()}`]
    })
}

function tagName({ tagClass, tagNumber }: Asn1Node): string {
  switch (tagClass) {
    case 'universal':
      return NAMES.get(tagNumber) ?? `<ASN1 ${tagNumber}>`
    case 'application':
      return `appl [ ${tagNumber} ]`
    case 'context':
      return `cont [ ${tagNumber} ]`
    case 'private':
      return `priv [ ${tagNumber} ]`
  }
}
