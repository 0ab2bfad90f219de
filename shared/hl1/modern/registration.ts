/** Steps 1 and 2 of suite `modern` (protocol.md section 4): the server keeps its private key and proves that it has it. */
import { concat, equalBytes, fromBase64, toBase64, type Bytes } from '../../bytes'
import { LabError, messageOf, passOwnFault } from '../../errors'
import { AES_KEY_BYTES } from '../../crypto/primitives/aead'
import { issueServerCertificate, serialFrom, validFor } from '../../crypto/pki/issue'
import { makeRequest, readRequest, type CertificationRequest } from '../../crypto/pki/request'
import { GOOD_RSA_KEY, rsaKeyText } from '../../crypto/pki/rsa-key'
import { ProtocolError } from '../alerts'
import { checkSameKey, readServerCertificate, verifyServerCertificate } from '../certificate-checks'
import type { CheckList } from '../checks'
import type { Environment } from '../environment'
import type { ReplayMemory } from '../replay-memory'
import { parseObject } from '../read-object'
import { defineConduct, type SuiteConduct } from '../conduct'
import { checkIdentity, checkName, known, LOOPBACK, takeName } from '../step-parts'
import { modernSheets } from './sheets'
import * as body from './bodies'
import { additionsFor } from '../state'

const NONCE_BYTES = 32
const LENGTH_BYTES = 2

export const registrationConduct: Pick<SuiteConduct, 1 | 2> = {
  1: defineConduct(1, modernSheets[1], {
    async compose(state, _input, environment) {
      const keyPair = await environment.crypto.generateRsaKeyPair(state.rsaBits)
      const own = { keyPair, nonce: environment.random(NONCE_BYTES) }
      const temporary = environment.random(AES_KEY_BYTES)
      const values = {
        k_tmp1: temporary,
        id_s: state.idS,
        ts1: environment.now(),
        csr_s: await makeRequest(state.idS, keyPair, environment.crypto),
        nonce_s: own.nonce,
      }
      return { values, state: { ...state, kTmp1: temporary, own } }
    },
    async seal(state, [first = new Uint8Array(), second = new Uint8Array()], frame, environment) {
      const { transcript, trustAnchor } = state
      const wrapped = await body.encryptRsa(trustAnchor.publicKey, first, environment)
      const length = LENGTH_BYTES + wrapped.length + second.length + body.SEAL_OVERHEAD
      const sealed = await body.seal(known(state.kTmp1), second, length, { transcript, frame }, environment)
      return concat(encodeLength(wrapped.length), wrapped, sealed)
    },
    async open(state, bytes, frame, environment) {
      const start = LENGTH_BYTES + decodeLength(bytes)
      const first = await body.decryptRsa(
        state.credentials.keyPair.privateKey,
        bytes.slice(LENGTH_BYTES, start),
        environment,
      )
      const key = await temporaryKey(first)
      // Without a good key the second object stays shut; reading the members of the first will say what is wrong with it.
      const context = { transcript: state.transcript, frame }
      const second = key
        ? await body.unseal(key, bytes.slice(start), bytes.length, context, environment)
        : EMPTY_OBJECT
      return { parts: [first, second] }
    },
    async verify(state, values, checks, environment) {
      checkName(values.id_s, state, checks, environment)
      const request = await readCsr(values.csr_s, checks, environment)
      checkRequest(request, values.id_s, checks)
      checkNotSeen(seenBy(environment).has(values.nonce_s), checks)
      return {
        ...state,
        kTmp1: values.k_tmp1,
        idS: values.id_s,
        requested: { publicKey: request.publicKey, nonce: values.nonce_s, timestamp: values.ts1 },
      }
    },
    remember(state, checks, environment) {
      if (environment.without?.has('not_seen')) return takeName(state, checks, environment)
      const { nonce: asked, timestamp: at } = known(state.requested)
      const result = seenBy(environment).remember(asked, at, environment.now())
      // Remembered first: while a person is asked, the same request is refused on every other connection.
      if (result === 'remembered') return takeName(state, checks, environment)
      // The same request came on two connections at once, and the other one was faster.
      if (result === 'seen') return checkNotSeen(true, checks)
      throw new ProtocolError({ code: 'busy', step: 1, message: NO_MEMORY[result] })
    },
  }),

  2: defineConduct(2, modernSheets[2], {
    async compose(state, _input, environment) {
      const { credentials, policy } = state
      const { publicKey, nonce: asked } = known(state.requested)
      const identity = known(state.idS)
      const certificate = await issueServerCertificate(
        { certificate: credentials.certificate, privateKey: credentials.keyPair.privateKey },
        {
          identity,
          publicKey,
          serial: serialFrom(environment.random(16)),
          validity: validFor(policy.validityDays, environment.now()),
          additions: additionsFor(policy, identity),
        },
        environment.crypto,
      )
      environment.names?.give(identity, certificate)
      const values = { x509_s: certificate.pem, id_s: identity, nonce_s: asked, ts2: environment.now() }
      return { values, state: { ...state, issued: { certificate } } }
    },
    async seal(state, [plaintext = new Uint8Array()], frame, environment) {
      const length = plaintext.length + body.SEAL_OVERHEAD
      const context = { transcript: state.transcript, frame }
      return body.seal(known(state.kTmp1), plaintext, length, context, environment)
    },
    async open(state, bytes, frame, environment) {
      const context = { transcript: state.transcript, frame }
      const plaintext = await body.unseal(known(state.kTmp1), bytes, bytes.length, context, environment)
      return { parts: [plaintext] }
    },
    async verify(state, values, checks, environment) {
      const { keyPair, nonce: asked } = known(state.own)
      const question = {
        trustAnchor: state.trustAnchor,
        idS: state.idS,
        address: LOOPBACK,
        now: environment.now(),
      }
      checkIdentity(values.id_s, state.idS, checks)
      const certificate = readServerCertificate(values.x509_s, checks)
      await verifyServerCertificate(certificate, question, checks, environment)
      checkSameKey(certificate, keyPair.publicKey, checks)
      const ok = equalBytes(values.nonce_s, asked)
      const reason = ok
        ? 'The answer brings back the nonce of the request.'
        : 'The answer is to another request.'
      checks.require('nonce', 'replayed', { ok, reason })
      const { publicKey, privateKey } = keyPair
      return { ...state, credentials: { identity: state.idS, publicKey, privateKey, certificate } }
    },
  }),
}

/** Why the authority can't remember a request, and what to do. */
const NO_MEMORY = {
  full: 'The authority remembers as many requests from the future as it can. Set the clock, or try again later.',
  forgotten:
    'The authority no longer knows which requests of that time it has seen. Make a new request; where a clock was set back, a new authority.',
} as const

/** Without a memory nothing is accepted: an authority that forgets would answer a request twice. */
function seenBy({ seen }: Environment): ReplayMemory {
  if (!seen)
    throw new LabError('internal_error', 'The authority has nothing that it could remember requests in.')
  return seen
}

function checkNotSeen(seen: boolean, checks: CheckList): void {
  const reason = seen
    ? 'This nonce was in an earlier request.'
    : 'Neither the nonce nor the message was seen before.'
  checks.require('not_seen', 'replayed', { ok: !seen, reason })
}

const EMPTY_OBJECT: Bytes = new Uint8Array([0x7b, 0x7d])

/** The key in the first object, where it is one; what is wrong with it is found out when members are read. */
async function temporaryKey(first: Bytes): Promise<Bytes | undefined> {
  const { object } = await parseObject(first, modernSheets[1].members)
  const value = object['k_tmp1']
  const key = typeof value === 'string' ? fromBase64(value) : undefined
  return key?.length === AES_KEY_BYTES && toBase64(key) === value ? key : undefined
}

async function readCsr(
  pem: string,
  checks: CheckList,
  { crypto, without }: Environment,
): Promise<CertificationRequest> {
  try {
    return await readRequest(pem, crypto, without?.has('request_key_size'))
  } catch (cause) {
    passOwnFault(cause)
    const reason = 'The member csr_s is not a certification request with an RSA key.'
    return checks.refuse('request_signature', 'bad_certificate', { reason, found: messageOf(cause) }, cause)
  }
}

function checkRequest(request: CertificationRequest, idS: string, checks: CheckList): void {
  const { isSigned, commonName, fault } = request
  const key = {
    ok: fault === undefined,
    reason: fault ?? 'The key is long enough, and has the exponent that it should have.',
    found: rsaKeyText(request),
    expected: GOOD_RSA_KEY,
  }
  // With such a key nothing was verified.
  if (!key.ok) checks.require('request_key_size', 'bad_certificate', key)
  checks.require('request_signature', 'bad_certificate', {
    ok: isSigned,
    reason: isSigned
      ? 'The key in the request made its signature: whoever asks holds the private key.'
      : 'The signature was not made with the key in the request.',
  })
  checks.require('request_subject', 'bad_certificate', {
    ok: commonName === idS,
    reason:
      commonName === idS ? 'The request is in the name of who asks.' : 'The request is in another name.',
    found: commonName ?? 'none',
    expected: idS,
  })
  checks.require('request_key_size', 'bad_certificate', key)
}

function encodeLength(length: number): Bytes {
  return new Uint8Array([length >> 8, length & 0xff])
}

function decodeLength(bytes: Bytes): number {
  return (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
}
