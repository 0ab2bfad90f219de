import { describe, expect, it } from 'vitest'
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { certSText, signCertS, verifyCertS } from '#shared/crypto/pki/cert-s'
import { isSignedBy, parseCertificate } from '#shared/crypto/pki/certificate'
import { decryptDes, encryptDes } from '#shared/crypto/primitives/des'
import { decryptOaep, privateKeyFromPem, publicKeyFromPem } from '#shared/crypto/primitives/rsa'
import { encodePem } from '#shared/crypto/encodings/pem'
import { webCrypto } from '#shared/crypto/provider'
import { HEADER_BYTES } from '#shared/hl1/frame'
import { accept, EMPTY_TRANSCRIPT, extendTranscript } from '#shared/hl1/message'
import type { Hl1Record } from '#shared/hl1/types'
import { judge } from '../../support/handshake'
import { recordedSession } from '../../support/recorded-session'
import { hex, readVector } from '../../support/vectors'

const vector = readVector('classic')
const opened = (step: number, skip = 0) => vector.opened.filter((entry) => entry.step === step)[skip]!
const trustAnchor = parseCertificate(vector.ca_certificate)
const recorded = recordedSession('classic')

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

/** What is inside of a frame, as the recording says. */
function plaintextOf(frame: Bytes) {
  return vector.opened.find((entry) => entry.ciphertext === toHex(frame.slice(HEADER_BYTES)))!.plaintext
}

function valuesOf(record: Hl1Record) {
  return Object.fromEntries(
    record.members.map(({ name, value }) => [name, value instanceof Uint8Array ? toBase64(value) : value]),
  )
}

describe('the recorded classic session', () => {
  it('has every frame accepted, with the recorded plaintext, and its transcript hashes', async () => {
    expect(recorded.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 7, 8])
    let transcript = EMPTY_TRANSCRIPT
    for (const [index, { step, frame, acceptor, environment }] of recorded.entries()) {
      if (step === 3) transcript = EMPTY_TRANSCRIPT
      expect(toHex(transcript), `transcript before step ${step}`).toBe(vector.frames[index]!.hash_before)
      const { record } = await accept(step, acceptor, frame, environment)
      expect(valuesOf(record), `members of step ${step}`).toEqual(plaintextOf(frame))
      expect(record.checks.filter((check) => check.result !== 'passed')).toEqual([])
      // No key of this suite depends on it, so that no role computes it.
      transcript = extendTranscript(transcript, frame)
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
    expect(await verifyCertS(trustAnchor.publicKey, parts, certS, webCrypto)).toBe(true)
    expect(await isSignedBy(certificate, trustAnchor.publicKey, webCrypto)).toBe(true)
    expect(await isSignedBy(trustAnchor, trustAnchor.publicKey, webCrypto)).toBe(true)
    expect(toHex(await signCertS(privateKeyFromPem(vector.sk_ca), parts, webCrypto))).toBe(toHex(certS))
    expect(encodePem('CERTIFICATE', certificate.der)).toBe(String(opened(2).plaintext['x509_s']))
  })

  it('names the bytes of every member, in the plaintext and in the frame', async () => {
    const { record } = await judge(recorded[2]!, recorded[2]!.frame)
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
