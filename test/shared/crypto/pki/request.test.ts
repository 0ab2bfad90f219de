/** What a request has to hold (RFC 2986 section 4.1), for whoever certifies it. */
import { sign } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { readRequest } from '#shared/crypto/pki/request'
import { webCrypto } from '#shared/crypto/provider'
import { keyPair } from '../../../support/credentials'
import { bits, context, hex, integer, oid, sequence, set, utf8 } from '../../../support/der'

const ALGORITHM = sequence(oid('1.2.840.113549.1.1.11'), hex('0500'))

async function request(...attributes: readonly Bytes[]): Promise<string> {
  const { publicKey, privateKey } = await keyPair('server')
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8('ID-Server'))))
  const signed = sequence(integer('00'), subject, publicKey.spki, ...attributes)
  const signature = new Uint8Array(sign('sha256', signed, privateKey.pem))
  return encodePem('CERTIFICATE REQUEST', sequence(signed, ALGORITHM, bits(signature)))
}

it('has attributes, be it none', async () => {
  expect(await readRequest(await request(context(0, true)), webCrypto)).toMatchObject({
    commonName: 'ID-Server',
    isSigned: true,
  })
  await expect(readRequest(await request(), webCrypto)).rejects.toMatchObject({ code: 'bad_request_text' })
})
