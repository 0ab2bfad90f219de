/** Damaged keys, certificates and requests are refused by the code that says so: none of them makes the program itself fail. */
import { expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { publicKeyParts, privateKeyParts } from '#shared/crypto/encodings/key-parts'
import { opensshKey } from '#shared/crypto/encodings/openssh'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import { readRsaPrivateNumbers, readRsaPublicNumbers } from '#shared/crypto/encodings/rsa-numbers'
import { decryptPkcs8, encryptPkcs8 } from '#shared/crypto/containers/pkcs8'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { makeRequest, readRequest } from '#shared/crypto/pki/request'
import { readPssParameters } from '#shared/crypto/pki/pss-parameters'
import { verifySignature } from '#shared/crypto/pki/verify'
import { privateKeyFromPem, publicKeyFromPem } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { LabError } from '#shared/errors'
import { systemEnvironment } from '#shared/hl1/environment'
import { hex } from '../../support/der'
import { mutate, seededNumbers } from '../../support/mutations'
import { readVector } from '../../support/vectors'

const TIMES = 1_500

const vector = readVector('classic')
const answer = vector.opened.find(({ step }) => step === 2)!.plaintext
const certificate = decodePem('CERTIFICATE', String(answer['x509_s']))
const spki = decodePem('PUBLIC KEY', String(answer['pk_s']))
const pkcs8 = decodePem('PRIVATE KEY', vector.sk_s)
const pair = {
  publicKey: publicKeyFromPem(String(answer['pk_s'])),
  privateKey: privateKeyFromPem(vector.sk_s),
}
const request = decodePem('CERTIFICATE REQUEST', await makeRequest('ID-Server', pair, webCrypto))
const locked = await encryptPkcs8(pkcs8, 'x', systemEnvironment.random)
/** RSASSA-PSS with SHA-256, MGF1 with the same, and a salt of 32 bytes (RFC 4055 section 3.1). */
const pss = hex(
  '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
)

const ALGORITHM = { oid: '1.2.840.113549.1.1.11', parameters: undefined }

interface Reader {
  readonly what: string
  readonly sound: Bytes
  readonly read: (damaged: Bytes) => unknown
  readonly codes: readonly string[]
  readonly times?: number
}

const READERS: readonly Reader[] = [
  {
    what: 'a certificate',
    sound: certificate,
    read: (der) => parseCertificate(encodePem('CERTIFICATE', der)),
    codes: ['bad_certificate_text'],
  },
  {
    what: 'a request',
    sound: request,
    read: (der) => readRequest(encodePem('CERTIFICATE REQUEST', der), webCrypto),
    codes: ['bad_request_text'],
  },
  { what: 'a public key', sound: spki, read: publicKeyParts, codes: ['bad_key'] },
  { what: 'a private key', sound: pkcs8, read: privateKeyParts, codes: ['bad_key'] },
  { what: 'the numbers of a public key', sound: spki, read: readRsaPublicNumbers, codes: [] },
  { what: 'the numbers of a private key', sound: pkcs8, read: readRsaPrivateNumbers, codes: [] },
  { what: 'a key for OpenSSH', sound: spki, read: opensshKey, codes: [] },
  { what: 'parameters of RSASSA-PSS', sound: pss, read: readPssParameters, codes: [] },
  {
    what: 'the key of a signature',
    sound: spki,
    read: (der) => verifySignature(ALGORITHM, der, new Uint8Array(256), new Uint8Array()),
    codes: [],
  },
  {
    what: 'a locked private key',
    sound: locked,
    read: (der) => decryptPkcs8(der, 'x'),
    codes: ['bad_encrypted_key', 'wrong_passphrase', 'unsupported_encryption'],
    // Each costs as much as an attempt at the passphrase.
    times: 20,
  },
]

it.each(READERS)('$what', async ({ sound, read, codes, times = TIMES }) => {
  await read(sound)
  const below = seededNumbers(2026)
  const outcomes = new Set<string>()
  for (let count = 0; count < times; count++) {
    const damaged = mutate(sound, below)
    try {
      await read(damaged)
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      outcomes.add(error.code)
    }
  }
  expect(codes).toEqual(expect.arrayContaining([...outcomes]))
  if (codes.length > 0) expect(outcomes.size).toBeGreaterThan(0)
})
