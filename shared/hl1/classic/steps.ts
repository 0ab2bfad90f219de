/** The eight steps of suite `classic` (protocol.md section 3). */
import type { Bytes } from '../../bytes'
import { signCertS } from '../../crypto/pki/cert-s'
import { DES_KEY_BYTES } from '../../crypto/primitives/des'
import { isWeakDesKey } from '../../crypto/primitives/des-keys'
import { issueServerCertificate, serialFrom, validFor } from '../../crypto/pki/issue'
import { privateKeyFromPem, publicKeyFromPem } from '../../crypto/primitives/rsa'
import { isKeyPair } from '../../crypto/provider'
import {
  beginSignature,
  checkCertS,
  checkSameKey,
  readServerCertificate,
  readServerKey,
  verifyServerCertificate,
  X509_CHECKS,
} from '../certificate-checks'
import type { Environment } from '../environment'
import { withoutHandshakeKeys } from '../forgetting'
import type { KeySymbol } from '../keys'
import type { MemberSpec } from '../members'
import { defineStep, type SuiteSteps } from '../step'
import {
  checkAddress,
  checkIdentity,
  checkLifetime,
  checkSessionLives,
  clientEndpoint,
  data,
  ID_C,
  ID_S,
  known,
  lifetime,
  LOOPBACK,
  newSession,
  receivedSession,
  request,
  timestamp,
  x509,
} from '../step-parts'
import { closeWithDes, closeWithRsa, DES_ALGORITHM, openWithDes, openWithRsa, RSA_ALGORITHM } from './bodies'
import { classicExplanations } from './explanations'

const rsaLayer = (key: KeySymbol, opensWith: KeySymbol) => [{ key, opensWith, algorithm: RSA_ALGORITHM }]
const desLayer = (key: KeySymbol) => [{ key, opensWith: key, algorithm: DES_ALGORITHM }]

const desKey = <N extends string>(name: N, carries: KeySymbol, meaning: string) =>
  ({
    name,
    symbol: carries,
    kind: 'bytes',
    length: DES_KEY_BYTES,
    carries,
    secret: true,
    meaning,
    refuse: (value) =>
      value instanceof Uint8Array && isWeakDesKey(value) ? 'this is a weak or semi-weak DES key.' : undefined,
  }) as const satisfies MemberSpec

const publicKey = {
  name: 'pk_s',
  symbol: 'PK_S',
  kind: 'pem',
  label: 'PUBLIC KEY',
  carries: 'PK_S',
  meaning: 'The server’s public key. Both certificates speak of it.',
} as const satisfies MemberSpec

const certS = {
  name: 'cert_s',
  symbol: 'Cert_S',
  kind: 'bytes',
  meaning: 'The authority’s signature over the server’s identity, its own identity and the public key.',
} as const satisfies MemberSpec

export const classicSteps: SuiteSteps = {
  1: defineStep(1, {
    ...classicExplanations[1],
    formula: 'RSA(PK_CA: K_tmp1 ‖ ID_S ‖ TS1)',
    members: [
      desKey(
        'k_tmp1',
        'K_tmp1',
        'A temporary key, made for this one answer: the authority replies under it.',
      ),
      { ...ID_S, meaning: 'Who asks: the name that the certificate will carry.' },
      timestamp(1),
    ],
    checks: [],
    layers: rsaLayer('PK_CA', 'SK_CA'),
    async compose(state, _input, environment) {
      const kTmp1 = newDesKey(environment)
      const values = { k_tmp1: kTmp1, id_s: state.idS, ts1: environment.now() }
      return { values, state: { ...state, kTmp1 } }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithRsa('PK_CA', state.trustAnchor.publicKey, only(parts), environment),
    open: (state, body, _frame, environment) =>
      openWithRsa('PK_CA', state.credentials.keyPair.privateKey, body, environment),
    async verify(state, values) {
      return { ...state, kTmp1: values.k_tmp1, idS: values.id_s }
    },
  }),

  2: defineStep(2, {
    ...classicExplanations[2],
    formula: 'DES(K_tmp1: PK_S ‖ SK_S ‖ Cert_S ‖ X509_S ‖ ID_S ‖ TS2)',
    members: [
      publicKey,
      {
        name: 'sk_s',
        symbol: 'SK_S',
        kind: 'pem',
        label: 'PRIVATE KEY',
        carries: 'SK_S',
        secret: true,
        meaning: 'The server’s private key, made by the authority.',
      },
      certS,
      x509,
      { ...ID_S, meaning: 'Whom the answer is for.' },
      timestamp(2),
    ],
    checks: ['identity', 'key_pair', 'cert_s_signature', ...X509_CHECKS, 'same_key'],
    layers: desLayer('K_tmp1'),
    async compose(state, _input, environment) {
      const { credentials, policy } = state
      const idS = known(state.idS)
      const keyPair = await environment.crypto.generateRsaKeyPair(policy.rsaBits)
      const issuer = { certificate: credentials.certificate, privateKey: credentials.keyPair.privateKey }
      const [signature, certificate] = await Promise.all([
        signCertS(
          issuer.privateKey,
          { idS, idCa: credentials.identity, pkS: keyPair.publicKey.pem },
          environment.crypto,
        ),
        issueServerCertificate(
          issuer,
          {
            identity: idS,
            publicKey: keyPair.publicKey,
            serial: serialFrom(environment.random(16)),
            validity: validFor(policy.validityDays, environment.now()),
          },
          environment.crypto,
        ),
      ])
      const values = {
        pk_s: keyPair.publicKey.pem,
        sk_s: keyPair.privateKey.pem,
        cert_s: signature,
        x509_s: certificate.pem,
        id_s: idS,
        ts2: environment.now(),
      }
      return { values, state: { ...state, issued: { certificate } } }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes('K_tmp1', known(state.kTmp1), only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes('K_tmp1', known(state.kTmp1), body, environment),
    async verify(state, values, checks, environment) {
      const question = {
        trustAnchor: state.trustAnchor,
        idS: state.idS,
        address: LOOPBACK,
        now: environment.now(),
      }
      checkIdentity(values.id_s, state.idS, checks)
      const signature = beginSignature(values.x509_s, question, environment)
      const pair = await readKeyPair(values.pk_s, values.sk_s, environment)
      const reason = pair
        ? 'What the private key signs, the public key verifies.'
        : 'The two keys are not a pair.'
      checks.require('key_pair', 'bad_certificate', { ok: pair !== undefined, reason })
      await checkCertS(question, values.pk_s, values.cert_s, checks, environment)
      const certificate = readServerCertificate(values.x509_s, checks)
      await verifyServerCertificate(certificate, question, checks, environment, signature)
      checkSameKey(certificate, known(pair).publicKey, checks)
      const credentials = { identity: state.idS, ...known(pair), certS: values.cert_s, certificate }
      return { ...state, credentials }
    },
  }),

  3: defineStep(3, {
    ...classicExplanations[3],
    formula: 'DES(K_boot: ID_C ‖ ID_S ‖ TS3)',
    members: [
      { ...ID_C, meaning: 'Who asks.' },
      { ...ID_S, meaning: 'Which server is wanted: another one would refuse.' },
      timestamp(3),
    ],
    checks: ['identity'],
    layers: desLayer('K_boot'),
    async compose(state, _input, environment) {
      return { values: { id_c: state.idC, id_s: state.idS, ts3: environment.now() }, state }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes('K_boot', state.kBoot, only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes('K_boot', state.kBoot, body, environment),
    async verify(state, values, checks) {
      checkIdentity(values.id_s, state.credentials.identity, checks)
      return { ...state, idC: values.id_c }
    },
  }),

  4: defineStep(4, {
    ...classicExplanations[4],
    formula: 'DES(K_boot: PK_S ‖ Cert_S ‖ X509_S ‖ TS4)',
    members: [publicKey, certS, x509, timestamp(4)],
    checks: ['cert_s_signature', 'same_key', ...X509_CHECKS],
    layers: desLayer('K_boot'),
    async compose(state, _input, environment) {
      const { publicKey: key, certS: signature, certificate } = state.credentials
      const values = {
        pk_s: key.pem,
        cert_s: known(signature),
        x509_s: certificate.pem,
        ts4: environment.now(),
      }
      return { values, state }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes('K_boot', state.kBoot, only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes('K_boot', state.kBoot, body, environment),
    async verify(state, values, checks, environment) {
      const { trustAnchor, idS, server } = state
      const question = { trustAnchor, idS, address: server.address, now: environment.now() }
      const signature = beginSignature(values.x509_s, question, environment)
      await checkCertS(question, values.pk_s, values.cert_s, checks, environment)
      const serverCertificate = readServerCertificate(values.x509_s, checks)
      const serverKey = readServerKey(values.pk_s, checks)
      checkSameKey(serverCertificate, serverKey, checks)
      await verifyServerCertificate(serverCertificate, question, checks, environment, signature)
      return { ...state, serverKey, serverCertificate, certS: values.cert_s }
    },
  }),

  5: defineStep(5, {
    ...classicExplanations[5],
    formula: 'RSA(PK_S: K_tmp2 ‖ ID_C ‖ IP_C ‖ Port_C ‖ TS5)',
    members: [
      desKey('k_tmp2', 'K_tmp2', 'A temporary key, made for this one answer: the server replies under it.'),
      { ...ID_C, meaning: 'Who sends: the same as in step 3.' },
      ...clientEndpoint,
      timestamp(5),
    ],
    checks: ['identity', 'address'],
    layers: rsaLayer('PK_S', 'SK_S'),
    async compose(state, input, environment) {
      const kTmp2 = newDesKey(environment)
      const values = {
        k_tmp2: kTmp2,
        id_c: state.idC,
        ip_c: input.address,
        port_c: input.port,
        ts5: environment.now(),
      }
      return { values, state: { ...state, kTmp2 } }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithRsa('PK_S', known(state.serverKey), only(parts), environment),
    open: (state, body, _frame, environment) =>
      openWithRsa('PK_S', state.credentials.privateKey, body, environment),
    async verify(state, values, checks) {
      checkIdentity(values.id_c, known(state.idC), checks)
      checkAddress({ address: values.ip_c, port: values.port_c }, state, checks)
      return { ...state, kTmp2: values.k_tmp2 }
    },
  }),

  6: defineStep(6, {
    ...classicExplanations[6],
    formula: 'DES(K_tmp2: K_sess ‖ Lifetime_sess ‖ ID_C ‖ TS6)',
    members: [
      desKey(
        'k_sess',
        'K_sess',
        'The session key: protects every request and answer until its lifetime ends.',
      ),
      lifetime,
      { ...ID_C, meaning: 'Whom the session key is for.' },
      timestamp(6),
    ],
    checks: ['identity', 'lifetime'],
    layers: desLayer('K_tmp2'),
    async compose(state, input, environment) {
      const key = newDesKey(environment)
      const ts6 = environment.now()
      const values = { k_sess: key, lifetime_sess: input.lifetime, id_c: known(state.idC), ts6 }
      const session = newSession(state, { key, lifetime: input.lifetime, startedAt: ts6 }, environment)
      return { values, state: { ...state, session } }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes('K_tmp2', known(state.kTmp2), only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes('K_tmp2', known(state.kTmp2), body, environment),
    settle: async (state) => withoutHandshakeKeys(state),
    async verify(state, values, checks, environment) {
      checkIdentity(values.id_c, state.idC, checks)
      checkLifetime(values.lifetime_sess, checks)
      const received = { key: values.k_sess, lifetime: values.lifetime_sess, startedAt: values.ts6 }
      return { ...state, session: receivedSession(state, received, environment) }
    },
  }),

  7: defineStep(7, {
    ...classicExplanations[7],
    formula: 'DES(K_sess: Req ‖ TS7)',
    members: [request, timestamp(7)],
    checks: [],
    layers: desLayer('K_sess'),
    async compose(state, input, environment) {
      return { values: { req: input.request, ts7: environment.now() }, state }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes('K_sess', known(state.session).key, only(parts), environment),
    admit: checkSessionLives,
    open: (state, body, _frame, environment) =>
      openWithDes('K_sess', known(state.session).key, body, environment),
    async verify(state, values) {
      return { ...state, request: values.req }
    },
  }),

  8: defineStep(8, {
    ...classicExplanations[8],
    formula: 'DES(K_sess: Data ‖ TS8)',
    members: [data, timestamp(8)],
    checks: [],
    layers: desLayer('K_sess'),
    async compose(state, input, environment) {
      return { values: { data: input.data, ts8: environment.now() }, state }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes('K_sess', known(state.session).key, only(parts), environment),
    open: (state, body, _frame, environment) =>
      openWithDes('K_sess', known(state.session).key, body, environment),
    async verify(state, values) {
      return { ...state, data: values.data }
    },
  }),
}

/** Eight random bytes that are no weak or semi-weak key. */
function newDesKey(environment: Environment): Bytes {
  for (;;) {
    const key = environment.random(DES_KEY_BYTES)
    if (!isWeakDesKey(key)) return key
  }
}

/** Every message of this suite has one plaintext. */
function only(parts: readonly Bytes[]): Bytes {
  return known(parts[0])
}

/** Both keys when they are a pair, proved with a random challenge; undefined otherwise. */
async function readKeyPair(pkS: string, skS: string, environment: Environment) {
  try {
    const pair = { publicKey: publicKeyFromPem(pkS), privateKey: privateKeyFromPem(skS) }
    return (await isKeyPair(pair, environment.random(32), environment.crypto)) ? pair : undefined
  } catch {
    return undefined
  }
}
