/** Keys are read before they are judged: what is none is told, and what isn't known is neither good nor bad. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { oidNamed } from '#shared/crypto/encodings/oids'
import { judgeKey } from '#shared/crypto/pki/judge-key'
import { keyDoubt } from '#shared/inspect/path/strength-checks'
import { summarise } from '#shared/inspect/summary'
import { readPublicKey } from '#shared/inspect/x509/keys'
import { bits, oid, sequence } from '../../support/der'
import { allFaults } from '../../support/path-faults'
import { goodChain } from '../../support/path-faults/chain'
import { dhKey } from '../../support/path-faults/keys'

const spkiOf = (key: KeyObject): Bytes => new Uint8Array(key.export({ type: 'spki', format: 'der' }))
const CONTEXT = { now: 0, trustAnchors: [], intermediates: [], host: '' }

it.each([
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['RSASSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: 'sha256' })],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['brainpoolP256r1', generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' })],
  ['SM2', generateKeyPairSync('ec', { namedCurve: 'SM2' })],
  ['spelt out', generateKeyPairSync('ec', { namedCurve: 'P-384', paramEncoding: 'explicit' })],
  ['DSA', generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })],
  ['Diffie-Hellman', { publicKey: dhKey('modp14') }],
  ['Ed25519', generateKeyPairSync('ed25519')],
  ['Ed448', generateKeyPairSync('ed448')],
  ['X25519', generateKeyPairSync('x25519')],
  ['X448', generateKeyPairSync('x448')],
] as const)('a real key is good: %s', (_, { publicKey }) => {
  const spki = spkiOf(publicKey)
  expect(judgeKey(spki)).toEqual({ result: 'good' })
  expect(keyDoubt(readPublicKey(spki))).toBeUndefined()
})

/** By the algorithm's name: what it is for. */
const UNKNOWN: Readonly<Record<string, RegExp>> = {
  'ML-DSA-44': /signatures.*FIPS 204/,
  'ML-DSA-87': /signatures.*FIPS 204/,
  'HashML-DSA-65-WITH-SHA512': /signatures.*FIPS 204/,
  'SLH-DSA-SHA2-128s': /signatures.*FIPS 205/,
  'SLH-DSA-SHAKE-256f': /signatures.*FIPS 205/,
  'HashSLH-DSA-SHA2-192f-WITH-SHA512': /signatures.*FIPS 205/,
  'ML-KEM-512': /agreeing on a key.*FIPS 203/,
  'ML-KEM-1024': /agreeing on a key.*FIPS 203/,
  falcon512: /signatures.*Falcon/,
  falcon1024: /signatures.*Falcon/,
  dilithium3: /Dilithium/,
  'HSS-LMS': /SP 800-208/,
  'XMSS-HASHSIG': /SP 800-208/,
  'MLDSA44-ECDSA-P256-SHA256': /composite/,
  'MLDSA87-RSA4096-PSS-SHA512': /composite/,
  gostR34102001: /GOST/,
  'gostR34102012-512': /GOST/,
  'id-ecDH': /agreeing on a key alone/,
}

describe('a key of a kind that can’t be judged here is neither weak nor sound', () => {
  it.each(Object.entries(UNKNOWN))('%s', async (name, purpose) => {
    const spki = sequence(sequence(oid(oidNamed(name))), bits(new Uint8Array(64).fill(9)))
    const judgement = judgeKey(spki)
    expect(judgement).toMatchObject({ result: 'unknown', reason: expect.stringMatching(purpose) })
    expect(judgement).toMatchObject({ reason: expect.stringContaining(name) })
    const view = await summarise({ kind: 'public-key', id: 'a', title: 'A', source: 's', spki }, CONTEXT)
    expect(view.soundness).toBe('open')
    expect(view.conclusion).toMatch(/can’t be judged here/)
    expect(view.conclusion).toMatch(purpose)
    expect(view.weakSpots).toEqual([])
  })

  it('nor one without a name, or on a curve without one', async () => {
    const unnamed = sequence(sequence(oid('1.2.3.4')), bits(new Uint8Array(64)))
    const onUnnamed = sequence(
      sequence(oid(oidNamed('id-ecPublicKey')), oid('1.2.3.4')),
      bits(new Uint8Array(65).fill(4)),
    )
    for (const spki of [unnamed, onUnnamed]) {
      expect(judgeKey(spki)).toMatchObject({ result: 'unknown', reason: expect.stringContaining('1.2.3.4') })
      const view = await summarise({ kind: 'public-key', id: 'a', title: 'A', source: 's', spki }, CONTEXT)
      expect([view.soundness, view.weakSpots]).toEqual(['open', []])
    }
  })
})

it('a key with a fault is unsound wherever it is opened, and one of a small curve is still weak', async () => {
  const keys = allFaults().filter(({ kind, name }) => kind === 'keys' && !name.includes('authority’s'))
  const results = new Map<string, string>()
  for (const { name, apply } of keys) {
    const plan = goodChain()
    apply(plan)
    const { spki } = plan.leaf
    const { result } = judgeKey(spki)
    results.set(name, result)
    if (result !== 'bad') continue
    const view = await summarise(
      { kind: 'public-key', id: 'a', title: 'A', source: 's', spki },
      CONTEXT,
    ).catch(({ code }: { code: string }) => code)
    // What is no SubjectPublicKeyInfo at all is not opened.
    if (view !== 'bad_public_key') expect(view, name).toMatchObject({ soundness: 'unsound' })
  }
  expect([...results.values()].filter((result) => result === 'bad').length).toBeGreaterThan(60)
  const small = spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp112r1' }).publicKey)
  expect(keyDoubt(readPublicKey(small))).toMatchObject({ kind: 'small', result: 'failed' })
})
