/**
 * What messages have brought that claims are about by themselves: certificates, requests, public keys, signatures, shares, and what
 * those are made over. None of it is secret, and it is in the folder whether the frames open or not.
 */
import { orUndefined } from '../errors'
import { encodePem, decodePem } from '../crypto/encodings/pem'
import { isSignedBy, parseCertificate, type Certificate } from '../crypto/pki/certificate'
import type { CryptoProvider } from '../crypto/provider'
import { isStepNumber } from '../hl1/steps'
import { SUITES } from '../hl1/suites'
import type { Hl1Sheet } from '../hl1/types'
import type { Derivation } from '../record/derivation'
import { pemLabel, type MemberSpec, type MemberValue } from '../record/member'
import type { Folder } from './folder'
import type { ProofMessage, ProofRun, View } from './run'

/** A value that stands in a file of its own. */
export interface Thing {
  readonly spec: MemberSpec
  readonly file: string
  /** False for PEM that is not laid out as OpenSSL lays it out. */
  readonly isUsual: boolean
  readonly certificate: Certificate | undefined
}

/** An authority's certificate. */
export interface Anchor {
  readonly file: string
  readonly certificate: Certificate
  /** Put behind the stem of its key's file: nothing, or `-2`. */
  readonly mark: string
}

export interface Things {
  readonly of: (message: ProofMessage, member: string) => Thing | undefined
  /** The server's certificate that a view goes by, the newest one in it. */
  readonly certificateIn: (view: View) => Thing | undefined
  /** The authority that a view's certificate is from; the newest there is where none has signed it. */
  readonly anchorOf: (view: View) => Anchor | undefined
  readonly anchors: readonly Anchor[]
}

/** The sheet of a message's step, where it has one. */
export function sheetOfMessage({ kind, suite, step }: ProofMessage): Hl1Sheet | undefined {
  return kind === 'message' && suite !== undefined && isStepNumber(step)
    ? SUITES[suite].sheets[step]
    : undefined
}

/** A member's value, by whoever has recorded it. */
export function valueOf({ received, sent, asSent }: ProofMessage, name: string): MemberValue | undefined {
  const of = (entry: typeof received): MemberValue | undefined =>
    entry?.members.find((member) => member.name === name)?.value
  return of(received) ?? (asSent ? undefined : of(sent))
}

/**
 * Takes them out of the records, into the folder.
 * @param authorities certificates in PEM, the oldest first
 * @throws LabError `bad_certificate_text` for an authority's that can't be read
 */
export async function thingsOf(
  run: ProofRun,
  authorities: readonly string[],
  folder: Folder,
  crypto: CryptoProvider,
): Promise<Things> {
  const anchors = authorities.map((pem): Anchor => {
    const certificate = parseCertificate(pem)
    const file = folder.add('certificates/authority.pem', certificate.pem)
    return { file, certificate, mark: markOf(file) }
  })
  const things = new Map<ProofMessage, readonly Thing[]>()
  const anchorOf = new Map<View, Anchor | undefined>(run.views.map((view) => [view, anchors.at(-1)]))
  for (const message of run.messages) {
    const view = run.viewOf.get(message)
    const found = thingsIn(message, view?.name ?? '', folder)
    things.set(message, found)
    for (const { certificate } of found) {
      if (!certificate || !view) continue
      for (const anchor of anchors)
        if (await isSignedBy(certificate, anchor.certificate.publicKey, crypto)) anchorOf.set(view, anchor)
    }
  }
  return {
    of: (message, member) => things.get(message)?.find(({ spec }) => spec.name === member),
    certificateIn: ({ frames }) =>
      frames.flatMap(({ message }) => things.get(message) ?? []).findLast(({ certificate }) => certificate),
    anchorOf: (view) => anchorOf.get(view),
    anchors,
  }
}

/** What stands between the stem and the ending of a numbered name: `-2`. */
export function markOf(file: string): string {
  return /-\d+(?=\.\w+$)/.exec(file)?.[0] ?? ''
}

function thingsIn(message: ProofMessage, view: string, folder: Folder): readonly Thing[] {
  const sheet = sheetOfMessage(message)
  if (!sheet) return []
  const signed = new Set(
    sheet.members.flatMap(({ nature }) => ('made' in nature ? symbolsIn(nature.made) : [])),
  )
  return sheet.members.flatMap((spec): readonly Thing[] => {
    const name = nameOf(spec, view, signed)
    const value = valueOf(message, spec.name)
    if (name === undefined || value === undefined || typeof value === 'number') return []
    const file = folder.add(name, value)
    return [{ spec, file, ...readingOf(spec, value) }]
  })
}

/** The name of a member's own file; undefined for one that has none. */
function nameOf(spec: MemberSpec, view: string, signed: ReadonlySet<string>): string | undefined {
  const { name, symbol, nature } = spec
  switch (nature.is) {
    case 'certificate':
    case 'request':
      return `certificates/${name}.pem`
    case 'bare-certificate':
      return `certificates/${name}.bin`
    case 'public-key':
      return `keys/${symbol}.pem`
    case 'signature':
    case 'share':
      return `expected/${view}-${symbol}.bin`
    default:
      return nature.is === 'nonce' && signed.has(symbol) ? `expected/${view}-${symbol}.bin` : undefined
  }
}

function readingOf(spec: MemberSpec, value: MemberValue): Pick<Thing, 'isUsual' | 'certificate'> {
  const label = pemLabel(spec)
  if (typeof value !== 'string' || label === undefined) return { isUsual: true, certificate: undefined }
  const usual = orUndefined(() => encodePem(label as 'CERTIFICATE', decodePem(label as 'CERTIFICATE', value)))
  const certificate =
    spec.nature.is === 'certificate' ? orUndefined(() => parseCertificate(value)) : undefined
  return { isUsual: usual === value, certificate }
}

/** Every symbol that a value is made of. */
export function symbolsIn(derivation: Derivation): readonly string[] {
  switch (derivation.is) {
    case 'symbol':
      return [derivation.symbol]
    case 'concatenation':
      return derivation.parts.flatMap(symbolsIn)
    case 'signature':
      return symbolsIn(derivation.over)
    case 'hash':
      return symbolsIn(derivation.of)
    case 'derived':
      return [...symbolsIn(derivation.input), ...symbolsIn(derivation.salt)]
    case 'agreement':
      return derivation.shares.flatMap(symbolsIn)
    case 'text':
    case 'transcript':
      return []
  }
}
