/** Signatures and the names of their algorithms (RFC 5280 section 4.1.1.2). */
import type { ChainPlan, KeyKind, SignaturePlan } from '../chain'
import { changed, leaf } from '../plain'
import { accepted, recipesOf, refused, refusedByWeb } from '../recipe'

const RSA: KeyKind = { kind: 'RSA', bits: 2048 }
/** A server's certificate that an authority with an RSA key has signed. */
const byRsa = (signature: SignaturePlan): ChainPlan =>
  changed('intermediate', { key: RSA }, leaf({ signature }))

export const SIGNATURES = recipesOf('signature', [
  {
    id: 'signature-broken',
    title: 'A signature with a bit flipped',
    wrong: 'The signature of the server’s certificate has one bit changed.',
    rule: 'RFC 5280 section 4.1.1.3',
    otherwise: 'Everybody could write certificates.',
    chain: leaf({ signature: { hash: 'SHA-256', fault: 'a bit flipped' } }),
    predicts: refused('signature'),
  },
  {
    id: 'signature-empty',
    title: 'No signature',
    wrong: 'The signature of the server’s certificate has no bytes.',
    rule: 'RFC 5280 section 4.1.1.3',
    otherwise: 'Everybody could write certificates.',
    chain: leaf({ signature: { hash: 'SHA-256', fault: 'empty' } }),
    predicts: refused('signature'),
  },
  {
    id: 'issuer-signature-broken',
    title: 'A broken signature in between',
    wrong: 'The signature of the authority in between has one bit changed.',
    rule: 'RFC 5280 section 6.1.3',
    otherwise: 'Everybody could write certificates of authorities.',
    chain: changed('intermediate', { signature: { hash: 'SHA-256', fault: 'a bit flipped' } }),
    predicts: refused('signature'),
  },
  {
    id: 'root-signature-broken',
    title: 'A root with a broken signature',
    wrong: 'The signature of the trust anchor, by its own key, has one bit changed.',
    rule: 'RFC 5280 section 6.1',
    otherwise: 'Nothing: an anchor is trusted for itself, and not for its signature.',
    chain: changed('root', { signature: { hash: 'SHA-256', fault: 'a bit flipped' } }),
    predicts: accepted(),
  },
  {
    id: 'signature-algorithm-mismatch',
    title: 'One algorithm inside, another outside',
    wrong: 'The algorithm inside the signed part is with SHA-256, the one outside with SHA-384.',
    rule: 'RFC 5280 section 4.1.1.2',
    otherwise: 'The one outside is not signed: it could be changed to a weaker one.',
    chain: leaf({ signature: { hash: 'SHA-256', outside: 'SHA-384' } }),
    predicts: refused('signature'),
  },
  {
    id: 'signature-md5',
    title: 'Signed with MD5',
    wrong: 'The server’s certificate is signed over a hash of MD5.',
    rule: 'Baseline Requirements section 7.1.3.2',
    otherwise:
      'Two certificates with one hash can be made within a second, and one of them shown to the authority.',
    chain: byRsa({ hash: 'MD5' }),
    predicts: refused('signature_hash'),
  },
  {
    id: 'signature-sha1',
    title: 'Signed with SHA-1',
    wrong: 'The server’s certificate is signed over a hash of SHA-1.',
    rule: 'Baseline Requirements section 7.1.3.2',
    otherwise:
      'Two certificates with one hash can be made, for the price of a car, and one of them shown to the authority.',
    chain: byRsa({ hash: 'SHA-1' }),
    predicts: refused('signature_hash'),
  },
  {
    id: 'signature-ecdsa-sha1',
    title: 'Signed with ECDSA and SHA-1',
    wrong: 'The server’s certificate is signed over a hash of SHA-1, by a key on P-256.',
    rule: 'Baseline Requirements section 7.1.3.2',
    otherwise: 'Two certificates with one hash can be made, and one of them shown to the authority.',
    chain: leaf({ signature: { hash: 'SHA-1' } }),
    predicts: refused('signature_hash'),
  },
  {
    id: 'pss-salt-length-wrong',
    title: 'RSASSA-PSS with another salt',
    wrong: 'The parameters name a salt of 20 bytes, and the signature has one of 32.',
    rule: 'RFC 4055 section 3.1',
    otherwise: 'Parameters that are not held to could name a weak hash as well.',
    chain: byRsa({ hash: 'SHA-256', scheme: 'PSS', parameters: 'salt of 20 bytes' }),
    predicts: refused(
      'signature',
      { certtool: 'accepted' },
      { certtool: 'GnuTLS takes a salt that is longer than the parameters say.' },
    ),
  },
  {
    id: 'signature-not-der',
    title: 'An ECDSA signature that is not DER',
    wrong: 'The first number of the ECDSA signature has a zero in front that it does not need.',
    rule: 'RFC 3279 section 2.2.3',
    otherwise:
      'One signature would have many forms, and a certificate on a list of bad ones another fingerprint.',
    chain: leaf({ signature: { hash: 'SHA-256', fault: 'not DER' } }),
    predicts: refused(
      'signature',
      { certtool: 'accepted' },
      { certtool: 'GnuTLS takes the two numbers of a signature with needless zeros.' },
    ),
  },
  {
    id: 'rsa-parameters-absent',
    title: 'RSA without its NULL',
    wrong: 'The signature algorithm of RSA has no parameters, and must have a NULL.',
    rule: 'RFC 4055 section 5',
    otherwise: 'Little, by itself: one more form of the same certificate.',
    chain: byRsa({ hash: 'SHA-256', parameters: 'left out' }),
    predicts: accepted(),
  },
  {
    id: 'ecdsa-parameters-null',
    title: 'ECDSA with a NULL',
    wrong: 'The signature algorithm of ECDSA has a NULL for parameters, and must have none.',
    rule: 'RFC 5758 section 3.2',
    otherwise: 'Little, by itself: one more form of the same certificate.',
    chain: leaf({ signature: { hash: 'SHA-256', parameters: 'NULL' } }),
    predicts: refusedByWeb('form'),
  },
])
