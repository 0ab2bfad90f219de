import { describe, expect, it } from 'vitest'
import { concat, equalBytes, fromBase64, fromUtf8, toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { decryptGcm, deriveKey } from '#shared/crypto/aead'
import { isSignedBy, parseCertificate } from '#shared/crypto/certificate'
import { readRequest } from '#shared/crypto/request'
import { decryptOaep, privateKeyFromPem } from '#shared/crypto/rsa'
import { systemEnvironment, type Environment } from '#shared/protocol/environment'
import { accept, emptyTranscript } from '#shared/protocol/message'
import type { JournalEntry, MessageRecord } from '#shared/protocol/record'
import { ReplayMemory } from '#shared/protocol/replay-memory'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from '#shared/protocol/state'
import type { StepNumber } from '#shared/protocol/steps'
import { hex, readVector } from '../../support/vectors'

const vector = readVector('modern')
const trustAnchor = parseCertificate(vector.ca_certificate)
const serverKey = privateKeyFromPem(vector.sk_s)
const derived = (info: string) => vector.hkdf.find((entry) => entry.info === info)!
const shared = hex(derived('HL/1 handshake').ikm)
const keyOf = (step: number): Bytes =>
  hex(vector.opened.find((entry) => entry.step === step && entry.key)!.key!)
/** The plaintext of a sealed body, or of the RSA block of a step. */
const sealed = (step: number) => vector.opened.find((entry) => entry.step === step && entry.plaintext_hex)!
const plain = (step: number): Record<string, unknown> =>
  JSON.parse(fromUtf8(hex(sealed(step).plaintext_hex!))) as Record<string, unknown>
const inRsa = (step: number) => vector.opened.find((entry) => entry.step === step && entry.rsa)!.plaintext!
const member = (values: Record<string, unknown>, name: string): Bytes => fromBase64(String(values[name]))!
const certificate = parseCertificate(String(plain(2)['x509_s']))

/** The shares' private halves were not recorded; what they agreed on was. */
const recordedShare = { share: hex(vector.frames[3]!.frame).slice(8, 73), agree: async () => shared }

function environmentAt(now: number): Environment {
  return { ...systemEnvironment, now: () => now, monotonic: () => 0, makeKeyShare: async () => recordedShare }
}

const base = (step: number, transcript: Bytes) =>
  ({ suite: 'modern', next: { act: 'accept', step: step as StepNumber }, transcript, maxAge: 10 }) as const

const session = {
  key: member(plain(6), 'k_sess'),
  idC: vector.id_c,
  lifetime: 60,
  startedAt: 0,
  startedMonotonic: 0,
}

/** Accepts a step's first recorded frame in the state that its receiver was in. */
function replay(step: number, transcript: Bytes) {
  const frame = hex(vector.frames[step - 1]!.frame)
  const environment = environmentAt(vector.recorded_at)
  const server: ServerState = {
    ...base(step, transcript),
    role: 'server',
    credentials: {
      identity: vector.id_s,
      publicKey: certificate.publicKey,
      privateKey: serverKey,
      certificate,
    },
    kBoot: hex(vector.k_boot),
    peer: { address: '127.0.0.1', port: Number(inRsa(5)['port_c']) },
    enforceAddress: true,
    idC: vector.id_c,
    modern: { keyShare: recordedShare, shared, kHs: hex(derived('HL/1 handshake').out) },
    session,
  }
  const client: ClientState = {
    ...base(step, transcript),
    role: 'client',
    idC: vector.id_c,
    idS: vector.id_s,
    trustAnchor,
    kBoot: hex(vector.k_boot),
    server: { address: '127.0.0.1', port: 17_402 },
    kTmp2: member(inRsa(5), 'k_tmp2'),
    modern: { keyShare: recordedShare, shared },
    session,
  }
  const authority: AuthorityState = {
    ...base(step, transcript),
    role: 'authority',
    credentials: {
      identity: vector.id_ca,
      keyPair: { publicKey: trustAnchor.publicKey, privateKey: privateKeyFromPem(vector.sk_ca) },
      certificate: trustAnchor,
    },
    policy: { rsaBits: 2048, validityDays: 1 },
    memory: new ReplayMemory(),
  }
  const registering: RegistrationState = {
    ...base(step, transcript),
    role: 'server',
    idS: vector.id_s,
    trustAnchor,
    rsaBits: 2048,
    kTmp1: keyOf(2),
    own: {
      keyPair: { publicKey: certificate.publicKey, privateKey: serverKey },
      nonce: member(plain(1), 'nonce_s'),
    },
  }
  switch (step) {
    case 1:
      return accept(1, authority, frame, environment)
    case 2:
      return accept(2, registering, frame, environment)
    case 3:
      return accept(3, server, frame, environment)
    case 4:
      return accept(4, client, frame, environment)
    case 5:
      return accept(5, server, frame, environment)
    case 6:
      return accept(6, client, frame, environment)
    default:
      return accept(7, server, frame, environment)
  }
}

function valuesOf(record: MessageRecord | JournalEntry): Record<string, unknown> {
  return Object.fromEntries(
    record.members.map(({ name, value }) => [name, value instanceof Uint8Array ? toBase64(value) : value]),
  )
}

describe('the recorded modern session', () => {
  it('has every frame of registration and handshake accepted, with the recorded values and transcripts', async () => {
    const expected: Record<number, Record<string, unknown>> = {
      1: { ...inRsa(1), ...plain(1) },
      2: plain(2),
      4: plain(4),
      5: inRsa(5),
      6: plain(6),
    }
    let transcript = await emptyTranscript()
    for (const step of [1, 2, 3, 4, 5, 6]) {
      if (step === 3) transcript = await emptyTranscript()
      expect(toHex(transcript), `before step ${step}`).toBe(vector.frames[step - 1]!.hash_before)
      const { record, state } = await replay(step, transcript)
      expect(valuesOf(record), `step ${step}`).toMatchObject(expected[step] ?? {})
      expect(record.checks.filter((check) => check.result !== 'passed')).toEqual([])
      transcript = state.transcript
    }
    expect(toHex(transcript)).toBe(derived('HL/1 client to server').salt)
  })

  it('has requests and answers opened in order, under the derived keys', async () => {
    let transcript = hex(derived('HL/1 client to server').salt)
    const directions = { 7: derived('HL/1 client to server'), 8: derived('HL/1 server to client') } as const
    const next = { 7: 0, 8: 0 }
    const th7 = transcript
    for (const { step, frame, hash_before } of vector.frames.slice(6)) {
      const bytes = hex(frame)
      const way = step as 7 | 8
      expect(toHex(transcript)).toBe(hash_before)
      const number = bytes.slice(8, 16)
      expect(new DataView(number.buffer).getBigUint64(0)).toBe(BigInt(next[way]++))
      const nonce = concat(new Uint8Array(4), number)
      const text = await decryptGcm(
        hex(directions[way].out),
        nonce,
        concat(th7, bytes.slice(0, 8)),
        bytes.slice(16),
      )
      expect(JSON.parse(fromUtf8(text))).toHaveProperty(way === 7 ? 'req' : 'data')
      transcript = new Uint8Array(await crypto.subtle.digest('SHA-256', concat(transcript, bytes)))
    }
    const { record } = await replay(7, th7)
    expect(valuesOf(record)).toMatchObject({ seq: 0, req: 'time' })
  })

  it('has every derivation rebuilt to the byte', async () => {
    for (const { ikm, salt, info, out } of vector.hkdf) {
      expect(toHex(await deriveKey(hex(ikm), hex(salt), toUtf8(info))), info).toBe(out)
    }
  })

  it('has every sealed body and RSA block opened to the recorded plaintext', async () => {
    for (const entry of vector.opened) {
      const ciphertext = hex(entry.ciphertext)
      if (entry.rsa) {
        const text = await decryptOaep(privateKeyFromPem(vector[entry.rsa]), 'SHA-256', ciphertext)
        expect(JSON.parse(fromUtf8(text))).toEqual(entry.plaintext)
      } else {
        const text = await decryptGcm(
          hex(entry.key!),
          ciphertext.slice(0, 12),
          hex(entry.aad!),
          ciphertext.slice(12),
        )
        expect(toHex(text)).toBe(entry.plaintext_hex)
      }
    }
  })

  it('has its request and its certificate verified, both for the one key', async () => {
    const request = await readRequest(String(plain(1)['csr_s']))
    expect(request).toMatchObject({ commonName: vector.id_s, bits: 2048, isSigned: true })
    expect(equalBytes(request.publicKey.spki, certificate.publicKey.spki)).toBe(true)
    expect(await isSignedBy(certificate, trustAnchor.publicKey)).toBe(true)
  })
})
