/**
 * What protocol.md asks of a receiver, from the bytes on the wire: whether it accepts them, and which alert it answers with. Of
 * the program nothing is used. Where the text leaves room, record 0019 says how it is read.
 */
import { HEADER_BYTES, readObject, type Known, type Line, type Opened } from './line'
import { MEMBERS, readMembers, SUITE_BYTES, SUITES, type Step, type Suite, type Values } from './members'
import { base64, pkcs1Verify, pssVerify, join, text, type Bytes } from './primitives'

/** The rules of section 7, in its order; each is broken by some input, or the fuzz has not looked at it. */
export type Rule =
  | 'length field'
  | 'version'
  | 'suite'
  | 'type'
  | 'length'
  | 'flags'
  | 'whole frame'
  | 'in time'
  | 'session lives'
  | 'opening'
  | 'members'
  | 'name'
  | 'certificates'
  | 'request'
  | 'not seen'
  | 'nonce'
  | 'lifetime'
  | 'sequence'
  | 'not stale'
  | 'not ahead'

/** What a receiver is to do. `left`: it ends the connection without an alert, as its peer has said that it ends. */
export type Expected =
  | { readonly verdict: 'accepted'; readonly suite: Suite; readonly values: Values; readonly opened: Opened }
  | { readonly verdict: 'refused'; readonly rule: Rule; readonly code: string; readonly step: number }
  | { readonly verdict: 'left' }

/** What a peer has sent: bytes, and what it did then. `silent`: it keeps the connection until the idle limit is over. */
export interface Wire {
  readonly bytes: Bytes
  readonly then: 'waits' | 'ends' | 'silent'
}

const ALERT = 0x7f
const LONGEST_LIFETIME = 86_400

/** What becomes of the bytes at a receiver that waits for `awaited` on a connection as `line` knows it. */
export function expected(line: Line, awaited: Step, { bytes, then }: Wire): Expected {
  const refused = (rule: Rule, code: string, step: number = awaited): Expected => ({
    verdict: 'refused',
    rule,
    code,
    step,
  })
  const cut = (): Expected => {
    if (bytes.length === 0 && then === 'ends') return { verdict: 'left' }
    return then === 'ends' ? refused('whole frame', 'malformed') : refused('in time', 'timeout')
  }
  // Section 7, frame: version, suite, type, length (section 1), before anything of the body is read.
  // While the session lives nobody is expected to speak: the idle limit runs from its end (record 0019).
  if (awaited === 7 && line.world.now() >= endOf(line.known) + line.world.idleLimit * 1000)
    return refused('in time', 'timeout')
  if (bytes.length < 4) return cut()
  const length = Buffer.from(bytes).readUInt32BE()
  if (length < 4) return refused('length field', 'malformed')
  if (bytes.length < HEADER_BYTES) return cut()
  const [version, type, suiteByte, flags] = bytes.slice(4, HEADER_BYTES) as unknown as [
    number,
    number,
    number,
    number,
  ]
  const isAlert = type === ALERT
  const named = type >= 1 && type <= 8 ? type : awaited
  if (version !== 1) return refused('version', 'unsupported_version', named)
  const suite = SUITES.find((name) => SUITE_BYTES[name] === suiteByte)
  const isOffered =
    suite !== undefined && (line.suite === undefined ? line.offers(awaited, suite) : suite === line.suite)
  if (!isOffered && !isAlert) return refused('suite', 'unsupported_suite', named)
  if (type !== awaited && !isAlert) return refused('type', 'unexpected_message', named)
  const limit = !isAlert && awaited >= 7 ? 1_048_640 : 16_384
  if (length > limit) return refused('length', 'frame_too_large', named)
  if (flags !== 0) return refused('flags', 'malformed', named)
  if (bytes.length < length + 4) return cut()
  if (isAlert) return { verdict: 'left' }
  return judgeMessage(line, awaited, suite!, bytes.slice(0, length + 4))
}

function judgeMessage(line: Line, step: Step, suite: Suite, frame: Bytes): Expected {
  const { world, known } = line
  const refused = (rule: Rule, code: string): Expected => ({ verdict: 'refused', rule, code, step })
  const ends = endOf(known)
  if (step === 7 && world.now() > ends) return refused('session lives', 'session_expired')
  const opened = line.open(step, suite, frame)
  const objects = opened?.parts.map(readObject)
  if (!opened || !objects || objects.some((object) => object === undefined)) {
    const isClear = suite === 'modern' && step === 3
    return isClear ? refused('members', 'malformed') : refused('opening', 'decrypt_failed')
  }
  const values = readMembers(MEMBERS[suite][step], objects as readonly object[])
  if (!values) return refused('members', 'malformed')
  for (const [rule, code, holds] of rows(line, step, suite, values, opened))
    if (!holds()) return refused(rule, code)
  const age = world.now() - values[`ts${step}`]!
  if (age > world.maxAge * 1000) return refused('not stale', 'stale_timestamp')
  if (-age > world.maxAge * 1000) return refused('not ahead', 'future_timestamp')
  return { verdict: 'accepted', suite, values, opened }
}

/** When the session ends (section 5), milliseconds since the epoch. */
function endOf({ startedAt = 0, lifetime = 0 }: Known): number {
  return startedAt + lifetime * 1000
}

type Row = readonly [rule: Rule, code: string, holds: () => boolean]

/** The step's own row of the table in section 7, in its order. */
function rows(line: Line, step: Step, suite: Suite, values: Values, opened: Opened): readonly Row[] {
  const { world, known } = line
  const isModern = suite === 'modern'
  const name = (holds: () => boolean): Row => ['name', 'unknown_identity', holds]
  const papers = (holds: () => boolean): Row => ['certificates', 'bad_certificate', holds]
  const next = (): Row => ['sequence', 'replayed', () => opened.sequence === line.next[step as 7 | 8]]
  switch (step) {
    case 1:
      return [
        // Capitals make no other name (record 0019).
        name(() => String(values.id_s).toLowerCase() !== world.idCa.toLowerCase()),
        ...(isModern
          ? ([
              [
                'request',
                'bad_certificate',
                () => {
                  const request = world.papers.request(values.csr_s)
                  return request?.isSound === true && request.name === values.id_s
                },
              ],
              ['not seen', 'replayed', () => !world.seen.has(base64(values.nonce_s))],
            ] as const satisfies readonly Row[])
          : []),
      ]
    case 2:
      return [
        name(() => values.id_s === known.idS),
        papers(() =>
          isModern
            ? isCertified(line, values.x509_s) === known.requestedKey
            : holdsTogether(line, values) &&
              world.papers.publicOf(values.sk_s) === world.papers.spki(values.pk_s),
        ),
        ...(isModern
          ? ([['nonce', 'replayed', () => base64(values.nonce_s) === base64(known.nonceS!)]] as const)
          : []),
      ]
    case 3:
      return [name(() => values.id_s === world.idS)]
    case 4:
      return [papers(() => (isModern ? isProved(line, values, opened) : holdsTogether(line, values)))]
    case 5:
      return [
        ...(isModern ? [] : [name(() => values.id_c === known.idC)]),
        name(
          () =>
            !world.enforceAddress ||
            (values.ip_c === line.client.address && values.port_c === line.client.port),
        ),
      ]
    case 6:
      return [
        name(() => values.id_c === (known.idC ?? world.idC)),
        [
          'lifetime',
          'malformed',
          () => values.lifetime_sess >= 1 && values.lifetime_sess <= LONGEST_LIFETIME,
        ],
      ]
    default:
      return isModern ? [next()] : []
  }
}

/** `classic`: `cert_s` verifies over the texts as they came, and `x509_s` verifies and holds `pk_s`. */
function holdsTogether(line: Line, values: Values): boolean {
  const { authority, idCa, papers } = line.world
  const idS = line.known.idS ?? line.world.idS
  const signed = text(`${idS}\n${idCa}\n${values.pk_s}`)
  const key = papers.spki(values.pk_s)
  return (
    pkcs1Verify(authority.publicPem, signed, values.cert_s) &&
    key !== undefined &&
    isCertified(line, values.x509_s) === key
  )
}

/** The key in a certificate that verifies now; undefined where it doesn't. */
function isCertified(line: Line, pem: string): string | undefined {
  const { papers, now } = line.world
  const certificate = papers.certificate(pem)
  const isGood = certificate?.isSound && certificate.from <= now() && now() <= certificate.to
  return isGood ? certificate.spki : undefined
}

/** `modern`: `x509_s` verifies, and its key has signed this connection. */
function isProved(line: Line, values: Values, { share }: Opened): boolean {
  const spki = isCertified(line, values.x509_s)
  const signed = proofText(line.hash, share!, values.nonce_s)
  return spki !== undefined && pssVerify(spki, signed, values.proof)
}

/** What `proof` is a signature over (section 4). */
export function proofText(th: Bytes, share: Bytes, nonce: Bytes): Bytes {
  return join(text('HL/1 server proof'), new Uint8Array(1), th, share, nonce)
}
