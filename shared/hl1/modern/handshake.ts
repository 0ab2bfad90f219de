/** Steps 3 to 6 of suite `modern` (protocol.md section 4): ephemeral shares, a proof of the server, derived keys. */
import { concat, type Bytes } from '../../bytes'
import { AES_KEY_BYTES, SHARE_BYTES } from '../../crypto/primitives/aead'
import {
  beginSignature,
  readServerCertificate,
  verifyServerCertificate,
  X509_CHECKS,
} from '../certificate-checks'
import type { CheckList } from '../checks'
import type { Environment } from '../environment'
import { withoutHandshakeKeys } from '../forgetting'
import type { MemberSpec } from '../members'
import { defineStep, type SuiteSteps } from '../step'
import {
  checkAddress,
  checkIdentity,
  checkLifetime,
  clientEndpoint,
  ID_C,
  ID_S,
  known,
  lifetime,
  newSession,
  receivedSession,
  timestamp,
  x509,
} from '../step-parts'
import * as body from './bodies'
import { modernExplanations } from './explanations'
import { answerKey, handshakeKey, proofText, withSessionKeys } from './secrets'

const NONCE_BYTES = 32

const shareC = {
  name: 'share_c',
  symbol: 'Share_C',
  kind: 'bytes',
  length: SHARE_BYTES,
  meaning:
    'The client’s ephemeral share (a point of P-256). With the server’s it makes a secret that is never sent.',
} as const satisfies MemberSpec

const shareS = {
  name: 'share_s',
  symbol: 'Share_S',
  kind: 'bytes',
  length: SHARE_BYTES,
  outside: true,
  meaning: 'The server’s ephemeral share, in clear before the sealed part: the client needs it to open that.',
} as const satisfies MemberSpec

const sealedKey = <N extends 'k_tmp2' | 'k_sess', S extends 'K_tmp2' | 'K_sess'>(
  name: N,
  symbol: S,
  meaning: string,
) => ({ name, symbol, kind: 'bytes', length: AES_KEY_BYTES, carries: symbol, secret: true, meaning }) as const

export const handshakeSteps: Pick<SuiteSteps, 3 | 4 | 5 | 6> = {
  3: defineStep(3, {
    ...modernExplanations[3],
    formula: 'ID_S ‖ TS3 ‖ Nonce_C ‖ Share_C',
    members: [
      { ...ID_S, meaning: 'Which server is wanted: another one would refuse.' },
      timestamp(3),
      {
        name: 'nonce_c',
        symbol: 'Nonce_C',
        kind: 'bytes',
        length: NONCE_BYTES,
        meaning: 'Random: it makes the transcript of this connection unlike any other.',
      },
      shareC,
    ],
    checks: ['identity'],
    layers: [],
    async compose(state, _input, environment) {
      const keyShare = await environment.crypto.makeKeyShare()
      const values = {
        id_s: state.idS,
        ts3: environment.now(),
        nonce_c: environment.random(NONCE_BYTES),
        share_c: keyShare.share,
      }
      return { values, state: { ...state, modern: { keyShare } } }
    },
    async seal(_state, [plaintext = new Uint8Array()]) {
      return { body: plaintext, ...clearLayout(plaintext.length) }
    },
    async open(_state, bytes) {
      return { parts: [bytes], ...clearLayout(bytes.length) }
    },
    async verify(state, values, checks, environment) {
      // What a share is belongs to the types of members: it is asked before the step's own checks.
      const keyShare = await environment.crypto.makeKeyShare()
      const peerShare = await readShare(values.share_c, checks, environment)
      checkIdentity(values.id_s, state.credentials.identity, checks)
      return { ...state, modern: { keyShare, peerShare } }
    },
  }),

  4: defineStep(4, {
    ...modernExplanations[4],
    formula: 'Share_S ‖ AES(K_hs: X509_S ‖ TS4 ‖ Nonce_S ‖ Proof)',
    members: [
      shareS,
      x509,
      timestamp(4),
      {
        name: 'nonce_s',
        symbol: 'Nonce_S',
        kind: 'bytes',
        length: NONCE_BYTES,
        meaning: 'Random: it makes the proof one of this moment.',
      },
      {
        name: 'proof',
        symbol: 'Proof',
        kind: 'bytes',
        meaning:
          'The server’s signature over the transcript and its share: whoever made it holds the private key, now.',
      },
    ],
    checks: [...X509_CHECKS, 'proof'],
    layers: [{ key: 'K_hs', opensWith: 'K_hs', algorithm: body.SEAL_ALGORITHM }],
    async compose(state, _input, environment) {
      const modern = known(state.modern)
      const nonce = environment.random(NONCE_BYTES)
      const keyShare = known(modern.keyShare)
      const { share, privateKey } = keyShare
      const text = proofText(state.transcript, share, nonce)
      // The secret and the proof need nothing of each other: they are made at once.
      const [shared, proof] = await Promise.all([
        environment.crypto.agree(privateKey, known(modern.peerShare)),
        environment.crypto.signPss(state.credentials.privateKey, text),
      ])
      const values = {
        share_s: share,
        x509_s: state.credentials.certificate.pem,
        ts4: environment.now(),
        nonce_s: nonce,
        proof,
      }
      const kHs = await handshakeKey(shared, state.transcript, environment)
      return { values, state: { ...state, modern: { keyShare, shared, kHs } } }
    },
    async seal(state, [plaintext = new Uint8Array()], frame, environment) {
      const { keyShare, kHs } = known(state.modern)
      const length = SHARE_BYTES + plaintext.length + body.SEAL_OVERHEAD
      const context = { transcript: state.transcript, frame }
      const sealed = await body.seal(known(kHs), plaintext, length, context, environment)
      return { body: concat(known(keyShare).share, sealed), ...shareLayout(length) }
    },
    async open(state, bytes, frame, environment) {
      const modern = known(state.modern)
      const share = bytes.slice(0, SHARE_BYTES)
      const { readShare: read, agree } = environment.crypto
      const shared = await agree(known(modern.keyShare).privateKey, await read(share))
      const kHs = await handshakeKey(shared, state.transcript, environment)
      const context = { transcript: state.transcript, frame }
      const plaintext = await body.unseal(kHs, bytes.slice(SHARE_BYTES), bytes.length, context, environment)
      return {
        parts: [plaintext],
        outside: { share_s: share },
        state: { ...state, modern: { ...modern, shared, kHs } },
        ...shareLayout(bytes.length),
      }
    },
    async verify(state, values, checks, environment) {
      const { trustAnchor, idS, server } = state
      const question = { trustAnchor, idS, address: server.address, now: environment.now() }
      const signature = beginSignature(values.x509_s, question, environment)
      const serverCertificate = readServerCertificate(values.x509_s, checks)
      const serverKey = serverCertificate.publicKey
      const text = proofText(state.transcript, values.share_s, values.nonce_s)
      const proof = environment.crypto.verifyPss(serverKey, values.proof, text).catch(() => false)
      await verifyServerCertificate(serverCertificate, question, checks, environment, signature)
      const ok = await proof
      const reason = ok
        ? 'The certified key signed this connection’s transcript and share: the server is there, now.'
        : 'The signature does not fit this connection: whoever answers does not hold the certified key.'
      checks.require('proof', 'bad_certificate', {
        ok,
        reason,
        expected: 'RSASSA-PSS with SHA-256, salt of 32 bytes',
      })
      return { ...state, serverKey, serverCertificate }
    },
  }),

  5: defineStep(5, {
    ...modernExplanations[5],
    formula: 'AES(K_hs: RSA(PK_S: K_tmp2 ‖ ID_C ‖ IP_C ‖ Port_C ‖ TS5))',
    members: [
      sealedKey('k_tmp2', 'K_tmp2', 'A temporary key; it and the shared secret make the key of the answer.'),
      { ...ID_C, meaning: 'Who asks: said only now, under two keys.' },
      ...clientEndpoint,
      timestamp(5),
    ],
    checks: ['address'],
    layers: [
      { key: 'K_hs', opensWith: 'K_hs', algorithm: body.SEAL_ALGORITHM },
      {
        key: 'PK_S',
        opensWith: 'SK_S',
        algorithm: body.RSA_ALGORITHM,
        origins: {
          server: 'The server’s own key pair; in this suite it is made by the server and never leaves it.',
          client: 'Read from the certificate in step 4, and proved there.',
        },
      },
    ],
    async compose(state, input, environment) {
      const kTmp2 = environment.random(AES_KEY_BYTES)
      const values = {
        k_tmp2: kTmp2,
        id_c: state.idC,
        ip_c: input.address,
        port_c: input.port,
        ts5: environment.now(),
      }
      return { values, state: { ...state, kTmp2 } }
    },
    async seal(state, [plaintext = new Uint8Array()], frame, environment) {
      const wrapped = await body.encryptRsa(known(state.serverKey), plaintext, environment)
      const length = wrapped.length + body.SEAL_OVERHEAD
      const context = { transcript: state.transcript, frame }
      const sealed = await body.seal(known(state.modern?.kHs), wrapped, length, context, environment)
      return { body: sealed, ...wrappedLayout(length) }
    },
    async open(state, bytes, frame, environment) {
      const context = { transcript: state.transcript, frame }
      const wrapped = await body.unseal(known(state.modern?.kHs), bytes, bytes.length, context, environment)
      const plaintext = await body.decryptRsa(state.credentials.privateKey, wrapped, environment)
      return { parts: [plaintext], ...wrappedLayout(bytes.length) }
    },
    async verify(state, values, checks) {
      checkAddress({ address: values.ip_c, port: values.port_c }, state, checks)
      return { ...state, idC: values.id_c, kTmp2: values.k_tmp2 }
    },
  }),

  6: defineStep(6, {
    ...modernExplanations[6],
    formula: 'AES(K_6: K_sess ‖ Lifetime_sess ‖ ID_C ‖ TS6)',
    members: [
      sealedKey(
        'k_sess',
        'K_sess',
        'The session key; with the shared secret it makes one key for each direction.',
      ),
      lifetime,
      { ...ID_C, meaning: 'Whom the session key is for.' },
      timestamp(6),
    ],
    checks: ['identity', 'lifetime'],
    layers: [{ key: 'K_6', opensWith: 'K_6', algorithm: body.SEAL_ALGORITHM }],
    async compose(state, input, environment) {
      const key = environment.random(AES_KEY_BYTES)
      const ts6 = environment.now()
      const values = { k_sess: key, lifetime_sess: input.lifetime, id_c: known(state.idC), ts6 }
      const session = newSession(state, { key, lifetime: input.lifetime, startedAt: ts6 }, environment)
      return { values, state: { ...state, session } }
    },
    async seal(state, [plaintext = new Uint8Array()], frame, environment) {
      const length = plaintext.length + body.SEAL_OVERHEAD
      const context = { transcript: state.transcript, frame }
      const sealed = await body.seal(
        await answerKey(state, environment),
        plaintext,
        length,
        context,
        environment,
      )
      return { body: sealed, ...body.wholeSeal('K_6', length) }
    },
    async open(state, bytes, frame, environment) {
      const context = { transcript: state.transcript, frame }
      const plaintext = await body.unseal(
        await answerKey(state, environment),
        bytes,
        bytes.length,
        context,
        environment,
      )
      return { parts: [plaintext], ...body.wholeSeal('K_6', bytes.length) }
    },
    settle: async (state, environment) => withoutHandshakeKeys(await withSessionKeys(state, environment)),
    async verify(state, values, checks, environment) {
      checkIdentity(values.id_c, state.idC, checks)
      checkLifetime(values.lifetime_sess, checks)
      const received = { key: values.k_sess, lifetime: values.lifetime_sess, startedAt: values.ts6 }
      return { ...state, session: receivedSession(state, received, environment) }
    },
  }),
}

/** A share that is no point of the curve is a member that is wrong, not a ciphertext that can't be opened. */
async function readShare(share: Bytes, checks: CheckList, { crypto }: Environment): Promise<CryptoKey> {
  try {
    return await crypto.readShare(share)
  } catch (cause) {
    const finding = { ok: false, reason: 'The member share_c is not a point of the curve P-256.' }
    checks.require('members', 'malformed', finding, cause)
    throw cause
  }
}

function clearLayout(length: number) {
  return {
    ranges: [{ name: 'JSON', start: 0, end: length, note: 'in clear' }],
    project: (_part: number, { start, end }: { readonly start: number; readonly end: number }) => ({
      start,
      end,
    }),
  }
}

function shareLayout(length: number) {
  const note = 'a point of P-256, in clear'
  return {
    ranges: [
      { name: 'share of the server', member: shareS.name, start: 0, end: SHARE_BYTES, note },
      ...body.sealRanges('K_hs', SHARE_BYTES, length),
    ],
    project: body.alongSeal(SHARE_BYTES),
  }
}

/** Every bit of the RSA block depends on the whole plaintext, and the seal goes over all of the block. */
function wrappedLayout(length: number) {
  const block = { start: body.SEAL_START, end: length - body.TAG_BYTES }
  return { ranges: body.sealRanges('K_hs', 0, length, 'RSA block, sealed'), project: () => block }
}
