/** What each side does at the eight steps of suite `classic` (protocol.md section 3); what is sent is in `sheets.ts`. */
import type { Bytes } from '../../bytes'
import { passOwnFault } from '../../errors'
import { signCertS } from '../../crypto/pki/cert-s'
import { DES_KEY_BYTES } from '../../crypto/primitives/des'
import { isWeakDesKey } from '../../crypto/primitives/des-keys'
import { issueServerCertificate, serialFrom, validFor } from '../../crypto/pki/issue'
import { requirePrivateKeyOf } from '../../crypto/pki/rsa-key'
import { privateKeyFromPem, publicKeyFromPem, type RsaKeyPair } from '../../crypto/primitives/rsa'
import { isKeyPair } from '../../crypto/provider'
import {
  beginSignature,
  checkCertS,
  checkSameKey,
  readServerCertificate,
  readServerKey,
  verifyServerCertificate,
} from '../certificate-checks'
import type { Environment } from '../environment'
import { withoutHandshakeKeys } from '../forgetting'
import { defineConduct, type SuiteConduct } from '../conduct'
import {
  checkAddress,
  checkIdentity,
  checkLifetime,
  checkName,
  checkSessionLives,
  known,
  LOOPBACK,
  newSession,
  receivedSession,
  takeName,
} from '../step-parts'
import { closeWithDes, closeWithRsa, openWithDes, openWithRsa } from './bodies'
import { classicSheets } from './sheets'
import { additionsFor } from '../state'

export const classicConduct: SuiteConduct = {
  1: defineConduct(1, classicSheets[1], {
    async compose(state, _input, environment) {
      const kTmp1 = newDesKey(environment)
      const values = { k_tmp1: kTmp1, id_s: state.idS, ts1: environment.now() }
      return { values, state: { ...state, kTmp1 } }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithRsa(state.trustAnchor.publicKey, only(parts), environment),
    open: (state, body, _frame, environment) =>
      openWithRsa(state.credentials.keyPair.privateKey, body, environment),
    async verify(state, values, checks, environment) {
      checkName(values.id_s, state, checks, environment)
      return { ...state, kTmp1: values.k_tmp1, idS: values.id_s }
    },
    remember: takeName,
  }),

  2: defineConduct(2, classicSheets[2], {
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
            additions: additionsFor(policy, idS),
          },
          environment.crypto,
        ),
      ])
      environment.names?.give(idS, certificate)
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
    seal: (state, parts, _frame, environment) => closeWithDes(known(state.kTmp1), only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes(known(state.kTmp1), body, environment),
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
      if (!pair)
        return checks.refuse('key_pair', 'bad_certificate', { reason: 'The two keys are not a pair.' })
      const reason = pair.fits
        ? 'What the private key signs, the public key verifies.'
        : 'The two keys are not a pair.'
      checks.require('key_pair', 'bad_certificate', { ok: pair.fits, reason })
      await checkCertS(question, values.pk_s, values.cert_s, checks, environment)
      const certificate = readServerCertificate(values.x509_s, checks)
      await verifyServerCertificate(certificate, question, checks, environment, signature)
      const { publicKey, privateKey } = pair
      checkSameKey(certificate, publicKey, checks)
      const credentials = { identity: state.idS, publicKey, privateKey, certS: values.cert_s, certificate }
      return { ...state, credentials }
    },
  }),

  3: defineConduct(3, classicSheets[3], {
    async compose(state, _input, environment) {
      return { values: { id_c: state.idC, id_s: state.idS, ts3: environment.now() }, state }
    },
    seal: (state, parts, _frame, environment) => closeWithDes(state.kBoot, only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes(state.kBoot, body, environment),
    async verify(state, values, checks) {
      checkIdentity(values.id_s, state.credentials.identity, checks)
      return { ...state, idC: values.id_c }
    },
  }),

  4: defineConduct(4, classicSheets[4], {
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
    seal: (state, parts, _frame, environment) => closeWithDes(state.kBoot, only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes(state.kBoot, body, environment),
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

  5: defineConduct(5, classicSheets[5], {
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
      closeWithRsa(known(state.serverKey), only(parts), environment),
    open: (state, body, _frame, environment) => openWithRsa(state.credentials.privateKey, body, environment),
    async verify(state, values, checks) {
      checkIdentity(values.id_c, known(state.idC), checks)
      checkAddress({ address: values.ip_c, port: values.port_c }, state, checks)
      return { ...state, kTmp2: values.k_tmp2 }
    },
  }),

  6: defineConduct(6, classicSheets[6], {
    async compose(state, input, environment) {
      const key = newDesKey(environment)
      const ts6 = environment.now()
      const values = { k_sess: key, lifetime_sess: input.lifetime, id_c: known(state.idC), ts6 }
      const session = newSession(state, { key, lifetime: input.lifetime, startedAt: ts6 }, environment)
      return { values, state: { ...state, session } }
    },
    seal: (state, parts, _frame, environment) => closeWithDes(known(state.kTmp2), only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes(known(state.kTmp2), body, environment),
    settle: async (state) => withoutHandshakeKeys(state),
    async verify(state, values, checks, environment) {
      checkIdentity(values.id_c, state.idC, checks)
      checkLifetime(values.lifetime_sess, checks)
      const received = { key: values.k_sess, lifetime: values.lifetime_sess, startedAt: values.ts6 }
      return { ...state, session: receivedSession(state, received, environment) }
    },
  }),

  7: defineConduct(7, classicSheets[7], {
    async compose(state, input, environment) {
      return { values: { req: input.request, ts7: environment.now() }, state }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes(known(state.session).key, only(parts), environment),
    admit: checkSessionLives,
    open: (state, body, _frame, environment) => openWithDes(known(state.session).key, body, environment),
    async verify(state, values) {
      return { ...state, request: values.req }
    },
  }),

  8: defineConduct(8, classicSheets[8], {
    async compose(state, input, environment) {
      return { values: { data: input.data, ts8: environment.now() }, state }
    },
    seal: (state, parts, _frame, environment) =>
      closeWithDes(known(state.session).key, only(parts), environment),
    open: (state, body, _frame, environment) => openWithDes(known(state.session).key, body, environment),
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

/** Both keys, and whether they are a pair, by their numbers and proved with a random challenge; undefined when one is no key. */
async function readKeyPair(pkS: string, skS: string, environment: Environment) {
  let pair: RsaKeyPair | undefined
  try {
    pair = { publicKey: publicKeyFromPem(pkS), privateKey: privateKeyFromPem(skS) }
    requirePrivateKeyOf(pair.publicKey, pair.privateKey)
    return { ...pair, fits: await isKeyPair(pair, environment.random(32), environment.crypto) }
  } catch (error) {
    passOwnFault(error)
    return pair && { ...pair, fits: false }
  }
}
