/**
 * Plans that come from outside, as a schema: what can be written at all, however wrong, and how much of it at most. A plan that
 * passes is made without a fault of this program's.
 */
import * as v from 'valibot'
import { fromHex } from '../bytes'
import { encodeOid } from '../crypto/encodings/oid-text'
import { addressBytes } from '../crypto/pki/host-name'
import { KEY_USAGES, type CertificatePlan, type ChainPlan } from './chain'
import { PURPOSE_NAMES } from './purposes'

/** As many certificates a chain has at most: a longer one tells nothing new, and each may want a key of 4096 bits. */
export const MOST_CERTIFICATES = 10
const MOST_NAMES = 64
const LONGEST_TEXT = 500
/** Hex digits. */
const LONGEST_VALUE = 16_000
/** Characters of a whole plan, written as JSON. */
const LONGEST_PLAN = 100_000
/** Keys of more than 2048 bits, which take seconds each. */
const MOST_LONG_KEYS = 4
/** Days from now: to the years 1950 and 9999, about. */
const MOST_DAYS = 2_900_000
const LEAST_DAYS = -27_000

const text = v.pipe(v.string(), v.maxLength(LONGEST_TEXT, `A text has at most ${LONGEST_TEXT} characters.`))
const id = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,30}$/))
const critical = v.exactOptional(v.boolean())
const part = v.object({
  type: v.picklist(['commonName', 'organizationName', 'countryName', 'emailAddress']),
  text,
  as: v.exactOptional(v.picklist(['PrintableString', 'IA5String'])),
})
const parts = v.pipe(v.array(part), v.maxLength(8))
const address = v.pipe(
  text,
  v.check((value) => addressBytes(value) !== undefined, 'An address is an IP address.'),
)
const generalName = v.variant('kind', [
  v.object({ kind: v.picklist(['DNS', 'URI', 'email']), value: text }),
  v.object({ kind: v.literal('IP'), value: address, mask: v.exactOptional(address) }),
  v.object({ kind: v.literal('directory'), value: parts }),
])
const names = v.pipe(
  v.array(generalName),
  v.maxLength(MOST_NAMES, `An extension has at most ${MOST_NAMES} names.`),
)
const NAMED = [
  'basicConstraints',
  'keyUsage',
  'extKeyUsage',
  'subjectAltName',
  'nameConstraints',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
] as const
const dotted = v.pipe(
  text,
  v.check(
    (value) => encodeOid(value) !== undefined,
    'An extension is named by an object identifier: numbers with dots between.',
  ),
)
const hex = v.pipe(
  v.string(),
  v.maxLength(LONGEST_VALUE, `The value of an extension has at most ${LONGEST_VALUE / 2} bytes.`),
  v.check((value) => fromHex(value) !== undefined, 'The value of an extension is hex.'),
)

const extension = v.variant('kind', [
  v.object({
    kind: v.literal('basicConstraints'),
    critical,
    authority: v.boolean(),
    pathLength: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(-128), v.maxValue(127))),
  }),
  v.object({ kind: v.literal('keyUsage'), critical, usages: someOf(KEY_USAGES) }),
  v.object({ kind: v.literal('extKeyUsage'), critical, purposes: someOf(PURPOSE_NAMES) }),
  v.object({ kind: v.literal('subjectAltName'), critical, names }),
  v.object({ kind: v.literal('subjectKeyIdentifier'), critical }),
  v.object({
    kind: v.literal('authorityKeyIdentifier'),
    critical,
    of: v.exactOptional(v.picklist(['issuer', 'nobody'])),
  }),
  v.object({
    kind: v.literal('nameConstraints'),
    critical,
    permitted: v.exactOptional(names),
    excluded: v.exactOptional(names),
  }),
  v.object({
    kind: v.literal('raw'),
    critical,
    name: v.union([v.picklist(NAMED), dotted]),
    value: hex,
    writesDefault: v.exactOptional(v.literal(true)),
  }),
])

const DAYS = `Days from now are from ${LEAST_DAYS} to ${MOST_DAYS}.`
const YEARS = 'Years are from 1950 to 9999.'
const time = v.object({
  at: v.union([
    v.object({ days: v.pipe(v.number(), v.minValue(LEAST_DAYS, DAYS), v.maxValue(MOST_DAYS, DAYS)) }),
    v.object({ year: v.pipe(v.number(), v.integer(), v.minValue(1950, YEARS), v.maxValue(9999, YEARS)) }),
  ]),
  as: v.exactOptional(
    v.picklist(['UTCTime', 'GeneralizedTime', 'fraction of a second', 'no zone', 'no seconds', 'offset']),
  ),
})

const fault = v.exactOptional(v.picklist(['exponent 1', 'even modulus', 'point off the curve']))
const key = v.variant('kind', [
  v.object({
    kind: v.literal('RSA'),
    bits: v.picklist([1024, 2048, 3072, 4096]),
    exponent: v.exactOptional(v.literal(3)),
    fault,
  }),
  v.object({ kind: v.literal('EC'), curve: v.picklist(['P-256', 'P-384', 'P-521']), fault }),
  v.object({ kind: v.literal('Ed25519'), fault }),
  v.object({ kind: v.literal('of'), id }),
])

const hash = v.picklist(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])
const signature = v.object({
  hash,
  scheme: v.exactOptional(v.literal('PSS')),
  outside: v.exactOptional(hash),
  parameters: v.exactOptional(v.picklist(['left out', 'NULL', 'salt of 20 bytes'])),
  fault: v.exactOptional(v.picklist(['a bit flipped', 'not DER', 'empty'])),
})

const certificate = v.object({
  id,
  issuer: id,
  issuerName: v.exactOptional(parts),
  version: v.picklist([1, 2, 3, 4]),
  serial: v.picklist(['fresh', 'zero', 'negative', '33 bytes', 'redundant zeros']),
  subject: parts,
  notBefore: time,
  notAfter: time,
  key,
  signature,
  extensions: v.pipe(v.array(extension), v.maxLength(20, 'A certificate has at most 20 extensions here.')),
  fault: v.exactOptional(v.picklist(['a byte behind', 'length too long'])),
})

const list = v.object({
  issuer: id,
  signedBy: v.exactOptional(id),
  revoked: v.pipe(
    v.array(v.object({ id, reason: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)) })),
    v.maxLength(MOST_CERTIFICATES),
  ),
  thisUpdate: time,
  nextUpdate: time,
  fault: v.exactOptional(v.picklist(['unknown critical extension', 'a bit flipped'])),
})

const ids = v.array(id)
const chain = v.object({
  certificates: v.pipe(
    v.array(certificate),
    v.minLength(1),
    v.maxLength(MOST_CERTIFICATES, `A chain has at most ${MOST_CERTIFICATES} certificates here.`),
  ),
  leaf: id,
  sent: v.pipe(ids, v.maxLength(MOST_CERTIFICATES)),
  anchors: v.pipe(ids, v.minLength(1), v.maxLength(MOST_CERTIFICATES)),
  lists: v.pipe(v.array(list), v.maxLength(MOST_CERTIFICATES)),
  host: v.pipe(v.string(), v.check(isHost, 'The server is asked for by a host name or an IPv4 address.')),
})

/** A plan of any chain that can be made. */
export const chainPlanSchema: v.GenericSchema<unknown, ChainPlan> = v.pipe(
  chain,
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? planProblem(dataset.value) : undefined
    if (problem !== undefined) addIssue({ message: problem })
  }),
)

/**
 * It becomes a word of commands, and whatever reads it as an address would go there: so one that is no address has nothing that
 * programs take for one, as 0x7f000001 or 127.1.
 */
function isHost(value: string): boolean {
  const address = addressBytes(value)
  if (address) return address.length === 4
  const labels = value.split('.')
  return (
    value.length <= 253 &&
    labels.every((label) => /^[a-z\d_](?:[\w-]{0,61}[a-z\d_])?$/i.test(label)) &&
    !/^(?:\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? '')
  )
}

/** Some of a few, each once at most. */
function someOf<const All extends readonly string[]>(all: All) {
  return v.pipe(v.array(v.picklist(all)), v.maxLength(all.length))
}

/** Why a chain of this plan can't be made at all, in a sentence; undefined where it can. */
function planProblem(plan: ChainPlan): string | undefined {
  const { certificates, leaf, sent, anchors, lists } = plan
  if (JSON.stringify(plan).length > LONGEST_PLAN) return 'The chain says too much: leave something out.'
  const long = certificates.filter(({ key: own }) => own.kind === 'RSA' && own.bits > 2048)
  if (long.length > MOST_LONG_KEYS) return `At most ${MOST_LONG_KEYS} keys have more than 2048 bits.`
  const byId = new Map(certificates.map((plan) => [plan.id, plan]))
  if (byId.size !== certificates.length) return 'Two certificates of the chain have one name.'
  const named = [leaf, ...sent, ...anchors, ...certificates.flatMap((plan) => idsIn(plan))]
  const inLists = lists.flatMap(({ issuer, signedBy, revoked }) => [
    ...[issuer, ...(signedBy === undefined ? [] : [signedBy])],
    ...revoked.map((entry) => entry.id),
  ])
  const missing = [...named, ...inLists].find((name) => !byId.has(name))
  if (missing !== undefined) return `The chain has no certificate “${missing}”.`
  for (const { id: name, key: own, signature: signed, issuer } of certificates) {
    const signer = keyOf(byId.get(issuer)?.key, byId)
    if (!keyOf(own, byId) || !signer) return `The key of “${name}” is that of nobody.`
    const wrong = keyProblem(own) ?? signatureProblem(signed, signer)
    if (wrong !== undefined) return `“${name}”: ${wrong}`
  }
  return undefined
}

function idsIn({ issuer, key: own }: CertificatePlan): readonly string[] {
  return own.kind === 'of' ? [issuer, own.id] : [issuer]
}

/** A key that is a certificate's own. */
type MadeKey = Exclude<CertificatePlan['key'], { readonly kind: 'of' }>

/** What a key is made as; undefined where keys are each other's in a circle. */
function keyOf(
  own: CertificatePlan['key'] | undefined,
  byId: ReadonlyMap<string, CertificatePlan>,
): MadeKey | undefined {
  let at = own
  for (let steps = 0; at?.kind === 'of'; steps++) {
    if (steps > byId.size) return undefined
    at = byId.get(at.id)?.key
  }
  return at
}

function keyProblem(own: CertificatePlan['key']): string | undefined {
  if (own.kind === 'of' || own.fault === undefined) return undefined
  const wanted = own.fault === 'point off the curve' ? 'EC' : 'RSA'
  return own.kind === wanted ? undefined : `only a key of kind ${wanted} can have the fault “${own.fault}”.`
}

function signatureProblem(
  { hash: inside, outside = inside, scheme, fault: spoilt }: CertificatePlan['signature'],
  signer: MadeKey,
): string | undefined {
  // Libraries differ in whether they sign with it: BoringSSL does not.
  if (signer.kind === 'RSA' && signer.fault === 'exponent 1')
    return 'nobody signs with a key whose exponent is 1: choose another one for its issuer.'
  if (scheme === 'PSS' && signer.kind !== 'RSA') return 'only an issuer with an RSA key signs with PSS.'
  // Salt and hash are as long as each other, and two bytes stand beside them (RFC 8017 section 9.1.1).
  if (scheme === 'PSS' && signer.kind === 'RSA' && signer.bits <= 1024 && inside === 'SHA-512')
    return 'a key of 1024 bits is too short for PSS with SHA-512.'
  if (signer.kind === 'EC' && [inside, outside].includes('MD5')) return 'there is no ECDSA with MD5.'
  if (spoilt === 'not DER' && signer.kind !== 'EC')
    return 'only a signature by ECDSA has a form that can be other than DER.'
  return undefined
}
