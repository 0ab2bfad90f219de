/** JSON Web Keys (RFC 7517, 7518, 8037) as PKCS#8 and SubjectPublicKeyInfo. */
import { concat, equalBytes, fromBase64, fromBase64Url, type Bytes } from '../../bytes'
import { writeElement } from '../../crypto/encodings/der'
import { publicHalfOf } from '../../crypto/primitives/computed-curves'
import { LabError } from '../../errors'
import { readCertificate } from '../x509/certificate'
import { readPublicKey, rsaSpki, spkiOf, unsigned } from '../x509/keys'
import { certificate, privateKey, publicKey, titleFrom } from './artifacts'
import { bareAlgorithm, curveAlgorithm, ecPrivateKey, pkcs8FromPkcs1, pkcs8Of } from './key-forms'
import type { NewArtifact, Opening } from './state'

export type JsonObject = Readonly<Record<string, unknown>>

/** Curves by their names in JWK; bytes of a coordinate. */
const CURVES: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  'P-256': { name: 'secp256r1', bytes: 32 },
  'P-384': { name: 'secp384r1', bytes: 48 },
  'P-521': { name: 'secp521r1', bytes: 66 },
  secp256k1: { name: 'secp256k1', bytes: 32 },
}
/** Curves of octet key pairs; bytes of a key. */
const OCTET_CURVES: Readonly<Record<OctetCurve, number>> = { Ed25519: 32, X25519: 32, Ed448: 57, X448: 56 }
type OctetCurve = 'Ed25519' | 'X25519' | 'Ed448' | 'X448'
/** Certificates of a chain that are shown. */
const MAX_CHAIN = 100
const RSA_NUMBERS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const
const [SEQUENCE, OCTET_STRING, BIT_STRING] = [0x30, 0x04, 0x03] as const
const UNCOMPRESSED = 0x04

/** True for an object that says it is a key. */
export function isJwk(value: JsonObject): boolean {
  return typeof value['kty'] === 'string'
}

/**
 * The key, private where its secret is there, and the certificates that came with it. What is wrong with those is told, and
 * takes neither the key nor each other along.
 * @param subject for messages, for instance `The JWK`
 * @throws LabError `bad_jwk`, `unsupported_jwk` for kinds of keys that are not public ones
 */
export async function readJwk(
  jwk: JsonObject,
  subject: string,
  opening: Opening,
): Promise<readonly NewArtifact[]> {
  const forms = await readForms(jwk, subject)
  return [keyOf(jwk, forms), ...readChain(jwk, subject, forms.spki, opening)]
}

function keyOf(jwk: JsonObject, { spki, pkcs8 }: Forms): NewArtifact {
  const title = typeof jwk['kid'] === 'string' ? titleFrom(jwk['kid']) : undefined
  return pkcs8 ? privateKey(pkcs8, title && `${title}, private key`) : publicKey(spki, title ? { title } : {})
}

interface Forms {
  readonly spki: Bytes
  readonly pkcs8: Bytes | undefined
}

function readForms(jwk: JsonObject, subject: string): Forms | Promise<Forms> {
  switch (jwk['kty']) {
    case 'RSA':
      return readRsa(jwk, subject)
    case 'EC':
      return readEc(jwk, subject)
    case 'OKP':
      return readOctetPair(jwk, subject)
    case 'oct': {
      const message = `${subject} is a symmetric key (kty oct); public and private keys are opened here.`
      throw new LabError('unsupported_jwk', message)
    }
    default: {
      const kty = String(jwk['kty']).slice(0, 40)
      throw new LabError('unsupported_jwk', `${subject} is of the kind ${kty}; expected is RSA, EC or OKP.`)
    }
  }
}

/** RFC 7518 section 6.3. */
function readRsa(jwk: JsonObject, subject: string): Forms {
  const number = (name: string): Bytes => memberBytes(jwk, name, subject)
  const spki = rsaSpki(number('n'), number('e'))
  if (jwk['d'] === undefined) return { spki, pkcs8: undefined }
  if (jwk['oth'] !== undefined) {
    throw new LabError('unsupported_jwk', `${subject} is an RSA key with more than two primes (oth).`)
  }
  const numbers = RSA_NUMBERS.map((name) => unsigned(number(name)))
  const version = unsigned(new Uint8Array(1))
  return { spki, pkcs8: pkcs8FromPkcs1(writeElement(SEQUENCE, version, ...numbers)) }
}

/** RFC 7518 section 6.2. */
function readEc(jwk: JsonObject, subject: string): Forms {
  const { name, bytes } = curveOf(CURVES, jwk, subject)
  const point = concat(
    Uint8Array.of(UNCOMPRESSED),
    memberBytes(jwk, 'x', subject, bytes),
    memberBytes(jwk, 'y', subject, bytes),
  )
  const spki = spkiOf(curveAlgorithm(name), point)
  if (jwk['d'] === undefined) return { spki, pkcs8: undefined }
  const publicPart = writeElement(BIT_STRING, new Uint8Array(1), point)
  const key = ecPrivateKey(memberBytes(jwk, 'd', subject, bytes), publicPart)
  return { spki, pkcs8: pkcs8Of(curveAlgorithm(name), key) }
}

/** RFC 8037 section 2, RFC 8410. A public half that is another key's is kept beside the secret, so that it is seen. */
async function readOctetPair(jwk: JsonObject, subject: string): Promise<Forms> {
  const length = curveOf(OCTET_CURVES, jwk, subject)
  const algorithm = bareAlgorithm(String(jwk['crv']))
  const stated = memberBytes(jwk, 'x', subject, length)
  const spki = spkiOf(algorithm, stated)
  if (jwk['d'] === undefined) return { spki, pkcs8: undefined }
  const secret = memberBytes(jwk, 'd', subject, length)
  const own = await publicHalfOf(String(jwk['crv']) as OctetCurve, secret)
  const key = writeElement(OCTET_STRING, secret)
  return { spki, pkcs8: pkcs8Of(algorithm, key, equalBytes(own, stated) ? undefined : stated) }
}

function curveOf<Curve>(curves: Readonly<Record<string, Curve>>, jwk: JsonObject, subject: string): Curve {
  if (typeof jwk['crv'] !== 'string') {
    throw new LabError('bad_jwk', `${subject} lacks the member crv, which names its curve.`)
  }
  const name = jwk['crv']
  const curve = Object.hasOwn(curves, name) ? curves[name] : undefined
  if (curve !== undefined) return curve
  const known = Object.keys(curves).join(', ')
  throw new LabError(
    'unsupported_jwk',
    `${subject} is on the curve ${name.slice(0, 40)}; expected is one of ${known}.`,
  )
}

/** `x5c`: certificates in standard base64, of which the first has to be the key's own (RFC 7517 section 4.7). */
function readChain(jwk: JsonObject, subject: string, spki: Bytes, opening: Opening): readonly NewArtifact[] {
  const chain = jwk['x5c']
  if (chain === undefined) return []
  if (!Array.isArray(chain)) {
    opening.note(`${subject} has a member x5c that is no list of certificates: it was passed over.`)
    return []
  }
  if (chain.length > MAX_CHAIN) {
    opening.note(`Of the certificates in x5c of ${subject} the first ${MAX_CHAIN} are shown.`)
  }
  return chain.slice(0, MAX_CHAIN).flatMap((text: unknown, at) => {
    const place = `${subject}, certificate ${at + 1} in x5c,`
    try {
      const der = typeof text === 'string' ? fromBase64(text) : undefined
      if (!der) throw new LabError('bad_jwk', `${place} is not base64: it was passed over.`)
      const made = certificate(der)
      if (at === 0 && !isSameKey(readCertificate(der).publicKey.spki, spki)) {
        opening.note(
          `${place} is of another key than the JWK: nothing vouches for this key (RFC 7517 section 4.7).`,
        )
      }
      return [made]
    } catch (error) {
      opening.passOver(error, place)
      return []
    }
  })
}

/** The same key, whatever its algorithm's parameters are written like. */
function isSameKey(one: Bytes, other: Bytes): boolean {
  return equalBytes(readPublicKey(one).keyBytes, readPublicKey(other).keyBytes)
}

function memberBytes(jwk: JsonObject, name: string, subject: string, length?: number): Bytes {
  const text = jwk[name]
  if (typeof text !== 'string' || text === '') {
    throw new LabError('bad_jwk', `${subject} lacks the member ${name}; a text in base64url is expected.`)
  }
  const bytes = fromBase64Url(text)
  if (!bytes) throw new LabError('bad_jwk', `${subject} has a member ${name} that is not base64url.`)
  if (length !== undefined && bytes.length !== length) {
    throw new LabError(
      'bad_jwk',
      `${subject} has a member ${name} of ${bytes.length} bytes; the curve has ${length}.`,
    )
  }
  return bytes
}
