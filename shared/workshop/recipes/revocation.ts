/** Revoked certificates, and lists that can't be relied on (RFC 5280 section 6.3). */
import type { CertificatePlan, ChainPlan, ListPlan } from '../chain'
import { days, PLAIN, rootPlan } from '../plain'
import { accepted, handshakes, recipesOf, refused } from '../recipe'
import { GNUTLS_LISTS } from './reasons'

/** CRLReason (RFC 5280 section 5.3.1). */
const [KEY_COMPROMISE, CA_COMPROMISE, ON_HOLD] = [1, 2, 6] as const

const ofRoot: ListPlan = { issuer: 'root', revoked: [], thisUpdate: days(-1), nextUpdate: days(7) }
const ofIntermediate: ListPlan = { ...ofRoot, issuer: 'intermediate' }

/** The good chain with lists of both authorities. */
function listed(
  intermediate: Partial<ListPlan>,
  root: Partial<ListPlan> = {},
  more: readonly CertificatePlan[] = [],
): ChainPlan {
  const lists = [
    { ...ofRoot, ...root },
    { ...ofIntermediate, ...intermediate },
  ]
  return { ...PLAIN, certificates: [...PLAIN.certificates, ...more], lists }
}

export const REVOCATION = recipesOf('revocation', [
  {
    id: 'not-revoked',
    title: 'Not revoked',
    wrong: 'Nothing: the lists of both authorities are there, and have neither of the two certificates.',
    rule: 'RFC 5280 section 6.3',
    otherwise: 'It is here to show that lists by themselves keep nobody out.',
    chain: listed({}),
    predicts: accepted(),
  },
  {
    id: 'revoked',
    title: 'Revoked',
    wrong: 'The server’s certificate is on its authority’s list, as its key was stolen.',
    rule: 'RFC 5280 section 6.3',
    otherwise: 'Who has stolen the key stands for the server until the certificate expires.',
    chain: listed({ revoked: [{ id: 'leaf', reason: KEY_COMPROMISE }] }),
    predicts: refused('revocation'),
  },
  {
    id: 'revoked-on-hold',
    title: 'On hold',
    wrong: 'The server’s certificate is on its authority’s list for the time being.',
    rule: 'RFC 5280 section 5.3.1',
    otherwise: 'A hold that holds nobody has no use.',
    chain: listed({ revoked: [{ id: 'leaf', reason: ON_HOLD }] }),
    predicts: refused('revocation'),
  },
  {
    id: 'issuer-revoked',
    title: 'The authority is revoked',
    wrong: 'The authority in between is on the root’s list, as its key was stolen.',
    rule: 'RFC 5280 section 6.3',
    otherwise: 'Who has stolen the authority’s key can issue for every host.',
    chain: listed({}, { revoked: [{ id: 'intermediate', reason: CA_COMPROMISE }] }),
    predicts: refused('revocation'),
  },
  {
    id: 'crl-expired',
    title: 'A list that is out of date',
    wrong: 'The next list of the authority was to come yesterday.',
    rule: 'RFC 5280 section 5.1.2.5',
    otherwise: 'Who keeps the newer lists away keeps a stolen key in use.',
    chain: listed({ thisUpdate: days(-8), nextUpdate: days(-1) }),
    predicts: refused('revocation', { certtool: 'accepted' }, { certtool: GNUTLS_LISTS }),
  },
  {
    id: 'crl-not-yet-valid',
    title: 'A list of tomorrow',
    wrong: 'The list of the authority says that it is of tomorrow.',
    rule: 'RFC 5280 section 5.1.2.4',
    otherwise: 'A list could be made ahead, without what is revoked until then.',
    chain: listed({ thisUpdate: days(1), nextUpdate: days(8) }),
    predicts: refused('revocation', { certtool: 'accepted' }, { certtool: GNUTLS_LISTS }),
  },
  {
    id: 'crl-signed-by-another',
    title: 'A list by somebody else',
    wrong: 'The list has the authority’s name, and is signed by a stranger’s key.',
    rule: 'RFC 5280 section 6.3.3',
    otherwise: 'Everybody could say that nothing is revoked.',
    chain: listed({ signedBy: 'stranger' }, {}, [rootPlan('stranger', 'Workshop Stranger')]),
    predicts: refused('revocation', { certtool: 'accepted' }, { certtool: GNUTLS_LISTS }),
  },
  {
    id: 'crl-signature-broken',
    title: 'A list with a broken signature',
    wrong: 'The signature of the authority’s list has one bit changed.',
    rule: 'RFC 5280 section 6.3.3',
    otherwise: 'Everybody could take entries out.',
    chain: listed({ fault: 'a bit flipped' }),
    predicts: refused('revocation', { certtool: 'accepted' }, { certtool: GNUTLS_LISTS }),
  },
  {
    id: 'crl-unknown-critical-extension',
    title: 'A list with a critical extension that nobody knows',
    wrong: 'The authority’s list has an extension without a meaning, and marks it as critical.',
    rule: 'RFC 5280 section 5.2',
    otherwise: 'The list may be about other certificates than it seems to be.',
    chain: listed({ fault: 'unknown critical extension' }),
    predicts: refused('revocation', { certtool: 'accepted' }, { certtool: GNUTLS_LISTS }),
  },
  {
    id: 'crl-missing',
    title: 'No list of the issuer',
    wrong: 'There is a list of the root, and none of the authority that has issued the server’s certificate.',
    rule: 'RFC 5280 section 6.3.3',
    otherwise:
      'Who keeps lists away keeps a stolen key in use; who insists on them goes down with who serves them.',
    chain: { ...listed({}), lists: [ofRoot] },
    predicts: accepted(
      { 'openssl-verify': 'refused', ...handshakes('refused') },
      {
        'openssl-verify':
          'With a list for one, OpenSSL wants a list for each certificate of the path; here a missing one is said, and refuses nobody (record 0051).',
        ...handshakes(
          'With a list for one, OpenSSL wants a list for each certificate of the path; here a missing one is said, and refuses nobody (record 0051).',
        ),
      },
    ),
  },
])
