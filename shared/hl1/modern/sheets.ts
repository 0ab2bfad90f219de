/** The sheets of suite `modern` (protocol.md section 4). */
import { asym, join, object, prefixed, raw, seal } from '../../record/term'
import { X509_CHECKS } from '../check-table'
import { defineSheet } from '../define-sheet'
import type { KeySymbol } from '../keys'
import {
  carriedKey,
  clientEndpoint,
  data,
  ID_C,
  ID_S,
  lifetime,
  nonce,
  request,
  timestamp,
  x509,
  type Member,
} from '../member-parts'
import type { StepNumber } from '../steps'
import type { Hl1Sheet } from '../types'
import { RSA, SEAL, SEQUENCED } from './ciphers'
import { K_6, K_C2S, K_HS, K_S2C, PROOF, Z } from './derivations'
import { modernExplanations } from './explanations'

const KEY_BYTES = 32
/** An uncompressed point of P-256. */
const SHARE_BYTES = 65

const csr = {
  name: 'csr_s',
  symbol: 'CSR_S',
  kind: 'pem',
  nature: { is: 'request', for: 'PK_S', by: 'SK_S' },
  meaning: 'The certification request: name and public key, signed with the private key that belongs to it.',
} as const satisfies Member

const shareC = {
  name: 'share_c',
  symbol: 'Share_C',
  kind: 'bytes',
  nature: { is: 'share', of: 'client' },
  length: SHARE_BYTES,
  meaning:
    'The client’s ephemeral share (a point of P-256). With the server’s it makes a secret that is never sent.',
} as const satisfies Member

const shareS = raw(
  {
    name: 'share_s',
    symbol: 'Share_S',
    kind: 'bytes',
    nature: { is: 'share', of: 'server' },
    length: SHARE_BYTES,
    meaning:
      'The server’s ephemeral share, in clear before the sealed part: the client needs it to open that.',
  },
  { name: 'share of the server', size: SHARE_BYTES, note: 'a point of P-256, in clear' },
)

const proof = {
  name: 'proof',
  symbol: 'Proof',
  kind: 'bytes',
  nature: { is: 'signature', scheme: 'RSASSA-PSS', made: PROOF, certificate: 'x509_s' },
  meaning:
    'The server’s signature over the transcript and its share: whoever made it holds the private key, now.',
} as const satisfies Member

/** The sequence number stands in clear, and the tag covers it because the nonce is made of it. */
const sequence = raw(
  {
    name: 'seq',
    symbol: 'Seq',
    kind: 'integer',
    nature: { is: 'sequence-number' },
    meaning:
      'Counts the messages of this direction from 0. It is the nonce too, so no number can be used twice.',
  },
  { name: 'sequence number', size: 8, note: 'big-endian, in clear; part of the nonce' },
)

const rsa = <B>(key: KeySymbol, opensWith: KeySymbol, body: B) => asym(RSA, key, opensWith, body)
const sealed = <B>(step: StepNumber, key: KeySymbol, body: B, called?: string) =>
  seal(SEAL, key, step, body, called === undefined ? {} : { called })
/** The transcript ends with step 6: all messages of a session are bound to the handshake alone. */
const sequenced = <B>(key: KeySymbol, body: B) => seal(SEQUENCED, key, 7, body, { nonce: 'seq' })

export const modernSheets = {
  1: defineSheet({
    ...modernExplanations[1],
    term: join(
      prefixed(
        { name: 'length of the RSA block', size: 2, note: '{bytes} bytes' },
        rsa(
          'PK_CA',
          'SK_CA',
          object(
            carriedKey(
              'k_tmp1',
              'K_tmp1',
              KEY_BYTES,
              'A temporary key: the rest of this message and the answer are sealed with it.',
            ),
            { ...ID_S, meaning: 'Who asks: the name that the certificate will carry.' },
            timestamp(1),
          ),
        ),
      ),
      sealed(
        1,
        'K_tmp1',
        object(
          csr,
          nonce(
            'nonce_s',
            'Nonce_S',
            'Random: the answer has to bring it back, and the authority refuses a request that has it a second time.',
          ),
        ),
      ),
    ),
    derivations: {},
    checks: ['name', 'request_signature', 'request_subject', 'request_key_size', 'not_seen'],
  }),

  2: defineSheet({
    ...modernExplanations[2],
    term: sealed(
      2,
      'K_tmp1',
      object(
        x509,
        { ...ID_S, meaning: 'Whom the answer is for.' },
        nonce('nonce_s', 'Nonce_S', 'The nonce of the request: this is the answer to it and to no other.'),
        timestamp(2),
      ),
    ),
    derivations: {},
    checks: ['identity', ...X509_CHECKS, 'same_key', 'nonce'],
  }),

  3: defineSheet({
    ...modernExplanations[3],
    term: object(
      { ...ID_S, meaning: 'Which server is wanted: another one would refuse.' },
      timestamp(3),
      nonce('nonce_c', 'Nonce_C', 'Random: it makes the transcript of this connection unlike any other.'),
      shareC,
    ),
    derivations: {},
    checks: ['identity'],
  }),

  4: defineSheet({
    ...modernExplanations[4],
    term: join(
      shareS,
      sealed(
        4,
        'K_hs',
        object(
          x509,
          timestamp(4),
          nonce('nonce_s', 'Nonce_S', 'Random: it makes the proof one of this moment.'),
          proof,
        ),
      ),
    ),
    derivations: { Z, K_hs: K_HS, Proof: PROOF },
    checks: [...X509_CHECKS, 'proof'],
  }),

  5: defineSheet({
    ...modernExplanations[5],
    term: sealed(
      5,
      'K_hs',
      rsa(
        'PK_S',
        'SK_S',
        object(
          carriedKey(
            'k_tmp2',
            'K_tmp2',
            KEY_BYTES,
            'A temporary key; it and the shared secret make the key of the answer.',
          ),
          { ...ID_C, meaning: 'Who asks: said only now, under two keys.' },
          ...clientEndpoint,
          timestamp(5),
        ),
      ),
      'RSA block, sealed',
    ),
    derivations: {},
    checks: ['address'],
    origins: {
      PK_S: {
        server: 'The server’s own key pair; where it registered in this suite, it made that itself.',
        client: 'Read from the certificate in step 4, and proved there.',
      },
    },
  }),

  6: defineSheet({
    ...modernExplanations[6],
    term: sealed(
      6,
      'K_6',
      object(
        carriedKey(
          'k_sess',
          'K_sess',
          KEY_BYTES,
          'The session key; with the shared secret it makes one key for each direction.',
        ),
        lifetime,
        { ...ID_C, meaning: 'Whom the session key is for.' },
        timestamp(6),
      ),
    ),
    derivations: { K_6 },
    checks: ['identity', 'lifetime'],
  }),

  7: defineSheet({
    ...modernExplanations[7],
    term: join(sequence, sequenced('K_c2s', object(request, timestamp(7)))),
    derivations: { K_c2s: K_C2S },
    checks: ['sequence'],
  }),

  8: defineSheet({
    ...modernExplanations[8],
    term: join(sequence, sequenced('K_s2c', object(data, timestamp(8)))),
    derivations: { K_s2c: K_S2C },
    checks: ['sequence'],
  }),
} as const satisfies Readonly<Record<StepNumber, Hl1Sheet>>
