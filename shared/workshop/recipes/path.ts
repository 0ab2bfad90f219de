/** Paths that do not lead to the trust anchor, or not as they should (RFC 5280 section 6.1). */
import type { ChainPlan } from '../chain'
import { changedPlan, intermediatePlan, leafPlan, named, PLAIN, PLAIN_ROOT, rootPlan, leaf } from '../plain'
import { accepted, by, recipesOf, refused } from '../recipe'

const strangers = (commonName: string) => rootPlan('stranger', commonName)

/** Two authorities that have signed each other, and no third one. */
const CYCLE: ChainPlan = {
  ...PLAIN,
  certificates: [
    PLAIN_ROOT,
    intermediatePlan('first', 'second', 'Workshop First'),
    intermediatePlan('second', 'first', 'Workshop Second'),
    leafPlan('first'),
  ],
  sent: ['first', 'second'],
}

const TWO_BETWEEN: ChainPlan = {
  ...PLAIN,
  certificates: [
    PLAIN_ROOT,
    intermediatePlan('upper', 'root', 'Workshop Upper'),
    intermediatePlan('intermediate', 'upper'),
    leafPlan(),
  ],
}

export const PATHS = recipesOf('path', [
  {
    id: 'intermediate-missing',
    title: 'The intermediate is not sent',
    wrong: 'The server sends its own certificate alone, and not the one of the authority that has issued it.',
    rule: 'RFC 8446 section 4.4.2',
    otherwise:
      'Nothing: who can’t find a path has no reason to trust. Browsers that have seen the authority before go on.',
    chain: { ...PLAIN, sent: [] },
    predicts: refused('trust_anchor'),
  },
  {
    id: 'unknown-root',
    title: 'A root that nobody trusts',
    wrong: 'The chain ends at a root of its own, which is not the trust anchor.',
    rule: 'RFC 5280 section 6.1',
    otherwise: 'Everybody is an authority.',
    chain: {
      ...PLAIN,
      certificates: [...PLAIN.certificates, strangers('Workshop Stranger')],
      anchors: ['stranger'],
      sent: ['intermediate', 'root'],
    },
    predicts: refused('trust_anchor'),
  },
  {
    id: 'issuer-same-name-other-key',
    title: 'An authority of the same name',
    wrong: 'The root has the trust anchor’s name and another key.',
    rule: 'RFC 5280 section 6.1.3',
    otherwise: 'Everybody could call themselves what the authority is called.',
    chain: {
      ...PLAIN,
      certificates: [...PLAIN.certificates, strangers('Workshop Root')],
      anchors: ['stranger'],
    },
    predicts: refused('trust_anchor'),
  },
  {
    id: 'issuer-name-mismatch',
    title: 'Another issuer’s name',
    wrong: 'The certificate is signed by the authority’s key, and names somebody else as its issuer.',
    rule: 'RFC 5280 section 6.1.3',
    otherwise: 'Revocation lists and constraints of the issuer that it names would not be found.',
    chain: leaf({ issuerName: named('Workshop Elsewhere') }),
    predicts: refused('trust_anchor'),
  },
  {
    id: 'cross-signed-cycle',
    title: 'Authorities that have signed each other',
    wrong: 'Two authorities have signed each other, and nobody else has signed either of them.',
    rule: 'RFC 4158 section 5.2',
    otherwise: 'Whoever follows issuers without remembering them goes round for ever.',
    chain: CYCLE,
    predicts: refused('trust_anchor'),
  },
  {
    id: 'chain-order-wrong',
    title: 'In the wrong order',
    wrong: 'The server sends the upper authority’s certificate before the lower one’s.',
    rule: 'RFC 8446 section 4.4.2',
    otherwise: 'Nothing is forged by it: TLS 1.3 asks clients to bear it.',
    chain: { ...TWO_BETWEEN, sent: ['upper', 'intermediate'] },
    predicts: accepted(),
  },
  {
    id: 'chain-with-stranger',
    title: 'A certificate too many',
    wrong: 'The server sends the certificate of an authority that has nothing to do with it.',
    rule: 'RFC 8446 section 4.4.2',
    otherwise: 'Nothing is forged by it: it is bytes that nobody needs.',
    chain: {
      ...PLAIN,
      certificates: [...PLAIN.certificates, strangers('Workshop Stranger')],
      sent: ['intermediate', 'stranger'],
    },
    predicts: accepted(),
  },
  {
    id: 'root-sent-too',
    title: 'The root is sent',
    wrong: 'The server sends the trust anchor as well, which a client has anyway or does not trust.',
    rule: 'RFC 8446 section 4.4.2',
    otherwise: 'Nothing: it is left out to save bytes.',
    chain: { ...PLAIN, sent: ['intermediate', 'root'] },
    predicts: accepted(),
  },
  {
    id: 'self-signed-leaf',
    title: 'Signed by itself',
    wrong: 'The server’s certificate has signed itself, and is not trusted.',
    rule: 'RFC 5280 section 6.1',
    otherwise: 'Everybody could stand for every server.',
    chain: {
      ...PLAIN,
      certificates: [PLAIN_ROOT, { ...leafPlan('leaf'), subject: named('Workshop Server') }],
      sent: [],
    },
    predicts: refused('trust_anchor'),
  },
  {
    id: 'self-signed-leaf-trusted',
    title: 'Signed by itself, and trusted',
    wrong: 'The server’s certificate has signed itself, and is the trust anchor too.',
    rule: 'RFC 5280 section 6.1',
    otherwise:
      'Nothing beyond what was agreed to: who trusts a certificate for itself has no authority that could take it back.',
    chain: {
      ...PLAIN,
      certificates: [changedPlan(leafPlan('leaf'), { without: ['authorityKeyIdentifier'] })],
      sent: [],
      anchors: ['leaf'],
    },
    predicts: accepted(
      { certtool: 'refused' },
      { certtool: 'GnuTLS takes a certificate that is no authority’s for no trust anchor, also for itself.' },
    ),
  },
  {
    id: 'anchor-is-intermediate',
    title: 'The anchor is an intermediate',
    wrong: 'The trust anchor is the authority in between, which another one has signed that is not there.',
    rule: 'RFC 5280 section 6.1.1',
    otherwise:
      'Nothing: an anchor is who one chooses. Programs that insist on a root can’t be given less than it.',
    chain: { ...PLAIN, anchors: ['intermediate'] },
    predicts: refused(
      by('trust_anchor', 'accepted'),
      { certtool: 'accepted', curl: 'accepted' },
      {
        certtool: 'GnuTLS ends a path at any certificate that is trusted.',
        curl: 'curl asks OpenSSL for partial chains, so that a path may end at any certificate that is trusted.',
      },
    ),
  },
])
