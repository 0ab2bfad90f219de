/** Step 1 of suite `modern`: main reads a peer's request, and one that is made of more parts than any needs is not read at all. */
import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { encodePem } from '#shared/crypto/encodings/pem'
import { readRequest } from '#shared/crypto/pki/request'
import { webCrypto } from '#shared/crypto/provider'
import { crowded, requestKey, writeRequest, type RequestParts } from '../../../support/requests'

/** A frame of step 1 has room for a request of so many bytes. */
const ROOM = 11_000
const key = requestKey(generateKeyPairSync('rsa', { modulusLength: 2048 }), '1.2.840.113549.1.1.11', 'sha256')
const text = (parts?: RequestParts): string => encodePem('CERTIFICATE REQUEST', writeRequest(key, parts))

it('a request without them is read', async () => {
  expect(await readRequest(text(), webCrypto)).toMatchObject({ isSigned: true, commonName: 'a.example' })
})

it.each(Object.entries(crowded(ROOM)))(
  'too many parts are refused before they are read: %s',
  async (_, parts) => {
    const reading = readRequest(text(parts), {
      verifyPkcs1: () => Promise.reject(new Error('It was verified.')),
    })
    await expect(reading).rejects.toMatchObject({
      code: 'bad_request_text',
      message: expect.stringContaining('more than 1,000 elements'),
    })
  },
)
