/** Steps 3 to 6 of suite `modern` (protocol.md section 4): ephemeral shares, a proof of the server, derived keys. */
import { concat, type Bytes } from '../../bytes'
import { otherwise, passOwnFault } from '../../errors'
import { judgeRsaKey } from '../../crypto/pki/rsa-key'
import { AES_KEY_BYTES, SHARE_BYTES } from '../../crypto/primitives/aead'
import { beginSignature, readServerCertificate, verifyServerCertificate } from '../certificate-checks'
import type { CheckList } from '../checks'
import type { Environment } from '../environment'
import { withoutHandshakeKeys } from '../forgetting'
import { defineConduct, type SuiteConduct } from '../conduct'
import { checkAddress, checkIdentity, checkLifetime, known, newSession, receivedSession } from '../step-parts'
import * as body from './bodies'
import { modernSheets } from './sheets'
import { answerKey, handshakeKey, proofText, withSessionKeys } from './secrets'

const NONCE_BYTES = 32

export const handshakeConduct: Pick<SuiteConduct, 3 | 4 | 5 | 6> = {
  3: defineConduct(3, modernSheets[3], {
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
      return plaintext
    },
    async open(_state, bytes) {
      return { parts: [bytes] }
    },
    async verify(state, values, checks, environment) {
      // What a share is belongs to the types of members: it is asked before the step's own checks.
      const keyShare = await environment.crypto.makeKeyShare()
      const peerShare = await readShare(values.share_c, checks, environment)
      checkIdentity(values.id_s, state.credentials.identity, checks)
      return { ...state, modern: { keyShare, peerShare } }
    },
  }),

  4: defineConduct(4, modernSheets[4], {
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
      return concat(known(keyShare).share, sealed)
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
      }
    },
    async verify(state, values, checks, environment) {
      const { trustAnchor, idS, server } = state
      const question = { trustAnchor, idS, address: server.address, now: environment.now() }
      const signature = beginSignature(values.x509_s, question, environment)
      const serverCertificate = readServerCertificate(values.x509_s, checks)
      const serverKey = serverCertificate.publicKey
      const text = proofText(state.transcript, values.share_s, values.nonce_s)
      // A key that is none to work with is not worked with: verifying takes as long as its numbers are.
      const isToVerify =
        judgeRsaKey(serverKey).fault === undefined || environment.without?.has('certificate_key')
      const proof = isToVerify
        ? environment.crypto.verifyPss(serverKey, values.proof, text).catch(otherwise(false))
        : Promise.resolve(false)
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

  5: defineConduct(5, modernSheets[5], {
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
      return body.seal(known(state.modern?.kHs), wrapped, length, context, environment)
    },
    async open(state, bytes, frame, environment) {
      const context = { transcript: state.transcript, frame }
      const wrapped = await body.unseal(known(state.modern?.kHs), bytes, bytes.length, context, environment)
      return { parts: [await body.decryptRsa(state.credentials.privateKey, wrapped, environment)] }
    },
    async verify(state, values, checks) {
      checkAddress({ address: values.ip_c, port: values.port_c }, state, checks)
      return { ...state, idC: values.id_c, kTmp2: values.k_tmp2 }
    },
  }),

  6: defineConduct(6, modernSheets[6], {
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
      const key = await answerKey(state, environment)
      return body.seal(key, plaintext, length, context, environment)
    },
    async open(state, bytes, frame, environment) {
      const context = { transcript: state.transcript, frame }
      const key = await answerKey(state, environment)
      return { parts: [await body.unseal(key, bytes, bytes.length, context, environment)] }
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
    passOwnFault(cause)
    const reason = 'The member share_c is not a point of the curve P-256.'
    return checks.refuse('members', 'malformed', { reason }, cause)
  }
}
