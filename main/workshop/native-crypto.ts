/** What the workshop computes with: Node's own crypto, on its threads. */
import { constants, createPrivateKey, generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Bytes } from '#shared/bytes'
import { LabError, messageOf } from '#shared/errors'
import type { KeyKind } from '#shared/workshop/chain'
import type { KeyPair, SigningMethod, WorkshopCrypto } from '#shared/workshop/crypto'

const CURVES = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' } as const
const HASHES = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
} as const

const generate = promisify(generateKeyPair)
const signAsync = promisify(sign)

/** By Node's crypto. */
export function nativeCrypto(): WorkshopCrypto {
  return {
    makeKeyPair: async (kind) => exported(await newPair(kind)),
    sign: async (pkcs8, method, data) =>
      new Uint8Array(
        await signBy(pkcs8, method, data).catch((error: unknown) => {
          throw new LabError(
            'bad_argument',
            `The library does not sign with such a key: ${messageOf(error)}.`,
            {
              cause: error,
            },
          )
        }),
      ),
    random: (length) => new Uint8Array(randomBytes(length)),
  }
}

function newPair(kind: KeyKind): Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> {
  switch (kind.kind) {
    case 'RSA':
      return generate('rsa', { modulusLength: kind.bits, publicExponent: kind.exponent ?? 65_537 })
    case 'EC':
      return generate('ec', { namedCurve: CURVES[kind.curve] })
    case 'Ed25519':
      return generate('ed25519')
  }
}

function exported({ publicKey, privateKey }: Awaited<ReturnType<typeof newPair>>): KeyPair {
  return {
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    pkcs8: new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
  }
}

async function signBy(pkcs8: Bytes, { key, hash, pss }: SigningMethod, data: Bytes): Promise<Buffer> {
  const own = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  if (key === 'Ed25519') return signAsync(null, data, own)
  const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength } : {}
  return signAsync(HASHES[hash], data, { key: own, ...padding })
}
