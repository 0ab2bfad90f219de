/** What of a run can be held against the rest of it, beside its records: certificates, keys, sessions. */
import { equalBytes } from '../bytes'
import { isSignedBy, parseCertificate, type Certificate } from '../crypto/pki/certificate'
import { requirePrivateKeyOf } from '../crypto/pki/rsa-key'
import { privateKeyFromPem } from '../crypto/primitives/rsa'
import { webCrypto, type CryptoProvider } from '../crypto/provider'
import { orUndefined, otherwise } from '../errors'
import { heldAt } from '../held'
import type { Hl1Entry } from '../hl1/types'
import type { SessionView } from '../lab'
import { SameBytes } from '../same-bytes'
import { crossingsOf } from './crossings'
import { keptWhole } from './kept-whole'
import { memberNumber, memberText, memberValue, sameValue } from './members'
import { keysOfRun, takesAnyKey } from './key-ring'
import type { ConnectionKeys, Run } from './run'
import { followEnds } from './sequence'
import { unrecorded } from './unrecorded'

/** What does not fit together, a sentence each. */
export async function auditRun(run: Run, crypto: CryptoProvider = webCrypto): Promise<readonly string[]> {
  const whole = keptWhole(run.records)
  const { faults, inside } = followEnds(run.records, whole)
  return [
    ...(await certificatesOf(run, crypto)),
    ...keysOf(run),
    ...run.server.sessions.flatMap((session) => sessionAgain(session, run.records)),
    ...timesOf(run),
    ...astray(run.records),
    ...disagreements(run.records),
    ...faults,
    ...crossingsOf(run, inside),
    ...(whole.ofListeners ? unrecorded(run) : []),
  ]
}

async function certificatesOf(run: Run, crypto: CryptoProvider): Promise<readonly string[]> {
  const wrong: string[] = []
  const signed = (certificate: Certificate, by: Certificate): Promise<boolean> =>
    isSignedBy(certificate, by.publicKey, crypto).catch(otherwise(false))
  for (const { value } of run.anchors)
    if (!(await signed(value, value)))
      wrong.push(`The authority’s certificate ${value.serial} is not signed by its own key.`)
  for (const { at, certificate } of run.authority.issued) {
    const anchor = heldAt(run.anchors, at)
    if (!anchor || !(await signed(certificate, anchor)))
      wrong.push(
        `The certificate ${certificate.serial} is listed as issued, and is not signed by the authority.`,
      )
  }
  const { certificate, certS } = run.server
  const registered = keysOfRun(run).registeredAt(run.savedAt)
  if (certificate && registered) {
    if (certificate.pem !== registered.certificate.pem)
      wrong.push('The server’s certificate is not the one that it has got in step 2.')
    if (certS && registered.certS && !equalBytes(certS, registered.certS))
      wrong.push('The server’s Cert_S is not the one that it has got in step 2.')
  }
  return wrong
}

function keysOf(run: Run): readonly string[] {
  const { secrets, anchors, server, records } = run
  const { SK_CA, SK_S } = secrets?.privateKeys ?? {}
  const known = new Set(records.map(({ connection, role }) => `${connection.id} ${role}`))
  const lost =
    secrets?.connections.filter(({ connection, role }) => !known.has(`${connection} ${role}`)) ?? []
  return [
    ...lost.map(
      ({ connection, role }) => `Keys of the ${role} are for ${connection}, of which nothing was recorded.`,
    ),
    ...otherThanCarried(secrets?.connections ?? [], records),
    ...(SK_CA === undefined || belongsTo(SK_CA, anchors.at(-1)?.value)
      ? []
      : ['SK_CA is not the key of the authority’s certificate.']),
    ...(SK_S === undefined || belongsTo(SK_S, server.certificate) || wasTakenUnseen(run, SK_S)
      ? []
      : ['SK_S is not the key of the server’s certificate.']),
    ...(secrets?.others ?? []).flatMap((pem, index) =>
      isKeyIn(records, pem) ? [] : [`Key ${index + 1} of somebody else is of no certificate in the run.`],
    ),
  ]
}

/** In the lab of an attack where nobody looked whether the key is the certificate's: it came in step 2, or the server has made it itself. */
function wasTakenUnseen(run: Run, pem: string): boolean {
  const carried = run.records.flatMap((entry) => (entry.step === 2 ? memberText(entry, 'sk_s') : []))
  return takesAnyKey(run) && (carried.includes(pem) || carried.every((text) => text === ''))
}

/** Messages that were taken or sent on a connection of which their step is none: 1 and 2 are the authority's (protocol.md section 3). */
function astray(records: readonly Hl1Entry[]): readonly string[] {
  const isAstray = ({ kind, step, outcome, connection }: Hl1Entry): boolean =>
    kind === 'message' && outcome.ok && connection.acceptor !== (step <= 2 ? 'authority' : 'server')
  return records
    .filter(isAstray)
    .map(({ role, step }) => `A step ${step} of the ${role} is on a connection that has none.`)
}

/** Keys of an end that are others than those which messages of its connection carry. */
function otherThanCarried(
  connections: readonly ConnectionKeys[],
  records: readonly Hl1Entry[],
): readonly string[] {
  const carried = new Map<string, Uint8Array>()
  for (const { connection, members } of records)
    for (const { carries, value } of members)
      if (carries !== undefined && value instanceof Uint8Array)
        carried.set(`${connection.id} ${carries}`, value)
  return connections.flatMap(({ connection, role, keys }) =>
    Object.entries(keys).flatMap(([symbol, key]) => {
      const found = carried.get(`${connection} ${symbol}`)
      return !found || equalBytes(found, key) ? [] : [`${symbol} of the ${role} is another in its messages.`]
    }),
  )
}

/** Whether a private key is that of a certificate in a message. */
export function isKeyIn(records: readonly Hl1Entry[], pem: string): boolean {
  return shownIn(records).some((certificate) => belongsTo(pem, certificate))
}

/** Certificates that messages of the run have in them, each once. */
function shownIn(records: readonly Hl1Entry[]): readonly Certificate[] {
  const texts = new Set(records.map((entry) => memberText(entry, 'x509_s')))
  return [...texts].flatMap((text) => orUndefined(() => parseCertificate(text)) ?? [])
}

function belongsTo(pem: string, certificate: Certificate | undefined): boolean {
  return (
    certificate !== undefined &&
    orUndefined(() => {
      requirePrivateKeyOf(certificate.publicKey, privateKeyFromPem(pem))
      return true
    }) === true
  )
}

/** A session beside the messages that it was made and used by, where these are kept. */
function sessionAgain(session: SessionView, records: readonly Hl1Entry[]): readonly string[] {
  const own = records.filter(({ role, connection }) => role === 'server' && connection.id === session.id)
  const begun = own.find(
    ({ step, kind, direction }) => step === 6 && kind === 'message' && direction === 'sent',
  )
  if (!begun) return []
  const requests = own.filter(
    ({ step, kind, direction, outcome }) =>
      step === 7 && kind === 'message' && direction === 'received' && outcome.ok,
  )
  const fits =
    memberNumber(begun, 'ts6') === session.startedAt &&
    memberNumber(begun, 'lifetime_sess') === session.lifetime &&
    memberText(begun, 'id_c') === session.idC &&
    begun.suite === session.suite &&
    requests.length === session.requests
  return fits
    ? []
    : [
        `The session of ${session.idC} at ${session.peer.address}:${session.peer.port} is listed otherwise than its messages say.`,
      ]
}

/** Timestamps of messages that were sent beside when they were made. */
function timesOf({ records }: Run): readonly string[] {
  return records.flatMap((entry) => {
    if (entry.direction !== 'sent' || entry.kind !== 'message') return []
    const stamp = entry.members.find(({ kind }) => kind === 'timestamp')?.value
    const isThen = typeof stamp !== 'number' || (stamp >= entry.at && stamp <= entry.at + entry.took + 1)
    return isThen ? [] : [`Step ${entry.step} (${entry.id}) has another time than the timestamp in it.`]
  })
}

/** Frames of which the two ends of a connection say other things. */
function disagreements(records: readonly Hl1Entry[]): readonly string[] {
  const same = new SameBytes()
  const keyOf = ({ connection, kind, step, frame }: Hl1Entry): string =>
    `${connection.id} ${kind} ${step} ${same.numberOf(frame)}`
  const sent = new Map<string, Hl1Entry>()
  for (const entry of records)
    if (entry.direction === 'sent' && !sent.has(keyOf(entry))) sent.set(keyOf(entry), entry)
  return records.flatMap((entry) => {
    if (entry.direction !== 'received' || !entry.plaintext) return []
    const other = sent.get(keyOf(entry))
    return !other || agree(other, entry)
      ? []
      : [`Both ends of step ${entry.step} (${other.id}, ${entry.id}) say other things of one frame.`]
  })
}

function agree(one: Hl1Entry, other: Hl1Entry): boolean {
  const [a, b] = [one.plaintext, other.plaintext]
  if (!a || !b || a.bytes.length !== b.bytes.length) return a === b
  const hidden = [...a.ranges, ...b.ranges].filter(({ masked }) => masked)
  const shown = ({ bytes }: typeof a): Uint8Array => {
    const copy = bytes.slice()
    for (const { start, end } of hidden) copy.fill(0, start, end)
    return copy
  }
  return equalBytes(shown(a), shown(b)) && one.members.every((member) => fits(member, other))
}

function fits({ name, value }: Hl1Entry['members'][number], other: Hl1Entry): boolean {
  const theirs = memberValue(other, name)
  return value === undefined || theirs === undefined || sameValue(value, theirs)
}
