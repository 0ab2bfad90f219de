/**
 * The text of a run file, version 1 (docs/run-file.md): JSON, whose shape is this schema. The JSON Schema beside that page is made of
 * it. What is read is bounded here, member by member; how long a file may be says `file-type.ts`.
 */
import * as v from 'valibot'
import { REVOCATION_REASONS, type RevocationReason } from '../crypto/pki/revocation-reasons'
import { LEAK_IDS, POSE_IDS, WIRE_NAMES } from '../adversary/live'
import { ALERT_CODES, type AlertCode } from '../hl1/alert-codes'
import { CHECK_IDS } from '../hl1/check-table'
import { DEFENCES, type DefenceId } from '../hl1/defences'
import { KEY_SYMBOLS } from '../hl1/keys'
import { ROLES } from '../hl1/roles'
import { SUITE_NAMES } from '../hl1/suite-names'
import { HL1_ID } from '../hl1/types'

/** What every run file says that it is. */
export const RUN_FORMAT = 'handshake-lab-run'
/** The version that is written. */
export const RUN_VERSION = 1

/** How many records a file may have: more than authority, server and client keep together. */
const MOST_RECORDS = 5_000

const LONGEST = {
  /** Identifiers, names and codes. */
  name: 100,
  /** Sentences, of a peer's alert too. */
  sentence: 100_000,
  /** What one frame can carry, in base64. */
  bytes: 1_500_000,
  pem: 200_000,
} as const

const say = v.description
const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit))
const name = text(LONGEST.name)
const sentence = text(LONGEST.sentence)
const whole = v.pipe(v.number(), v.integer())
const count = v.pipe(whole, v.minValue(0))
const number = v.pipe(v.number(), v.finite())
const base64 = v.pipe(
  v.string(),
  v.maxLength(LONGEST.bytes),
  v.regex(/^[A-Za-z0-9+/]*={0,2}$/),
  say('Bytes in base64 (RFC 4648 section 4), with padding.'),
)
const pem = v.pipe(text(LONGEST.pem), say('PEM text (RFC 7468).'))
const time = v.pipe(number, say('Wall clock, milliseconds since the Unix epoch.'))
const listOf = <S extends v.GenericSchema>(item: S, most: number) => v.pipe(v.array(item), v.maxLength(most))
const member = v.union([text(LONGEST.bytes), number])
const role = v.picklist(ROLES)
const suite = v.picklist(SUITE_NAMES)
const status = v.picklist(['stopped', 'starting', 'running', 'stopping'])

const endpoint = v.strictObject({
  address: name,
  port: v.pipe(count, v.maxValue(65_535)),
})

const connection = v.strictObject({
  id: name,
  opener: v.pipe(
    v.optional(name),
    say('The role that has opened it; absent for a program that is no part of the lab.'),
  ),
  acceptor: name,
  from: endpoint,
  to: endpoint,
})

const check = v.strictObject({
  id: v.picklist(CHECK_IDS),
  result: v.picklist(['passed', 'failed', 'noted', 'ignored', 'not_made']),
  reason: sentence,
  found: v.exactOptional(sentence),
  expected: v.exactOptional(sentence),
})

const plaintext = v.strictObject({
  bytes: v.pipe(
    base64,
    say('What was inside, its JSON objects behind one another; asterisks stand for secret members.'),
  ),
  parts: v.pipe(listOf(count, 4), say('The length of each object.')),
  places: v.pipe(
    listOf(v.strictTuple([text(LONGEST.name), count, count]), 200),
    say('Where each member stands in it: name, start, end.'),
  ),
})

const record = v.pipe(
  v.strictObject({
    id: name,
    connection: v.pipe(count, say('Its place in `connections`.')),
    role,
    direction: v.picklist(['sent', 'received']),
    kind: v.picklist(['message', 'alert']),
    step: v.pipe(whole, say('The step, or the one that an alert is about.')),
    suite: v.optional(suite),
    at: time,
    took: v.pipe(number, say('Milliseconds spent on building or checking it.')),
    monotonic: v.pipe(
      v.optional(number),
      say('The clock that lifetimes of sessions are measured with, milliseconds from any start.'),
    ),
    frame: v.pipe(count, say('Its place in `frames`.')),
    unasked: v.pipe(v.optional(v.literal(true)), say('It came while nothing was asked of the peer.')),
    plaintext: v.optional(plaintext),
    members: v.pipe(
      v.record(name, member),
      say('Values of members that are no secrets: text, number, or bytes in base64.'),
    ),
    forgotten: v.pipe(
      v.optional(v.literal(true)),
      say('The role no longer had the secrets of this message when the run was saved.'),
    ),
    checks: listOf(check, 60),
    refusal: v.pipe(
      v.optional(
        v.strictObject({ code: v.picklist(Object.keys(ALERT_CODES) as AlertCode[]), message: sentence }),
      ),
      say('Why it was refused, or what the alert says; absent for a message that was sent or accepted.'),
    ),
  }),
  say('What one role saw of one message.'),
)

const given = v.strictObject({
  name,
  at: time,
  from: endpoint,
  fingerprint: name,
  times: count,
  isOpen: v.boolean(),
})

const session = v.strictObject({
  id: v.pipe(name, say('The identifier of its connection.')),
  idC: name,
  peer: endpoint,
  suite,
  startedAt: time,
  lifetime: number,
  elapsed: v.pipe(number, say('Milliseconds of its lifetime that were gone at `viewedAt`.')),
  paused: v.boolean(),
  stood: v.pipe(number, say('Milliseconds that its clock stood.')),
  viewedAt: time,
  requests: count,
  connected: v.boolean(),
  end: v.optional(
    v.strictObject({ how: v.picklist(['lifetime', 'ended_here', 'client_left', 'refused']), at: time }),
  ),
})

const reason = v.picklist(Object.keys(REVOCATION_REASONS) as RevocationReason[])
const serial = v.pipe(text(64), say('A serial number in hex.'))
const revocationList = v.strictObject({
  pem,
  number: count,
  thisUpdate: time,
  nextUpdate: time,
  count,
})
const signedFor = v.strictObject({
  id: serial,
  at: time,
  title: sentence,
  pem,
  key: sentence,
  names: listOf(sentence, 100),
})

const authority = v.strictObject({
  status,
  identity: name,
  address: v.optional(endpoint),
  issued: listOf(v.strictObject({ at: time, certificate: pem }), 1_000),
  names: listOf(given, 1_000),
  connections: count,
  list: v.optional(revocationList),
  revoked: v.optional(listOf(v.strictObject({ serial, at: time, reason }), 10_000)),
  signed: v.optional(listOf(signedFor, 1_000)),
})

const server = v.strictObject({
  status,
  identity: name,
  address: v.optional(endpoint),
  registration: v.picklist(['none', 'under_way', 'registered', 'outdated']),
  outdated: v.optional(sentence),
  certificate: v.optional(pem),
  certS: v.optional(base64),
  sessions: listOf(session, 1_500),
  connections: count,
})

const secretRecords = v.pipe(
  listOf(
    v.strictObject({
      record: v.pipe(count, say('Its place in `records`.')),
      plaintext: v.pipe(base64, say('The whole of it, secret members and all.')),
      members: v.pipe(v.record(name, member), say('Values of secret members.')),
    }),
    MOST_RECORDS,
  ),
  say('What belongs into the records in the place of asterisks.'),
)

const connectionKeys = listOf(
  v.strictObject({
    connection: name,
    role,
    keys: v.pipe(
      v.record(v.picklist([...KEY_SYMBOLS, 'Z']), base64),
      say('By symbol (protocol.md sections 3 and 4).'),
    ),
  }),
  4_000,
)

const step = v.pipe(count, v.maxValue(255))
const party = v.picklist([...ROLES, 'adversary'])
const frameOfRun = v.pipe(v.exactOptional(count), say('Its place in `frames`.'))

/** A frame that a role has recorded stands in `frames`; any other by itself. */
const tracedFrame = v.strictObject({
  from: party,
  to: party,
  frame: frameOfRun,
  bytes: v.pipe(v.exactOptional(base64), say('The frame itself, where no role has recorded it.')),
})

const line = v.strictObject({
  wire: v.picklist(WIRE_NAMES),
  kind: v.pipe(
    v.picklist(['crossing', 'own', 'posed']),
    say('It crossed the wire; or one of its ends was the adversary itself.'),
  ),
  opener: endpoint,
  connection: v.pipe(
    v.exactOptional(name),
    say('The identifier of the connection that roles have recorded.'),
  ),
})

const standingFrame = v.pipe(
  v.union([count, base64]),
  say('Its place in `frames`; or the frame itself in base64, where no role has recorded it.'),
)

const seenFrame = v.strictObject({
  at: time,
  line: v.pipe(count, say('Its place in `lines`.')),
  from: v.picklist(['opener', 'acceptor']),
  own: v.pipe(v.exactOptional(v.literal(true)), say('Made, or sent again, by the adversary.')),
  of: v.pipe(v.exactOptional(count), say('The place, in this list, of the one that was sent again.')),
  held: v.pipe(v.exactOptional(number), say('For how many milliseconds it was held.')),
  came: standingFrame,
  instead: v.exactOptional(standingFrame),
  fate: v.picklist(['held', 'dropped', 'sent', 'accepted', 'refused', 'unread', 'taken']),
})

const deed = v.variant('does', [
  v.strictObject({
    at: time,
    does: v.picklist(['switch_on', 'switch_off', 'run_script', 'stop_script']),
  }),
  v.strictObject({ at: time, does: v.literal('cut'), line: count }),
  v.strictObject({
    at: time,
    does: v.literal('pose'),
    as: v.picklist(POSE_IDS),
    name: v.exactOptional(name),
  }),
  v.strictObject({ at: time, does: v.literal('leak'), key: v.picklist(LEAK_IDS) }),
])

const adversary = v.strictObject({
  lines: v.pipe(listOf(line, 1_000), say('Connections on its two wires.')),
  frames: v.pipe(listOf(seenFrame, 2_000), say('Frames that it saw or made, in order.')),
  deeds: v.pipe(listOf(deed, 1_000), say('What it did besides; a leaked key itself is among `secrets`.')),
})

const outcome = v.variant('is', [
  v.strictObject({ is: v.literal('succeeded'), measured: v.exactOptional(sentence) }),
  v.strictObject({
    is: v.literal('stopped'),
    by: v.pipe(
      v.exactOptional(
        v.strictObject({
          role,
          step,
          check: v.optional(v.picklist(CHECK_IDS)),
          code: name,
          reason: sentence,
        }),
      ),
      say('The first refusal of an honest role.'),
    ),
    missing: v.exactOptional(sentence),
  }),
])

const attack = v.strictObject({
  attack: name,
  suite,
  without: v.pipe(
    listOf(v.picklist<readonly DefenceId[]>(DEFENCES), DEFENCES.length),
    say('What was taken away from both ends, in the lab of this run alone.'),
  ),
  outcome,
  why: v.pipe(sentence, say('What its oracle has seen.')),
  word: v.pipe(name, say('The random word that only request or answer held.')),
  claim: v.pipe(
    v.strictObject({
      secret: v.exactOptional(sentence),
      missing: v.exactOptional(sentence),
      measured: v.exactOptional(sentence),
    }),
    say('What the adversary has said at the end.'),
  ),
  operations: v.pipe(
    listOf(
      v.strictObject({
        what: v.picklist(['register', 'open', 'request']),
        ok: v.boolean(),
        code: v.exactOptional(name),
        answer: v.exactOptional(sentence),
      }),
      1_000,
    ),
    say('What honest roles set out to do, and what came of it.'),
  ),
  frames: v.pipe(
    listOf(tracedFrame, 2 * MOST_RECORDS),
    say('What the adversary had on both wires: what passed, what it kept, what it sent itself.'),
  ),
})

/** What is kept apart: locked, or in clear. */
export const secretsSchema = v.strictObject({
  privateKeys: v.strictObject({ SK_CA: v.exactOptional(pem), SK_S: v.exactOptional(pem) }),
  connections: connectionKeys,
  records: secretRecords,
  others: v.pipe(
    v.exactOptional(listOf(pem, 100)),
    say('Private keys of whoever is no part of the lab, where a certificate of the run is about them.'),
  ),
})

const records = {
  connections: listOf(connection, MOST_RECORDS),
  frames: v.pipe(listOf(base64, 2 * MOST_RECORDS), say('Whole frames, each once (protocol.md section 1).')),
  records: listOf(record, MOST_RECORDS),
}

/** Records on their way to be kept, from whoever has them. */
export const givenRecordsSchema = v.strictObject({
  ...records,
  secrets: secretRecords,
  keys: connectionKeys,
})

export const runSchema = v.strictObject({
  format: v.literal(RUN_FORMAT),
  version: v.literal(RUN_VERSION),
  app: v.pipe(name, say('The version of the app that has saved it.')),
  savedAt: time,
  protocol: v.literal(HL1_ID),
  settings: v.pipe(
    listOf(v.strictObject({ from: time, value: v.record(name, v.unknown()) }), 1_000),
    v.minLength(1),
    say('Settings, each set from its time on.'),
  ),
  anchors: v.pipe(
    listOf(v.strictObject({ from: time, value: pem }), 1_000),
    say('Certificates of the authority, each the trust anchor from its time on.'),
  ),
  authority,
  server,
  walkBegan: v.pipe(v.optional(name), say('The last record from before the walk began.')),
  ...records,
  adversary: v.pipe(
    v.exactOptional(adversary),
    say('Absent but where somebody was in the middle of the lab’s connections.'),
  ),
  attack: v.pipe(
    v.exactOptional(attack),
    say('Absent but for a run of an attack: which, and what came of it.'),
  ),
  secrets: v.pipe(
    v.optional(
      v.union([
        v.strictObject({
          jwe: v.pipe(
            text(200_000_000),
            say(
              'JWE in its compact form (RFC 7516), PBES2-HS512+A256KW and A256GCM; inside is what would stand here in clear.',
            ),
          ),
        }),
        secretsSchema,
      ]),
    ),
    say('Secrets that were still there: locked, or in clear; absent where they were left out.'),
  ),
})

/** The content of a run file, but for its last member, `sha256`. */
export type RunContent = v.InferOutput<typeof runSchema>
/** Secrets in clear. */
export type SecretsContent = v.InferOutput<typeof secretsSchema>
export type RecordContent = RunContent['records'][number]
/** Records with what they speak of. */
export type RecordsContent = Pick<RunContent, 'connections' | 'frames' | 'records'>
/** See {@link givenRecordsSchema}. */
export type GivenRecords = v.InferOutput<typeof givenRecordsSchema>
