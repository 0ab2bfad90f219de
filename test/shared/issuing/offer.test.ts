/** What an authority makes of requests that were made to hold it up: refused before anything is computed, and bounded in what is said of them. */
import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { faultOfGroupKey } from '#shared/crypto/pki/group-keys'
import { writeElement } from '#shared/crypto/encodings/der'
import { toUtf8 } from '#shared/bytes'
import { offerFor } from '#shared/issuing/offer'
import { authorityCredentials } from '../../support/credentials'
import { context, hex, integer, oid, octets, bits, sequence, set, utf8 } from '../../support/der'
import { crowded, ecKey, requestKey, writeRequest } from '../../support/requests'

vi.mock(import('#shared/crypto/pki/group-keys'), { spy: true })

let authority: Bytes
beforeAll(async () => {
  authority = (await authorityCredentials(Date.now())).certificate.subject.der
})

describe('a request with more parts than any is made of', () => {
  it.each(Object.keys(crowded(0)))('is not read: %s', async (what) => {
    const request = writeRequest(ecKey('prime256v1'), crowded(96_000)[what])
    await expect(offerFor(request, authority)).rejects.toMatchObject({
      code: 'request_refused',
      message: expect.stringContaining('more than 1,000 elements'),
    })
  })

  it('is read with as many as somebody could want', async () => {
    const names = Array.from({ length: 300 }, (_, at) => writeElement(0x82, toUtf8(`host-${at}.example`)))
    const asked = sequence(sequence(oid('2.5.29.17'), octets(sequence(...names))))
    const attributes = context(0, true, sequence(oid('1.2.840.113549.1.9.14'), set(asked)))
    const offer = await offerFor(writeRequest(ecKey('prime256v1'), { attributes }), authority)
    expect(offer.refusal).toBeUndefined()
    expect(offer.names).toHaveLength(50)
  })
})

describe('keys that no certificate is issued for', () => {
  const algorithm = sequence(oid('2.16.840.1.101.3.4.3.2'))
  const unsigned = (spki: Bytes) => ({ spki, algorithm, sign: () => hex('3006020101020101') })
  const p = writeElement(2, hex(`00${'f1'.repeat(1_228)}`))
  const dsa = sequence(sequence(oid('1.2.840.10040.4.1'), sequence(p, integer('0b'), integer('02'))), bits(p))
  const dh = sequence(sequence(oid('1.2.840.10046.2.1'), sequence(p, integer('02'), integer('0b'))), bits(p))
  const x25519 = new Uint8Array(
    generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }),
  )

  it.each([
    ['DSA', dsa, 'Its key is DSA, 9824 bits. DSA signatures can’t be checked here'],
    ['DH', dh, 'Its key is DH, 9824 bits. Such a key makes no signatures'],
    ['X25519', x25519, 'Its key is X25519. Such a key makes no signatures'],
  ])('are refused without a look at their numbers: %s', async (_, spki, why) => {
    const { refusal } = await offerFor(writeRequest(unsigned(spki)), authority)
    expect(refusal).toContain(why)
    expect(faultOfGroupKey).not.toHaveBeenCalled()
  })
})

describe('what is said of a request is bounded', () => {
  const key = requestKey(generateKeyPairSync('ed25519'), '1.3.101.112', null)

  it('of names, extensions and attributes that are left out', async () => {
    const names = Array.from({ length: 250 }, () => writeElement(0x86, toUtf8(`urn:${'x'.repeat(300)}`)))
    const asked = sequence(sequence(oid('2.5.29.17'), octets(sequence(...names))))
    const attributes = context(0, true, sequence(oid('1.2.840.113549.1.9.14'), set(asked)))
    const { leftOut } = await offerFor(writeRequest(key, { attributes }), authority)
    expect(leftOut).toHaveLength(101)
    expect(leftOut.at(-1)).toBe('And 150 more.')
    expect(Math.max(...leftOut.map(({ length }) => length))).toBeLessThan(300)
  })

  it('of a subject, which nobody could be shown', async () => {
    const subject = sequence(set(sequence(oid('2.5.4.3'), utf8('x'.repeat(90_000)))))
    const offer = await offerFor(writeRequest(key, { subject }), authority)
    expect(offer.refusal).toBe('Its subject is more than anybody could be asked about.')
    expect(offer.subject.length).toBeLessThan(4_100)
  })
})
