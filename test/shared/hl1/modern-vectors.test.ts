import { describe, expect, it } from 'vitest'
import { concat, equalBytes, fromUtf8, toBase64, toHex, toUtf8 } from '#shared/bytes'
import { decryptGcm } from '#shared/crypto/primitives/aead'
import { deriveKey } from '#shared/crypto/primitives/hash'
import { isSignedBy, parseCertificate } from '#shared/crypto/pki/certificate'
import { readRequest } from '#shared/crypto/pki/request'
import { decryptOaep, privateKeyFromPem } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { accept, EMPTY_TRANSCRIPT, extendTranscript } from '#shared/hl1/message'
import type { Hl1Entry, Hl1Record } from '#shared/hl1/types'
import { judge } from '../../support/handshake'
import { recordedSession } from '../../support/recorded-session'
import { hex, readVector } from '../../support/vectors'

const vector = readVector('modern')
const trustAnchor = parseCertificate(vector.ca_certificate)
const derived = (info: string) => vector.hkdf.find((entry) => entry.info === info)!
/** The plaintext of a sealed body, or of the RSA block of a step. */
const sealed = (step: number) => vector.opened.find((entry) => entry.step === step && entry.plaintext_hex)!
const plain = (step: number): Record<string, unknown> =>
  JSON.parse(fromUtf8(hex(sealed(step).plaintext_hex!))) as Record<string, unknown>
const inRsa = (step: number) => vector.opened.find((entry) => entry.step === step && entry.rsa)!.plaintext!
const certificate = parseCertificate(String(plain(2)['x509_s']))

const recorded = recordedSession('modern')

function valuesOf(record: Hl1Record | Hl1Entry): Record<string, unknown> {
  return Object.fromEntries(
    record.members.map(({ name, value }) => [name, value instanceof Uint8Array ? toBase64(value) : value]),
  )
}

describe('the recorded modern session', () => {
  it('has every frame accepted, with the recorded values and transcripts', async () => {
    const expected: Record<number, Record<string, unknown>> = {
      1: { ...inRsa(1), ...plain(1) },
      2: plain(2),
      4: plain(4),
      5: inRsa(5),
      6: plain(6),
    }
    let transcript = EMPTY_TRANSCRIPT
    for (const [index, { step, frame, acceptor, environment }] of recorded.entries()) {
      if (step === 3) transcript = EMPTY_TRANSCRIPT
      expect(toHex(transcript), `before step ${step}`).toBe(vector.frames[index]!.hash_before)
      const { record, state } = await accept(step, acceptor, frame, environment)
      expect(valuesOf(record), `step ${step}`).toMatchObject(expected[step] ?? {})
      expect(record.checks.filter((check) => check.result !== 'passed')).toEqual([])
      transcript = extendTranscript(transcript, frame)
      // A role computes it as far as a key or a proof depends on it.
      if (step <= 6) expect(toHex(state.transcript), `after step ${step}`).toBe(toHex(transcript))
      if (step === 6) expect(toHex(transcript)).toBe(derived('HL/1 client to server').salt)
    }
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
    const requests = recorded.filter(({ step }) => step === 7)
    const records = await Promise.all(requests.map(async (each) => (await judge(each, each.frame)).record))
    expect(records.map(valuesOf)).toMatchObject([{ seq: 0, req: 'time' }, { seq: 1 }])
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
    const request = await readRequest(String(plain(1)['csr_s']), webCrypto)
    expect(request).toMatchObject({ commonName: vector.id_s, bits: 2048, isSigned: true })
    expect(equalBytes(request.publicKey.spki, certificate.publicKey.spki)).toBe(true)
    expect(await isSignedBy(certificate, trustAnchor.publicKey, webCrypto)).toBe(true)
  })
})
