/** ECDSA on every curve and with every hash that is checked here, as OpenSSL signs. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { oidNamed } from '#shared/crypto/encodings/oids'
import { verifySignature } from '#shared/crypto/pki/verify'

const CURVES = [
  ...['prime256v1', 'secp384r1', 'secp521r1', 'secp224r1', 'secp256k1'],
  ...['brainpoolP224r1', 'brainpoolP224t1', 'brainpoolP256r1', 'brainpoolP256t1', 'brainpoolP320r1'],
  ...['brainpoolP320t1', 'brainpoolP384r1', 'brainpoolP384t1', 'brainpoolP512r1', 'brainpoolP512t1'],
] as const
const HASHES = {
  ...{ sha224: 'ecdsa-with-SHA224', sha256: 'ecdsa-with-SHA256' },
  ...{ sha512: 'ecdsa-with-SHA512' },
} as const
const signed = new TextEncoder().encode('the signed bytes')

const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)
const named = (name: string) => ({ oid: oidNamed(name), parameters: undefined })

describe.each(CURVES)('ECDSA on %s', (namedCurve) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  const spki = bytes(publicKey.export({ type: 'spki', format: 'der' }))

  it.each(Object.entries(HASHES))(
    'with %s is valid as it was made, and in no other way',
    async (hash, name) => {
      const signature = bytes(sign(hash, signed, privateKey))
      const verify = (made: Bytes, over: Bytes) => verifySignature(named(name), spki, made, over)
      expect(await verify(signature, signed)).toEqual({ result: 'valid' })
      expect(await verify(signature, signed.slice(1))).toEqual({ result: 'invalid' })
      const other = signature.slice()
      other[other.length - 1]! ^= 1
      expect(await verify(other, signed)).toEqual({ result: 'invalid' })
      // r = s = 0
      expect(await verify(new Uint8Array([0x30, 6, 2, 1, 0, 2, 1, 0]), signed)).toEqual({ result: 'invalid' })
    },
  )
})

it.each(['sect283r1', 'sect571k1', 'SM2'])('on %s it can’t be judged', async (namedCurve) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve })
  const spki = bytes(publicKey.export({ type: 'spki', format: 'der' }))
  expect(await verifySignature(named('ecdsa-with-SHA256'), spki, new Uint8Array(70), signed)).toEqual({
    result: 'unsupported',
    reason: 'ECDSA can’t be checked here on the curve of this key.',
  })
})

it('with SHA-3 it can’t be judged: OpenSSL takes no certificate that is signed so', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = bytes(publicKey.export({ type: 'spki', format: 'der' }))
  const signature = bytes(sign('sha3-256', signed, privateKey))
  expect(await verifySignature(named('ecdsa-with-SHA3-256'), spki, signature, signed)).toMatchObject({
    result: 'unsupported',
  })
})
