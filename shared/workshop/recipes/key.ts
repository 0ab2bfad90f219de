/** Keys that are too short, or protect nothing. */
import { changed, leaf } from '../plain'
import { accepted, handshakes, recipesOf, refused, refusedByWeb } from '../recipe'
import { GNUTLS_NORMAL, KEY_NOT_TRIED, NODE_LEVEL } from './reasons'

export const KEYS = recipesOf('key', [
  {
    id: 'rsa-1024',
    title: 'RSA of 1024 bits',
    wrong: 'The server’s RSA key has 1024 bits.',
    rule: 'Baseline Requirements section 6.1.5',
    otherwise: 'Who can pay for the factors of such a number has the server’s private key.',
    chain: leaf({ key: { kind: 'RSA', bits: 1024 } }),
    predicts: refused(
      'key_size',
      { certtool: 'accepted', 'node-tls': 'accepted' },
      { certtool: GNUTLS_NORMAL, 'node-tls': NODE_LEVEL },
    ),
  },
  {
    id: 'issuer-rsa-1024',
    title: 'An authority with RSA of 1024 bits',
    wrong: 'The RSA key of the authority in between has 1024 bits.',
    rule: 'Baseline Requirements section 6.1.5',
    otherwise: 'Who can pay for the factors of one such number can issue for every host.',
    chain: changed('intermediate', { key: { kind: 'RSA', bits: 1024 } }),
    predicts: refused(
      'key_size',
      { certtool: 'accepted', 'node-tls': 'accepted' },
      { certtool: GNUTLS_NORMAL, 'node-tls': NODE_LEVEL },
    ),
  },
  {
    id: 'rsa-exponent-1',
    title: 'RSA with exponent 1',
    wrong: 'The exponent of the server’s key is 1: what is encrypted with it is what it was.',
    rule: 'RFC 8017 section 3.1',
    otherwise: 'Everybody can sign for the server: its private key is 1 as well.',
    chain: leaf({ key: { kind: 'RSA', bits: 2048, fault: 'exponent 1' } }),
    predicts: refused(
      'key_size',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('accepted') },
      {
        'openssl-verify': KEY_NOT_TRIED,
        certtool: KEY_NOT_TRIED,
        ...handshakes(
          'The handshake is real: OpenSSL signs and verifies with exponent 1, and asks no more of a key than its length.',
        ),
      },
    ),
  },
  {
    id: 'rsa-exponent-3',
    title: 'RSA with exponent 3',
    wrong: 'The exponent of the server’s key is 3, which the RFC allows and browsers’ authorities avoid.',
    rule: 'RFC 8017 section 3.1',
    otherwise:
      'Nothing, as long as padding is checked to the end: programs that did not could be shown forged signatures (Bleichenbacher, 2006).',
    chain: leaf({ key: { kind: 'RSA', bits: 2048, exponent: 3 } }),
    predicts: accepted(),
  },
  {
    id: 'rsa-even-modulus',
    title: 'RSA with an even modulus',
    wrong: 'The modulus of the server’s key is even, so it is no product of two large primes.',
    rule: 'SP 800-89 section 5.3.3',
    otherwise: 'Who has a modulus that is easy to factor has the private key to it.',
    chain: leaf({ key: { kind: 'RSA', bits: 2048, fault: 'even modulus' } }),
    predicts: refused(
      'key_size',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('unservable') },
      { 'openssl-verify': KEY_NOT_TRIED, certtool: KEY_NOT_TRIED },
    ),
  },
  {
    id: 'ec-point-off-curve',
    title: 'A point off its curve',
    wrong: 'The server’s public key is no point of P-256, as it says.',
    rule: 'RFC 5480 section 2.2',
    otherwise: 'Computing with such points gives away the private key of whoever does, piece by piece.',
    chain: leaf({ key: { kind: 'EC', curve: 'P-256', fault: 'point off the curve' } }),
    predicts: refused(
      'key_size',
      { certtool: 'accepted', ...handshakes('unservable') },
      { certtool: KEY_NOT_TRIED },
    ),
  },
  {
    id: 'ed25519-key',
    title: 'An Ed25519 key',
    wrong: 'Nothing by RFC 8410; but the Baseline Requirements know RSA, P-256, P-384 and P-521 alone.',
    rule: 'Baseline Requirements section 6.1.5',
    otherwise: 'Nothing: it is as strong as P-256. Browsers could not connect.',
    chain: leaf({ key: { kind: 'Ed25519' } }),
    predicts: refusedByWeb('key_size'),
  },
])
