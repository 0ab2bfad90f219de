import { describe, expect, it } from 'vitest'
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { certSText, signCertS, verifyCertS } from '#shared/crypto/cert-s'
import { isSignedBy, parseCertificate } from '#shared/crypto/certificate'
import { decryptDes, encryptDes } from '#shared/crypto/des'
import { decryptOaep, privateKeyFromPem, publicKeyFromPem } from '#shared/crypto/rsa'
import { encodePem } from '#shared/crypto/pem'
import { systemEnvironment, type Environment } from '#shared/protocol/environment'
import { accept, emptyTranscript, extendTranscript } from '#shared/protocol/message'
import type { MessageRecord } from '#shared/protocol/record'
import { ReplayMemory } from '#shared/protocol/replay-memory'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from '#shared/protocol/state'
import type { StepNumber } from '#shared/protocol/steps'
import { hex, readVector } from '../../support/vectors'

const vector = readVector('classic')
const opened = (step: number, skip = 0) => vector.opened.filter((entry) => entry.step === step)[skip]!
const frameOf = (step: number, skip = 0) => vector.frames.filter((entry) => entry.step === step)[skip]!
const keyOf = (step: number): Bytes => hex(opened(step).key!)
const trustAnchor = parseCertificate(vector.ca_certificate)
const kTmp1 = fromBase64(String(opened(1).plaintext['k_tmp1']))!

/** The recording's own time: the timestamp of the message in hand. */
function clockOf(step: number, skip = 0): Environment {
  const now = Number(opened(step, skip).plaintext[`ts${step}`])
  return { ...systemEnvironment, now: () => now, monotonic: () => 0 }
}

function base(step: number, transcript: Bytes) {
  return {
    suite: 'classic',
    next: { act: 'accept', step: step as StepNumber },
    transcript,
    maxAge: 10,
  } as const
}

async function credentials() {
  const answer = opened(2).plaintext
  return {
    identity: vector.id_s,
    publicKey: publicKeyFromPem(String(answer['pk_s'])),
    privateKey: privateKeyFromPem(vector.sk_s),
    certS: fromBase64(String(answer['cert_s']))!,
    certificate: parseCertificate(String(answer['x509_s'])),
  }
}

const session = {
  key: hex(opened(7).key!),
  idC: vector.id_c,
  lifetime: 60,
  startedAt: 0,
  startedMonotonic: 0,
}

/** Accepts a recorded frame in the state its receiver was in, and returns record and transcript after it. */
async function replay(step: number, skip: number, transcript: Bytes) {
  const frame = hex(frameOf(step, skip).frame)
  const state = base(step, transcript)
  const environment = clockOf(step, skip)
  const server = {
    ...state,
    role: 'server',
    credentials: await credentials(),
    kBoot: hex(vector.k_boot),
  } as const
  const peer = { address: '127.0.0.1', port: Number(opened(5).plaintext['port_c']) }
  const serving: ServerState = { ...server, peer, enforceAddress: true, idC: vector.id_c, session }
  const client: ClientState = {
    ...state,
    role: 'client',
    idC: vector.id_c,
    idS: vector.id_s,
    trustAnchor,
    kBoot: hex(vector.k_boot),
    server: { address: '127.0.0.1', port: 17402 },
    kTmp2: keyOf(6),
    session,
  }
  switch (step) {
    case 1: {
      const keyPair = {
        publicKey: trustAnchor.publicKey,
        privateKey: privateKeyFromPem(vector.sk_ca),
      }
      const authority: AuthorityState = {
        ...state,
        role: 'authority',
        credentials: { identity: vector.id_ca, keyPair, certificate: trustAnchor },
        policy: { rsaBits: 2048, validityDays: 1 },
        memory: new ReplayMemory(),
      }
      return accept(1, authority, frame, environment)
    }
    case 2: {
      const registering: RegistrationState = {
        ...state,
        role: 'server',
        idS: vector.id_s,
        trustAnchor,
        rsaBits: 2048,
        kTmp1,
      }
      return accept(2, registering, frame, environment)
    }
    case 3:
      return accept(3, serving, frame, environment)
    case 4:
      return accept(4, client, frame, environment)
    case 5:
      return accept(5, serving, frame, environment)
    case 6:
      return accept(6, client, frame, environment)
    case 7:
      return accept(7, serving, frame, environment)
    default:
      return accept(8, client, frame, environment)
  }
}

function valuesOf(record: MessageRecord) {
  return Object.fromEntries(
    record.members.map(({ name, value }) => [name, value instanceof Uint8Array ? toBase64(value) : value]),
  )
}

describe('the recorded classic session', () => {
  const order = vector.frames.map((entry, index) => ({
    step: entry.step,
    skip: vector.frames.slice(0, index).filter((earlier) => earlier.step === entry.step).length,
  }))

  it('has every frame accepted, with the recorded plaintext, and its transcript hashes', async () => {
    expect(order.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 7, 8])
    let transcript = await emptyTranscript()
    for (const { step, skip } of order) {
      if (step === 3) transcript = await emptyTranscript()
      expect(toHex(transcript), `transcript before step ${step}`).toBe(frameOf(step, skip).hash_before)
      const { record } = await replay(step, skip, transcript)
      expect(valuesOf(record), `members of step ${step}`).toEqual(opened(step, skip).plaintext)
      expect(record.checks.filter((check) => check.result !== 'passed')).toEqual([])
      // No key of this suite depends on it, so that no role computes it.
      transcript = await extendTranscript(transcript, hex(frameOf(step, skip).frame))
    }
  })

  it('has every ciphertext opened to its plaintext, and DES closed again to the same bytes', async () => {
    for (const entry of vector.opened) {
      const ciphertext = hex(entry.ciphertext)
      if (entry.rsa) {
        const plaintext = await decryptOaep(privateKeyFromPem(vector[entry.rsa]), 'SHA-1', ciphertext)
        expect(JSON.parse(fromUtf8(plaintext))).toEqual(entry.plaintext)
      } else {
        const iv = ciphertext.subarray(0, 8)
        const plaintext = await decryptDes(hex(entry.key!), iv, ciphertext.subarray(8))
        expect(JSON.parse(fromUtf8(plaintext))).toEqual(entry.plaintext)
        expect(toHex(await encryptDes(hex(entry.key!), iv, plaintext))).toBe(entry.ciphertext.slice(16))
      }
    }
  })

  it('has both certificates verified, and cert_s signed again to the same bytes', async () => {
    const { certS, certificate, publicKey } = await credentials()
    const parts = { idS: vector.id_s, idCa: vector.id_ca, pkS: publicKey.pem }
    expect(certSText(parts)).toBe(`ID-Server\nID-CA\n${publicKey.pem}`)
    expect(await verifyCertS(trustAnchor.publicKey, parts, certS)).toBe(true)
    expect(await isSignedBy(certificate, trustAnchor.publicKey)).toBe(true)
    expect(await isSignedBy(trustAnchor, trustAnchor.publicKey)).toBe(true)
    expect(toHex(await signCertS(privateKeyFromPem(vector.sk_ca), parts))).toBe(toHex(certS))
    expect(encodePem('CERTIFICATE', certificate.der)).toBe(String(opened(2).plaintext['x509_s']))
  })

  it('names the bytes of every member, in the plaintext and in the frame', async () => {
    const { record } = await replay(3, 0, await emptyTranscript())
    const { bytes, ranges } = record.plaintext!
    for (const member of record.members) {
      const range = ranges.find((candidate) => candidate.member === member.name)!
      const text = fromUtf8(bytes.subarray(range.start, range.end))
      expect(JSON.parse(`{${text}}`)).toEqual({ [member.name]: member.value })
      expect(record.ranges.some((candidate) => candidate.member === member.name)).toBe(true)
    }
    expect(toUtf8(fromUtf8(bytes))).toEqual(bytes)
  })
})
