/** General names as lines of text, as a person types them: `DNS:my.test`, `IP:10.0.0.0/255.0.0.0`, `directory:commonName=…`. */
import { addressBytes } from '../crypto/pki/host-name'
import type { AlternativeName, NamePart } from './chain'

const PARTS = ['commonName', 'organizationName', 'countryName', 'emailAddress'] as const
const KINDS = { dns: 'DNS', ip: 'IP', uri: 'URI', email: 'email', directory: 'directory' } as const

/** A line for each name. */
export function namesText(names: readonly AlternativeName[]): string {
  return names.map(nameText).join('\n')
}

function nameText(name: AlternativeName): string {
  if (name.kind === 'directory')
    return `directory:${name.value.map(({ type, text }) => `${type}=${text}`).join(', ')}`
  const mask = name.kind === 'IP' && name.mask !== undefined ? `/${name.mask}` : ''
  return `${name.kind}:${name.value}${mask}`
}

/** What lines say, or what is wrong with the first of them that says nothing. */
export type NamesRead = { readonly names: readonly AlternativeName[] } | { readonly problem: string }

/**
 * Reads a name of each line that is not empty. A name without its kind is an address, a mail address, a URI or a DNS name, by its
 * looks. Names of the last three kinds may be wrong: that is what the workshop is for.
 */
export function readNames(text: string): NamesRead {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const names: AlternativeName[] = []
  for (const line of lines) {
    const name = readName(line)
    if (typeof name === 'string') return { problem: name }
    names.push(name)
  }
  return { names }
}

function readName(line: string): AlternativeName | string {
  const [, prefix = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(line) ?? []
  const kind = KINDS[prefix.toLowerCase() as keyof typeof KINDS]
  const value = kind === undefined ? line : rest.trim()
  switch (kind ?? guessed(line)) {
    case 'IP':
      return readAddress(value)
    case 'directory':
      return readDirectory(value)
    case 'email':
      return { kind: 'email', value }
    case 'URI':
      return { kind: 'URI', value }
    case 'DNS':
      return { kind: 'DNS', value }
  }
}

function guessed(line: string): AlternativeName['kind'] {
  if (addressBytes(line.split('/')[0] ?? '') !== undefined) return 'IP'
  if (line.includes('://')) return 'URI'
  return line.includes('@') ? 'email' : 'DNS'
}

function readAddress(text: string): AlternativeName | string {
  const [value = '', mask, ...more] = text.split('/')
  const length = addressBytes(value)?.length
  const isMask = mask === undefined || addressBytes(mask)?.length === length
  if (length === undefined || !isMask || more.length > 0)
    return `“${text}” is no IP address, nor one with a mask, as in 10.0.0.0/255.0.0.0.`
  return { kind: 'IP', value, ...(mask === undefined ? {} : { mask }) }
}

/** Attributes by the names of their types, with commas between. */
function readDirectory(text: string): AlternativeName | string {
  const value: NamePart[] = []
  for (const piece of text.split(new RegExp(`,\\s*(?=(?:${PARTS.join('|')})=)`))) {
    const [, type, rest = ''] = /^(\w+)=(.*)$/s.exec(piece) ?? []
    const known = PARTS.find((part) => part === type)
    if (known === undefined) return `“${piece}” is no attribute: ${PARTS.join(', ')} with = and a text.`
    value.push({ type: known, text: rest })
  }
  return { kind: 'directory', value }
}
