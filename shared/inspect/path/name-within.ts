/** Whether a name is within a base, for each kind of name that constraints are judged for (RFC 5280 section 4.2.1.10). */
import { toBinaryString, toUtf8, type Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { decodeString } from '../../crypto/asn1/strings'
import { contentBytes, readChildren, readElement, writeElement } from '../../crypto/encodings/der'
import { decodeOid } from '../../crypto/encodings/oid-text'
import { oidNamed } from '../../crypto/encodings/oids'
import { addressBytes, lowerAscii } from '../../crypto/pki/host-name'
import { readNameDer, sameName } from '../x509/names'
import type { GeneralNameView } from '../x509/types'

const [SEQUENCE, UTF8_STRING] = [0x30, 0x0c] as const
const SMTP_UTF8_MAILBOX = oidNamed('smtpUTF8Mailbox')
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** A name of a kind that {@link isComparable} has something to say of, and a base of the same kind. */
export function isWithin(name: GeneralNameView, base: GeneralNameView): boolean {
  switch (name.kind) {
    case 'DNS':
      return isDnsWithin(textOf(name), textOf(base))
    case 'email':
      return isEmailWithin(toBinaryString(name.content), toBinaryString(base.content))
    case 'URI':
      return isUriWithin(textOf(name), textOf(base))
    case 'IP':
      return isAddressWithin(name.content, base.content)
    default:
      return isNameWithin(name.content, base.content)
  }
}

/** What has no host or address in it is neither within nor outside of a base. */
export function isComparable(name: GeneralNameView): boolean {
  switch (name.kind) {
    case 'DNS':
      return !name.content.includes(0)
    case 'email':
      return textOf(name).includes('@') && !name.content.includes(0)
    case 'URI':
      return hostOf(textOf(name)) !== undefined
    case 'IP':
      return name.content.length === 4 || name.content.length === 16
    default:
      return true
  }
}

export function isComparableBase({ kind, content }: GeneralNameView): boolean {
  return kind !== 'IP' || content.length === 8 || content.length === 32
}

/** The dotted OID that says which kind of otherName it is; undefined for names of other kinds. */
export function otherNameType({ kind, content }: GeneralNameView): string | undefined {
  if (kind !== 'otherName') return undefined
  return orUndefined(() => decodeOid(contentBytes(content, readElement(content)))) ?? ''
}

/**
 * A mailbox of any characters (RFC 9598) as a mail address, which the same constraints apply to (section 6): its domain in
 * ASCII. Undefined for names of other kinds.
 */
export function mailboxOf(name: GeneralNameView): GeneralNameView | undefined {
  if (otherNameType(name) !== SMTP_UTF8_MAILBOX) return undefined
  const { content, value } = name
  const text = orUndefined(() => {
    const wrapper = readElement(content, readElement(content).end)
    const held = readElement(content, wrapper.contentStart, wrapper.end)
    const decoded =
      held.tag === UTF8_STRING ? decodeString(UTF8_STRING, contentBytes(content, held)) : undefined
    return decoded?.problem === undefined ? decoded?.text : undefined
  })
  const at = text?.lastIndexOf('@') ?? -1
  const host = text === undefined || at === -1 ? undefined : asciiHost(text.slice(at + 1))
  return { kind: 'email', value, content: toUtf8(host === undefined ? '' : `${text?.slice(0, at)}@${host}`) }
}

/**
 * A common name that may be taken for a host's, as OpenSSL has it; and one with a wildcard for a label or a part of one, which is taken
 * for hosts too.
 */
export function commonNameAsHost(value: string): string | undefined {
  const plain = value.replace(/^([^.*]*)\*(?=[^.*]*\.)/, '$1a')
  const isNamed = /^[a-z0-9_.-]+$/i.test(plain) && !/^[.-]|[.-]$|\.[.-]|-\./.test(plain)
  return isNamed && value.includes('.') ? value : undefined
}

/** A domain with its labels in ASCII (RFC 5890); undefined for what is none. */
function asciiHost(domain: string): string | undefined {
  const ascii = /^[\x21-\x7e]*$/.test(domain)
    ? lowerAscii(domain)
    : orUndefined(() => {
        const url = `http://${domain}/`
        return URL.canParse(url) ? new URL(url).hostname : undefined
      })
  return ascii !== undefined && LABELS.test(ascii) ? ascii : undefined
}

/** The base itself or anything to its left, by whole labels; an empty base is every name. */
function isDnsWithin(name: string, base: string): boolean {
  if (base === '' || name === base) return true
  return name.endsWith(base) && (base.startsWith('.') || name.at(-base.length - 1) === '.')
}

/** A whole mailbox, a host, or with a leading dot a domain. The part before the `@` is compared with its case. */
function isEmailWithin(name: string, base: string): boolean {
  const at = name.lastIndexOf('@')
  if (at === -1) return false
  const host = lowerAscii(name.slice(at + 1))
  const baseAt = base.lastIndexOf('@')
  const baseHost = lowerAscii(base.slice(baseAt + 1))
  if (baseAt === -1) return baseHost.startsWith('.') ? host.endsWith(baseHost) : host === baseHost
  const sameMailbox = baseAt === 0 || name.slice(0, at) === base.slice(0, baseAt)
  return sameMailbox && host === baseHost
}

function isUriWithin(name: string, base: string): boolean {
  const host = hostOf(name)
  if (host === undefined) return false
  return base.startsWith('.') ? host.endsWith(base) && host !== base : host === base
}

/** The name begins with all parts of the base. */
function isNameWithin(name: Bytes, base: Bytes): boolean {
  return (
    orUndefined(() => {
      const parts = readChildren(name, readElement(name))
      const { length } = readChildren(base, readElement(base))
      const first = parts.slice(0, length).map(({ start, end }) => name.subarray(start, end))
      return sameName(readNameDer(writeElement(SEQUENCE, ...first)), readNameDer(base))
    }) ?? false
  )
}

/**
 * The host of a URI (RFC 3986 section 3.2): between user and port, before path, query and fragment. Undefined for anything but
 * a name: constraints are for names alone.
 */
function hostOf(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1]
  const host = authority === undefined ? undefined : /^(?:[^@]*@)?([^@:]*)(?::\d*)?$/.exec(authority)?.[1]
  if (host === undefined || !LABELS.test(host)) return undefined
  return addressBytes(host) ? undefined : host
}

/** An address and a mask of the same length. */
function isAddressWithin(address: Bytes, base: Bytes): boolean {
  if (base.length !== address.length * 2) return false
  return address.every((byte, index) => {
    const mask = base[address.length + index] ?? 0
    return (byte & mask) === ((base[index] ?? 0) & mask)
  })
}

/** Characters of an IA5String, A to Z in lower case. */
function textOf({ content }: GeneralNameView): string {
  return lowerAscii(toBinaryString(content))
}
