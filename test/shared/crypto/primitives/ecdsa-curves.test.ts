/** Curves that are computed on: what is made for one takes most of the time of a first signature, and is made once. */
import { weierstrassN } from '@noble/curves/abstract/weierstrass.js'
import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { verifySignature } from '#shared/crypto/pki/verify'

vi.mock(import('@noble/curves/abstract/weierstrass.js'), { spy: true })

it('a curve is made once, for however many signatures', async () => {
  const oid = '1.2.840.10045.4.3.3'
  const signed = new Uint8Array([1, 2, 3])
  for (const namedCurve of ['brainpoolP384t1', 'brainpoolP384t1', 'secp256k1', 'brainpoolP384t1']) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const signature = new Uint8Array(sign('sha384', signed, privateKey))
    const verify = (bytes: Uint8Array<ArrayBuffer>) =>
      verifySignature({ oid, parameters: undefined }, spki, signature, bytes)
    expect(await verify(signed)).toEqual({ result: 'valid' })
    expect(await verify(new Uint8Array([1, 2, 4]))).toEqual({ result: 'invalid' })
  }
  expect(weierstrassN).toHaveBeenCalledTimes(2)
})
