/**
 * Reads a public key to the end: whether it is of the form that its algorithm asks for, and whether its numbers or its point
 * protect anything. How long it is, is another matter.
 */
import type { Bytes } from '../../bytes'
import { requireDer } from '../asn1/strict'
import { childAt, DerError, readChildren, readElement, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidName } from '../encodings/oids'
import { numberFrom, readRsaMagnitudes, weaknessOfRsa } from '../encodings/rsa-numbers'
import { faultOfCurveKey } from '../primitives/curve-keys'
import { curveNamed, judgePoint, nameOfCurve, type Curve } from '../primitives/curves'
import { faultOfGroupKey } from './group-keys'
import { purposeOf } from './key-purposes'
import { readPssParameters } from './pss-parameters'

/** `bad`: it can't be read as what it says it is, or protects nothing. `unknown`: it can't be judged here. In sentences. */
export type KeyJudgement =
  | { readonly result: 'good'; readonly note?: string }
  | { readonly result: 'bad' | 'unknown'; readonly reason: string }

const [INTEGER, SEQUENCE, OBJECT_IDENTIFIER] = [0x02, 0x30, 0x06] as const
const GOOD: KeyJudgement = { result: 'good' }

/** What was judged before: a key is asked for more than once. */
const judged = new WeakMap<Bytes, KeyJudgement>()

/** Judges a SubjectPublicKeyInfo. Its bytes must not be changed afterwards. */
export function judgeKey(spki: Bytes): KeyJudgement {
  const known = judged.get(spki)
  if (known) return known
  const judgement = judgeBytes(spki)
  judged.set(spki, judgement)
  return judgement
}

function judgeBytes(spki: Bytes): KeyJudgement {
  try {
    requireDer(spki, 'SubjectPublicKeyInfo')
    return judgeDer(spki)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return bad(`It can’t be read. ${error.message}`)
  }
}

/** What was held to DER before. */
function judgeDer(spki: Bytes): KeyJudgement {
  const [algorithm, holder] = [0, 1].map((index) => childAt(spki, readElement(spki), index))
  if (!algorithm || !holder) return bad('It has too few parts.')
  const [name, parameters] = readChildren(spki, algorithm)
  const oid = name && decodeOid(spki.subarray(name.contentStart, name.end))
  const kind = oidName(oid ?? '') ?? oid ?? ''
  const key = spki.subarray(holder.contentStart + 1, holder.end)
  switch (kind) {
    case 'rsaEncryption':
    case 'rsa':
      return judgeRsa(spki)
    case 'id-RSASSA-PSS':
      return judgePssRestrictions(spki, parameters) ?? judgeRsa(spki)
    case 'id-ecPublicKey':
      return judgeEc(spki, parameters, key)
    case 'id-dsa':
    case 'dsaOIW':
      return judgeGroup(spki, parameters, key, ['p', 'q', 'g'])
    case 'dhKeyAgreement':
      return judgeGroup(spki, parameters, key, ['p', 'g'])
    case 'dhpublicnumber':
      return judgeGroup(spki, parameters, key, ['p', 'g', 'q'])
    case 'Ed25519':
    case 'Ed448':
    case 'X25519':
    case 'X448': {
      // RFC 8410 section 3
      if (parameters) return bad(`It has parameters beside ${kind}, which has none.`)
      const fault = faultOfCurveKey(kind, key)
      return fault === undefined ? GOOD : bad(fault)
    }
    default: {
      const purpose = purposeOf(kind)
      const what = purpose === undefined ? 'It is of an algorithm that is not known here' : `It is ${purpose}`
      return unknown(`${what}: ${kind}.`)
    }
  }
}

function judgeRsa(spki: Bytes): KeyJudgement {
  const numbers = readRsaMagnitudes(spki)
  if (!numbers || numbers.n === 0n) return bad('It has no modulus and exponent.')
  const weakness = weaknessOfRsa(numbers)
  if (weakness !== undefined) return bad(weakness)
  return numbers.isNegative
    ? {
        result: 'good',
        note: 'Its numbers are written as negative ones, without the zero byte in front. They are read as positive, as OpenSSL does; others refuse it.',
      }
    : GOOD
}

/** RFC 4055 section 3.1: which signatures alone it makes. */
function judgePssRestrictions(spki: Bytes, parameters: DerElement | undefined): KeyJudgement | undefined {
  if (!parameters) return undefined
  const read = readPssParameters(spki.slice(parameters.start, parameters.end))
  if (!read) return bad('Its restrictions name hashes that are not known here, or can’t be read.')
  return read.trailer === 1 ? undefined : bad('Its restrictions ask for a trailer that does not exist.')
}

function judgeEc(spki: Bytes, parameters: DerElement | undefined, point: Uint8Array): KeyJudgement {
  if (!parameters) return bad('It does not say which curve it is on.')
  if (parameters.tag === OBJECT_IDENTIFIER) {
    const oid = decodeOid(spki.subarray(parameters.contentStart, parameters.end)) ?? ''
    const name = oidName(oid)
    const curve = curveNamed(name ?? '')
    return curve ? judgeOn(curve, point) : unknown(`It is on a curve that is not known here: ${name ?? oid}.`)
  }
  if (parameters.tag !== SEQUENCE) return bad('It leaves its curve to be known by other means.')
  const curve = explicitCurve(spki, parameters)
  return curve
    ? judgeOn(curve, point)
    : unknown('It is on a curve that is spelt out and is none of those known here.')
}

function judgeOn(curve: Curve, point: Uint8Array): KeyJudgement {
  const { fault } = judgePoint(curve, point)
  return fault === undefined ? GOOD : bad(fault)
}

/** One of the known curves, spelt out in numbers (SEC 1 appendix C.2). */
function explicitCurve(spki: Bytes, parameters: DerElement): Curve | undefined {
  const prime = numberAt(spki, childAt(spki, childAt(spki, parameters, 1), 1))
  const [a, b] = readChildren(spki, childAt(spki, parameters, 2)).map(({ contentStart, end }) =>
    numberFrom(spki.subarray(contentStart, end)),
  )
  const name =
    prime === undefined || a === undefined || b === undefined ? undefined : nameOfCurve(prime, a, b)
  return name === undefined ? undefined : curveNamed(name)
}

function judgeGroup(
  spki: Bytes,
  parameters: DerElement | undefined,
  key: Uint8Array,
  order: readonly ('p' | 'q' | 'g')[],
): KeyJudgement {
  // RFC 3279 section 2.3.2: an authority’s parameters can be inherited; nobody does.
  if (parameters?.tag !== SEQUENCE) return unknown('It has no parameters of its own.')
  const members = readChildren(spki, parameters).map((member) => numberAt(spki, member))
  const of = (name: 'p' | 'q' | 'g'): bigint | undefined => {
    const place = order.indexOf(name)
    return place === -1 ? undefined : members[place]
  }
  const [p, g, y] = [of('p'), of('g'), numberAt(key, readElement(key))]
  if (p === undefined || g === undefined || y === undefined) return bad('Its numbers are not positive.')
  const fault = faultOfGroupKey({ p, q: of('q'), g, y })
  return fault === undefined ? GOOD : bad(fault)
}

/** An INTEGER that is not negative. */
function numberAt(der: Uint8Array, { tag, contentStart, end }: DerElement): bigint | undefined {
  const content = der.subarray(contentStart, end)
  return tag === INTEGER && (content[0] ?? 0x80) < 0x80 ? numberFrom(content) : undefined
}

function bad(reason: string): KeyJudgement {
  return { result: 'bad', reason }
}

function unknown(reason: string): KeyJudgement {
  return { result: 'unknown', reason }
}
