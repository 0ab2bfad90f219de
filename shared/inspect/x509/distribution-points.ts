/** Where revocation lists are, and what each covers: cRLDistributionPoints and issuingDistributionPoint (RFC 5280 sections 4.2.1.13 and 5.2.5). */
import { concat, toHex, type Bytes } from '../../bytes'
import { readElement, contentBytes as elementContent, writeElement } from '../../crypto/encodings/der'
import { readBits } from './extensions'
import { readGeneralNames } from './general-names'
import { nameKey, readNameDer } from './names'
import { booleanOfPart, contentBytes, fieldOf, partsOf, readWhole, type Part } from './parts'
import type { DistinguishedNameView, GeneralNameView } from './types'

/** Reasons that a list may be limited to (ReasonFlags); together they are all that there are. */
export const ALL_REASONS: ReadonlySet<string> = new Set([
  ...['keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'],
  ...['certificateHold', 'privilegeWithdrawn', 'aACompromise'],
])

/** One distribution point of a certificate. Names are keys that are the same for the same name. */
export interface DistributionPoint {
  readonly names: ReadonlySet<string> | undefined
  readonly reasons: ReadonlySet<string>
  /** Who issues the lists, when it is not who issued the certificate: keys of names, and of distinguished names alone. */
  readonly issuer:
    { readonly names: ReadonlySet<string>; readonly distinguished: ReadonlySet<string> } | undefined
}

/** What a list covers. */
export interface IssuingPoint {
  readonly names: ReadonlySet<string> | undefined
  readonly reasons: ReadonlySet<string>
  readonly only: 'user' | 'authority' | 'attribute' | undefined
  readonly indirect: boolean
  /** Its value as hex: two lists have the same scope when theirs are the same. */
  readonly scope: string
}

/** The key of a distinguished name among the names of points. */
export function directoryKey(name: DistinguishedNameView): string {
  return `directoryName ${nameKey(name)}`
}

/**
 * Reads the value of cRLDistributionPoints.
 * @param issuer of the certificate: names may be relative to it
 * @throws LabError `bad_certificate` when it can't be read
 */
export function readDistributionPoints(
  value: Bytes,
  issuer: DistinguishedNameView,
): readonly DistributionPoint[] {
  return partsOf(readWhole(value, 'CRLDistributionPoints', 'bad_certificate')).map((point) => {
    const issuers = fieldOf(point, 'cRLIssuer')
    const named = issuers && readGeneralNames(issuers)
    const distinguished = (named ?? []).filter(({ kind }) => kind === 'directoryName')
    const [first] = distinguished
    return {
      names: pointNames(point, first ? readNameDer(first.content) : issuer),
      reasons: reasonsOf(fieldOf(point, 'reasons')),
      issuer: named && { names: keysOf(named), distinguished: keysOf(distinguished) },
    }
  })
}

/**
 * Reads the value of issuingDistributionPoint.
 * @throws LabError `bad_crl` when it can't be read
 */
export function readIssuingPoint(value: Bytes, issuer: DistinguishedNameView): IssuingPoint {
  const point = readWhole(value, 'IssuingDistributionPoint', 'bad_crl')
  const isSet = (field: string): boolean => booleanOfPart(fieldOf(point, field)) === true
  return {
    names: pointNames(point, issuer),
    reasons: reasonsOf(fieldOf(point, 'onlySomeReasons')),
    only: isSet('onlyContainsUserCerts')
      ? 'user'
      : isSet('onlyContainsCACerts')
        ? 'authority'
        : isSet('onlyContainsAttributeCerts')
          ? 'attribute'
          : undefined,
    indirect: isSet('indirectCRL'),
    scope: toHex(value),
  }
}

function reasonsOf(part: Part | undefined): ReadonlySet<string> {
  const named = readBits(part)
  return named ? new Set(named.filter((reason) => ALL_REASONS.has(reason))) : ALL_REASONS
}

function pointNames(point: Part, issuer: DistinguishedNameView): ReadonlySet<string> | undefined {
  const name = fieldOf(point, 'distributionPoint')
  if (!name) return undefined
  if (name.node.field !== 'nameRelativeToCRLIssuer') return keysOf(readGeneralNames(name))
  const above =
    issuer.der.length === 0 ? new Uint8Array() : elementContent(issuer.der, readElement(issuer.der))
  const whole = writeElement(0x30, concat(above, writeElement(0x31, contentBytes(name))))
  return new Set([directoryKey(readNameDer(whole))])
}

function keysOf(names: readonly GeneralNameView[]): ReadonlySet<string> {
  return new Set(
    names.map((name) =>
      name.kind === 'directoryName'
        ? directoryKey(readNameDer(name.content))
        : `${name.kind} ${toHex(name.content)}`,
    ),
  )
}
