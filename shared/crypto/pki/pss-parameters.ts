/** Parameters of RSASSA-PSS (RFC 4055 section 3.1): of a signature what it was made with, of a key what alone it is for. */
import type { Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { readChildren, readElement, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidNamed } from '../encodings/oids'
import { numberFrom } from '../encodings/rsa-numbers'
import { hashOfOid } from '../primitives/hashes'

/** The salt's length is in bytes. */
export interface PssParameters {
  readonly hash: string
  readonly maskHash: string
  readonly saltLength: number
  readonly trailer: number
}

const MGF1 = oidNamed('id-mgf1')
const DEFAULTS: PssParameters = { hash: 'SHA-1', maskHash: 'SHA-1', saltLength: 20, trailer: 1 }

/** Reads the parameters; absent members have the defaults of RFC 4055. Undefined when they can't be read. */
export function readPssParameters(parameters: Bytes | undefined): PssParameters | undefined {
  if (!parameters) return DEFAULTS
  return orUndefined(() => {
    const members = new Map(
      readChildren(parameters, readElement(parameters)).map((member) => [member.tag, member]),
    )
    const inner = (tag: number): DerElement | undefined => {
      const member = members.get(tag)
      return member && readChildren(parameters, member)[0]
    }
    const oidOf = (element: DerElement | undefined): string | undefined => {
      const oid = element && readChildren(parameters, element)[0]
      return oid && decodeOid(parameters.subarray(oid.contentStart, oid.end))
    }
    const numberOf = (element: DerElement | undefined, otherwise: number): number => {
      if (!element) return otherwise
      const content = parameters.subarray(element.contentStart, element.end)
      return Number(BigInt.asIntN(content.length * 8, numberFrom(content)))
    }
    const mask = inner(0xa1)
    const hash = members.has(0xa0) ? hashOfOid(oidOf(inner(0xa0))) : DEFAULTS.hash
    const isMgf1 = !members.has(0xa1) || oidOf(mask) === MGF1
    const maskHash = mask ? hashOfOid(oidOf(readChildren(parameters, mask)[1])) : DEFAULTS.maskHash
    const saltLength = numberOf(inner(0xa2), DEFAULTS.saltLength)
    if (hash === undefined || maskHash === undefined || !isMgf1 || saltLength < 0) return undefined
    return { hash, maskHash, saltLength, trailer: numberOf(inner(0xa3), DEFAULTS.trailer) }
  })
}
