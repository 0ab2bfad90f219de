/** The sheets of suite `classic` (protocol.md section 3). */
import { concatenation, symbol, text, type Derivation } from '../../record/derivation'
import { asym, object, sym, type ObjectTerm } from '../../record/term'
import { X509_CHECKS } from '../check-table'
import { defineSheet } from '../define-sheet'
import type { KeySymbol } from '../keys'
import {
  carriedKey,
  clientEndpoint,
  data,
  ID_C,
  ID_S,
  lifetime,
  request,
  timestamp,
  x509,
  type Member,
} from '../member-parts'
import type { StepNumber } from '../steps'
import type { Hl1Sheet } from '../types'
import { DES, RSA } from './ciphers'
import { classicExplanations } from './explanations'

const DES_KEY_BYTES = 8

/** The certificate of the original: three parts, joined by one line feed each. */
const CERT_S: Derivation<KeySymbol> = {
  is: 'signature',
  algorithm: { name: 'RSA-PKCS1', full: 'RSASSA-PKCS1-v1_5 with SHA-256' },
  key: 'SK_CA',
  over: concatenation(symbol('ID_S'), text('\n'), symbol('ID_CA'), text('\n'), symbol('PK_S')),
}

const desKey = <const N extends string, const K extends KeySymbol>(name: N, key: K, meaning: string) =>
  ({ ...carriedKey(name, key, DES_KEY_BYTES, meaning), rule: 'strong_des_key' }) as const satisfies Member

const publicKey = {
  name: 'pk_s',
  symbol: 'PK_S',
  kind: 'pem',
  nature: { is: 'public-key', key: 'PK_S' },
  meaning: 'The server’s public key. Both certificates speak of it.',
} as const satisfies Member

const privateKey = {
  name: 'sk_s',
  symbol: 'SK_S',
  kind: 'pem',
  nature: { is: 'private-key', key: 'SK_S' },
  meaning: 'The server’s private key, made by the authority.',
} as const satisfies Member

const certS = {
  name: 'cert_s',
  symbol: 'Cert_S',
  kind: 'bytes',
  nature: { is: 'bare-certificate', made: CERT_S, certificate: 'x509_s', for: 'pk_s' },
  meaning: 'The authority’s signature over the server’s identity, its own identity and the public key.',
} as const satisfies Member

const rsa = <B extends ObjectTerm<Member>>(key: KeySymbol, opensWith: KeySymbol, body: B) =>
  asym(RSA, key, opensWith, body)
const des = <B extends ObjectTerm<Member>>(key: KeySymbol, body: B) => sym(DES, key, body)

export const classicSheets = {
  1: defineSheet({
    ...classicExplanations[1],
    term: rsa(
      'PK_CA',
      'SK_CA',
      object(
        desKey(
          'k_tmp1',
          'K_tmp1',
          'A temporary key, made for this one answer: the authority replies under it.',
        ),
        { ...ID_S, meaning: 'Who asks: the name that the certificate will carry.' },
        timestamp(1),
      ),
    ),
    derivations: {},
    checks: ['name'],
  }),

  2: defineSheet({
    ...classicExplanations[2],
    term: des(
      'K_tmp1',
      object(
        publicKey,
        privateKey,
        certS,
        x509,
        { ...ID_S, meaning: 'Whom the answer is for.' },
        timestamp(2),
      ),
    ),
    derivations: { Cert_S: CERT_S },
    checks: ['identity', 'key_pair', 'cert_s_signature', ...X509_CHECKS, 'same_key'],
  }),

  3: defineSheet({
    ...classicExplanations[3],
    term: des(
      'K_boot',
      object(
        { ...ID_C, meaning: 'Who asks.' },
        { ...ID_S, meaning: 'Which server is wanted: another one would refuse.' },
        timestamp(3),
      ),
    ),
    derivations: {},
    checks: ['identity'],
  }),

  4: defineSheet({
    ...classicExplanations[4],
    term: des('K_boot', object(publicKey, certS, x509, timestamp(4))),
    derivations: {},
    checks: ['cert_s_signature', 'same_key', ...X509_CHECKS],
  }),

  5: defineSheet({
    ...classicExplanations[5],
    term: rsa(
      'PK_S',
      'SK_S',
      object(
        desKey('k_tmp2', 'K_tmp2', 'A temporary key, made for this one answer: the server replies under it.'),
        { ...ID_C, meaning: 'Who sends: the same as in step 3.' },
        ...clientEndpoint,
        timestamp(5),
      ),
    ),
    derivations: {},
    checks: ['identity', 'address'],
  }),

  6: defineSheet({
    ...classicExplanations[6],
    term: des(
      'K_tmp2',
      object(
        desKey(
          'k_sess',
          'K_sess',
          'The session key: protects every request and answer until its lifetime ends.',
        ),
        lifetime,
        { ...ID_C, meaning: 'Whom the session key is for.' },
        timestamp(6),
      ),
    ),
    derivations: {},
    checks: ['identity', 'lifetime'],
  }),

  7: defineSheet({
    ...classicExplanations[7],
    term: des('K_sess', object(request, timestamp(7))),
    derivations: {},
    checks: [],
  }),

  8: defineSheet({
    ...classicExplanations[8],
    term: des('K_sess', object(data, timestamp(8))),
    derivations: {},
    checks: [],
  }),
} as const satisfies Readonly<Record<StepNumber, Hl1Sheet>>
