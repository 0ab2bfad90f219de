/** Project Wycheproof's vectors (test/vectors/wycheproof) against the code that the app uses. */
import { createDecipheriv, createECDH } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import { servingCrypto } from '#main/terminal/serving-crypto'
import { concat, fromBase64, toHex, type Bytes } from '#shared/bytes'
import { agree, GCM_TAG_BYTES, readShare, SHARE_BYTES } from '#shared/crypto/primitives/aead'
import { deriveKey } from '#shared/crypto/primitives/hash'
import { unpad } from '#shared/crypto/primitives/padding'
import { encodePem } from '#shared/crypto/encodings/pem'
import {
  publicKeyFromSpki,
  verifyPkcs1,
  verifyPss,
  type OaepHash,
  type RsaPrivateKey,
} from '#shared/crypto/primitives/rsa'
import { webCrypto, type CryptoProvider } from '#shared/crypto/provider'
import { hex } from '../../../support/vectors'

const FOLDER = resolve(import.meta.dirname, '../../../vectors/wycheproof')

type Fields = Readonly<Record<string, string>>
interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly flags: readonly string[]
  readonly result: 'valid' | 'invalid' | 'acceptable'
}
type Group = Readonly<Record<string, unknown>> & { readonly tests: readonly (Vector & Fields)[] }

/** What the app's code makes of a vector: hex of the result, or true and false for a signature; a throw is a refusal. */
type Attempt = (vector: Vector & Fields, group: Group) => Promise<string | boolean>

interface Suite {
  readonly file: string
  /** Whose code it is, where the app has it from two. */
  readonly by?: string
  readonly attempt: Attempt
  /** The member that a valid vector's result equals; none for signatures. */
  readonly expected?: string
  /** Vectors whose verdict differs from the app's, and why that is right; each of them has to differ. */
  readonly differences?: readonly {
    readonly reason: string
    /** What the app makes of them. */
    readonly got: 'refused' | 'right'
    readonly applies: (vector: Vector & Fields) => boolean
  }[]
}

const openAndSeal =
  (by: CryptoProvider): Attempt =>
  async ({ key, iv, aad, ct, tag, msg, result }) => {
    const opened = await by.decryptGcm(hex(key!), hex(iv!), hex(aad!), hex(ct! + tag!))
    const sealed = toHex(await by.encryptGcm(hex(key!), hex(iv!), hex(aad!), hex(msg!)))
    if (result === 'valid') expect(sealed).toBe(ct! + tag!)
    expect(sealed.length / 2).toBe(opened.length + GCM_TAG_BYTES)
    return toHex(opened)
  }

const OAEP_BY = (['SHA-1', 'SHA-256'] as const).flatMap((hash) => [
  { hash, by: undefined, provider: webCrypto },
  { hash, by: 'Node', provider: servingCrypto(() => true, webCrypto) },
])

const SUITES: readonly Suite[] = [
  {
    file: 'aes_gcm_test.json',
    expected: 'msg',
    attempt: openAndSeal(webCrypto),
    differences: [
      {
        reason:
          'an initialisation vector of under 12 or over 256 bytes, refused by the native code; HL/1 has 12',
        got: 'refused',
        applies: ({ iv }) => iv!.length / 2 < 12 || iv!.length / 2 > 256,
      },
    ],
  },
  {
    file: 'aes_gcm_test.json',
    by: 'Node',
    expected: 'msg',
    attempt: openAndSeal(mainEnvironment.crypto),
    differences: [
      {
        reason: 'an initialisation vector that is not 12 bytes long, refused: HL/1 has 12',
        got: 'refused',
        applies: ({ iv }) => iv!.length / 2 !== 12,
      },
      {
        reason: 'a key of 128 or 192 bits, refused: HL/1 has 256',
        got: 'refused',
        applies: ({ key }) => key!.length / 2 !== 32,
      },
    ],
  },
  {
    file: 'hkdf_sha256_test.json',
    expected: 'okm',
    // The app derives 32 bytes: longer outputs begin with them, shorter ones are their beginning (RFC 5869 section 2.3).
    async attempt({ ikm, salt, info, okm }) {
      const derived = toHex(await deriveKey(hex(ikm!), hex(salt!), hex(info!)))
      const common = Math.min(derived.length, okm!.length)
      return derived.slice(0, common) + okm!.slice(common)
    },
    differences: [
      {
        reason: 'asks for more bytes than HKDF can give: the app asks for 32, always',
        got: 'right',
        applies: ({ flags }) => flags!.includes('SizeTooLarge'),
      },
    ],
  },
  {
    file: 'ecdh_secp256r1_ecpoint_test.json',
    expected: 'shared',
    attempt: async (vector) =>
      toHex(await agreeWith(await importScalar(hex(vector['private']!)), hex(vector['public']!))),
    differences: [
      {
        reason: 'a compressed share: HL/1 has uncompressed ones alone',
        got: 'refused',
        applies: ({ flags }) => flags!.includes('CompressedPublic'),
      },
    ],
  },
  {
    file: 'ecdh_secp256r1_webcrypto_test.json',
    expected: 'shared',
    // The keys are JWK; a share of HL/1 is their point.
    async attempt(vector) {
      const peer = vector['public'] as unknown as JsonWebKey
      const own = vector['private'] as unknown as JsonWebKey
      const share = concat(new Uint8Array([4]), base64Url(peer.x), base64Url(peer.y))
      expect(share.length === SHARE_BYTES || vector.result === 'invalid').toBe(true)
      return toHex(await agreeWith(await importScalar(base64Url(own.d)), share))
    },
  },
  ...OAEP_BY.map(({ hash, by, provider }): Suite => {
    const name = hash.replace('-', '').toLowerCase()
    return {
      file: `rsa_oaep_2048_${name}_mgf1${name}_test.json`,
      ...(by && { by }),
      expected: 'msg',
      attempt: ({ ct }, group) => openOaep(group, hash, hex(ct!), provider),
      differences: [
        {
          reason: 'encrypted with a label: HL/1 has the empty one alone',
          got: 'refused',
          applies: ({ label, result }) => label !== '' && result === 'valid',
        },
      ],
    }
  }),
  {
    file: 'rsa_signature_2048_sha256_test.json',
    attempt: ({ sig, msg }, group) =>
      verifyPkcs1(publicKeyFromSpki(hex(group['publicKeyDer'] as string)), hex(sig!), hex(msg!)),
    differences: [
      {
        reason: 'a DigestInfo without NULL: refused, RFC 8017 wants it',
        got: 'refused',
        applies: ({ flags }) => flags!.includes('MissingNull'),
      },
    ],
  },
  {
    file: 'rsa_pss_2048_sha256_mgf1_32_test.json',
    attempt: ({ sig, msg }, group) =>
      verifyPss(publicKeyFromSpki(hex(group['publicKeyDer'] as string)), hex(sig!), hex(msg!)),
  },
  {
    file: 'aes_cbc_pkcs5_test.json',
    expected: 'msg',
    // The unpadding rule of DES (protocol.md section 3), with the block of AES; the cipher itself is not the app's.
    async attempt({ key, iv, ct }, group) {
      const cipher = createDecipheriv(`aes-${String(group['keySize'])}-cbc`, hex(key!), hex(iv!))
      cipher.setAutoPadding(false)
      const blocks = concat(new Uint8Array(cipher.update(hex(ct!))), new Uint8Array(cipher.final()))
      return toHex(unpad(blocks, 16))
    },
  },
]

describe('Wycheproof', () => {
  for (const suite of SUITES) {
    const path = join(FOLDER, suite.file)
    const name = suite.by ? `${suite.file}, by ${suite.by}` : suite.file
    it(`${name}: every vector's verdict is met, or differs for a reason`, async () => {
      const { testGroups, numberOfTests } = JSON.parse(readFileSync(path, 'utf8')) as {
        numberOfTests: number
        testGroups: readonly Group[]
      }
      const wrong: string[] = []
      const excused = new Map<string, number>()
      let met = 0
      for (const group of testGroups) {
        for (const vector of group.tests) {
          const got = await judge(suite, vector, group)
          const wanted = vector.result === 'invalid' ? 'refused' : 'right'
          const excuse = suite.differences?.find((each) => each.got === got && each.applies(vector))
          if (got === wanted) met++
          else if (excuse) excused.set(excuse.reason, (excused.get(excuse.reason) ?? 0) + 1)
          else wrong.push(`${vector.tcId} (${vector.comment}): ${got}, expected ${wanted}`)
        }
      }
      const reasons = [...excused].map(([reason, count]) => `; ${count} differ: ${reason}`)
      console.info(`Wycheproof ${name}: ${met} of ${numberOfTests} vectors met${reasons.join('')}`)
      expect(wrong).toEqual([])
      expect(met + [...excused.values()].reduce((sum, count) => sum + count, 0)).toBe(numberOfTests)
    })
  }
})

async function judge(
  suite: Suite,
  vector: Vector & Fields,
  group: Group,
): Promise<'right' | 'refused' | 'wrong'> {
  const got = await suite.attempt(vector, group).catch((error: unknown) => {
    // A failed expectation is no refusal.
    if (error instanceof Error && error.name === 'AssertionError') throw error
    return false
  })
  if (got === false) return 'refused'
  return got === true || got === vector[suite.expected ?? ''] ? 'right' : 'wrong'
}

async function openOaep(
  group: Group,
  hash: OaepHash,
  ciphertext: Bytes,
  { decryptOaep }: CryptoProvider,
): Promise<string> {
  const pkcs8 = hex(group['privateKeyPkcs8'] as string)
  const key: RsaPrivateKey = { pkcs8, pem: encodePem('PRIVATE KEY', pkcs8) }
  return toHex(await decryptOaep(key, hash, ciphertext))
}

/** A private scalar as WebCrypto takes it: with the point that belongs to it. */
async function importScalar(scalar: Bytes): Promise<CryptoKey> {
  const ecdh = createECDH('prime256v1')
  // Some vectors write it with a leading zero byte.
  const bytes = Buffer.from(toHex(scalar).slice(-64).padStart(64, '0'), 'hex')
  ecdh.setPrivateKey(bytes)
  const point = ecdh.getPublicKey()
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: bytes.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  return crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
}

function base64Url(text: string | undefined): Bytes {
  const standard = (text ?? '').replaceAll('-', '+').replaceAll('_', '/')
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '=')) ?? new Uint8Array()
}

/** Reads the peer's share and works the secret out. */
async function agreeWith(privateKey: CryptoKey, share: Bytes): Promise<Bytes> {
  return agree(privateKey, await readShare(share))
}
