/** JSON files: JWK, JWK Set, and `Cert_S` as this program exports it. */
import { fromBase64 } from '../../bytes'
import { shorten } from '../../visible'
import { certSText } from '../../crypto/pki/cert-s'
import { LabError, messageOf, orUndefined } from '../../errors'
import type { Artifact } from '../artifact'
import { isJwk, readJwk, type JsonObject } from './jwk'
import type { NewArtifact, Opening } from './state'

/** Keys that a set may have. */
const MAX_KEYS = 1_000

/** True for a text that can only be JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*(?:[{\]]|null\b))/.test(text)
}

/** True for JSON of a kind that {@link openJson} opens. */
export function isKnownJson(text: string): boolean {
  if (!looksLikeJson(text)) return false
  return orUndefined(() => kindOf(JSON.parse(text)) !== undefined) ?? false
}

/**
 * Opens a JSON file.
 * @throws LabError `bad_json`, `not_recognised` for JSON of another kind, and what the kinds throw
 */
export async function openJson(text: string, opening: Opening): Promise<readonly Artifact[]> {
  const known = kindOf(parse(text))
  switch (known?.kind) {
    case 'jwk':
      return make(await readJwk(known.value, 'The JWK', opening), 'JWK', opening)
    case 'set':
      return openSet(known.value, opening)
    case 'cert-s':
      return make([readCertS(known.value, opening)], 'Cert_S, JSON', opening)
    case undefined:
      throw new LabError(
        'not_recognised',
        'The file is JSON, but of no kind that is opened here; expected is a JWK (kty), a set of them (keys) or Cert_S (id_s, pk_s, signature).',
      )
  }
}

type KnownJson =
  | { readonly kind: 'jwk' | 'cert-s'; readonly value: JsonObject }
  | { readonly kind: 'set'; readonly value: readonly unknown[] }

function kindOf(value: unknown): KnownJson | undefined {
  if (Array.isArray(value))
    return value.some((each) => isObject(each) && isJwk(each)) ? { kind: 'set', value } : undefined
  if (!isObject(value)) return undefined
  if (isJwk(value)) return { kind: 'jwk', value }
  if (Array.isArray(value['keys'])) return { kind: 'set', value: value['keys'] }
  return 'id_s' in value && 'signature' in value ? { kind: 'cert-s', value } : undefined
}

/** RFC 7517 section 5: keys of kinds that aren't known are passed over. */
async function openSet(keys: readonly unknown[], opening: Opening): Promise<readonly Artifact[]> {
  if (keys.length === 0) throw new LabError('bad_jwk', 'The JWK Set has no keys.')
  if (keys.length > MAX_KEYS) {
    const most = MAX_KEYS.toLocaleString('en')
    opening.note(
      `The first ${most} keys of ${keys.length.toLocaleString('en')} were read; the others were passed over.`,
    )
  }
  const artifacts: Artifact[] = []
  let first: LabError | undefined
  for (const [at, key] of keys.slice(0, MAX_KEYS).entries()) {
    await opening.breathe()
    const subject = `Key ${at + 1} of the JWK Set`
    try {
      if (!isObject(key)) throw new LabError('bad_jwk', `${subject} is no object.`)
      artifacts.push(...make(await readJwk(key, subject, opening), `JWK Set, key ${at + 1}`, opening))
    } catch (error) {
      const told = opening.passOver(error, subject)
      first ??= told
    }
  }
  if (artifacts.length === 0 && first) throw first
  return artifacts
}

/** protocol.md section 2, with the names that the export gives the parts. */
function readCertS(value: JsonObject, opening: Opening): NewArtifact {
  const [idS, idCa, pkS, base64] = ['id_s', 'id_ca', 'pk_s', 'signature'].map((name) => {
    const text = value[name]
    if (typeof text !== 'string') {
      throw new LabError('bad_cert_s', `Cert_S lacks the member ${name}; a text is expected.`)
    }
    return text
  }) as [string, string, string, string]
  const signature = fromBase64(base64)
  if (!signature) throw new LabError('bad_cert_s', 'The signature of Cert_S is not base64.')
  const stated = value['signed_text']
  if (stated !== undefined && stated !== certSText({ idS, idCa, pkS })) {
    opening.note('The member signed_text is not what the three parts make: the parts are what counts.')
  }
  return { kind: 'cert-s', idS, idCa, pkS, signature, title: `Cert_S, ${shorten(idS, 60)}` }
}

function make(artifacts: readonly NewArtifact[], source: string, opening: Opening): readonly Artifact[] {
  return artifacts.map((artifact) => opening.make(artifact, { source, subject: source }))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const where = placeOfFault(text, messageOf(cause))
    throw new LabError('bad_json', `The file begins like JSON, but is none: ${where}.`, { cause })
  }
}

/** Each runtime has words of its own for what is wrong; where, most of them say. */
function placeOfFault(text: string, message: string): string {
  const position = /\bposition (\d+)/.exec(message)?.[1]
  if (position === undefined) {
    return /end of JSON/.test(message) ? 'it ends too early' : 'it has something where JSON has none'
  }
  const before = text.slice(0, Number(position)).split(/\r\n|\r|\n/)
  const column = (before.at(-1) ?? '').length + 1
  return `it is not as JSON has it in line ${before.length}, at character ${column}`
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
