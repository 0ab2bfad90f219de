/** Who is an authority, and how many may be below it (RFC 5280 section 4.2.1.9). */
import type { ChainPlan } from '../chain'
import { changed, changedPlan, intermediatePlan, leaf, leafPlan, PLAIN, PLAIN_ROOT } from '../plain'
import { handshakes, recipesOf, refused, refusedByWeb } from '../recipe'
import { GNUTLS_LOOKS_AWAY, STRICT_ALONE } from './reasons'

const RULE = 'RFC 5280 section 4.2.1.9'

const TWO_BETWEEN: ChainPlan = {
  ...PLAIN,
  certificates: [
    PLAIN_ROOT,
    changedPlan(intermediatePlan('upper', 'root', 'Workshop Upper'), {
      put: [{ kind: 'basicConstraints', critical: true, authority: true, pathLength: 0 }],
    }),
    intermediatePlan('intermediate', 'upper'),
    leafPlan(),
  ],
  sent: ['intermediate', 'upper'],
}

export const BASIC_CONSTRAINTS = recipesOf('basic-constraints', [
  {
    id: 'issuer-basic-constraints-absent',
    title: 'An issuer that says nothing',
    wrong: 'The issuer of the server’s certificate has no basic constraints, so it is no authority.',
    rule: RULE,
    otherwise: 'Whoever has a certificate for any host could issue for every other one.',
    chain: changed('intermediate', { without: ['basicConstraints'] }),
    predicts: refused('basic_constraints'),
  },
  {
    id: 'issuer-not-authority',
    title: 'An issuer that is no authority',
    wrong: 'The issuer of the server’s certificate says that it is no authority.',
    rule: RULE,
    otherwise: 'Whoever has a certificate for any host could issue for every other one.',
    chain: changed('intermediate', { put: [{ kind: 'basicConstraints', critical: true, authority: false }] }),
    predicts: refused('basic_constraints'),
  },
  {
    id: 'path-length-exceeded',
    title: 'More authorities than allowed',
    wrong: 'An authority with path length 0 has another authority below it.',
    rule: RULE,
    otherwise: 'An authority that may issue for servers alone could make others, and they more.',
    chain: TWO_BETWEEN,
    predicts: refused('path_length'),
  },
  {
    id: 'path-length-negative',
    title: 'Path length below zero',
    wrong: 'The path length of the authority in between is -1.',
    rule: RULE,
    otherwise: 'Read without its sign it is a large number, and no limit at all.',
    chain: changed('intermediate', {
      put: [{ kind: 'basicConstraints', critical: true, authority: true, pathLength: -1 }],
    }),
    predicts: refused('path_length', { certtool: 'accepted' }, { certtool: GNUTLS_LOOKS_AWAY }),
  },
  {
    id: 'path-length-without-ca',
    title: 'Path length of no authority',
    wrong: 'The server’s certificate has a path length, although it is no authority’s.',
    rule: RULE,
    otherwise: 'Who takes a path length for the sign of an authority has one more.',
    chain: leaf({ put: [{ kind: 'basicConstraints', critical: true, authority: false, pathLength: 0 }] }),
    predicts: refused(
      'path_length',
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
  {
    id: 'issuer-basic-constraints-not-critical',
    title: 'Basic constraints not critical',
    wrong: 'The basic constraints of the authority in between are not marked as critical.',
    rule: RULE,
    otherwise: 'A program that does not know the extension would not notice a path length.',
    chain: changed('intermediate', { put: [{ kind: 'basicConstraints', authority: true }] }),
    predicts: refused(
      'basic_constraints',
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
  {
    id: 'leaf-is-authority',
    title: 'A server that is an authority',
    wrong: 'The server’s certificate is an authority’s: with its key others can be issued.',
    rule: 'Baseline Requirements section 7.1.2.7.8',
    otherwise: 'A key that lies on a server, and is in use all day, could issue for every host.',
    chain: leaf({
      put: [
        { kind: 'basicConstraints', critical: true, authority: true },
        { kind: 'keyUsage', critical: true, usages: ['digitalSignature', 'keyCertSign'] },
      ],
    }),
    predicts: refusedByWeb('basic_constraints'),
  },
])
