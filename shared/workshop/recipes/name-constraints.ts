/** Names outside of what an authority may issue for (RFC 5280 section 4.2.1.10), of every kind that constraints have. */
import type { AlternativeName, ChainPlan, ExtensionPlan } from '../chain'
import { changed, HERE, leaf } from '../plain'
import { recipesOf, refused, refusedByWeb } from '../recipe'
import { GNUTLS_KINDS } from './reasons'

const RULE = 'RFC 5280 section 4.2.1.10'

type Trees = Pick<Extract<ExtensionPlan, { kind: 'nameConstraints' }>, 'permitted' | 'excluded'>

/** An authority with constraints, and a server with more names. */
function constrained(trees: Trees, more: readonly AlternativeName[] = []): ChainPlan {
  const constraints: ExtensionPlan = { kind: 'nameConstraints', critical: true, ...trees }
  const names: ExtensionPlan = { kind: 'subjectAltName', names: [...HERE, ...more] }
  return changed('intermediate', { put: [constraints] }, leaf({ put: [names] }))
}

const dns = (value: string): AlternativeName => ({ kind: 'DNS', value })
const network = (value: string, mask: string): AlternativeName => ({ kind: 'IP', value, mask })
const email = (value: string): AlternativeName => ({ kind: 'email', value })
const uri = (value: string): AlternativeName => ({ kind: 'URI', value })
const organisation = (text: string): AlternativeName => ({
  kind: 'directory',
  value: [{ type: 'organizationName', text }],
})

const OUTSIDE = 'An authority for one organisation could issue for every other one.'
const EXCLUDED = 'What an authority was kept from on purpose it could do all the same.'

export const NAME_CONSTRAINTS = recipesOf('name-constraints', [
  {
    id: 'name-constraints-dns-outside',
    title: 'A DNS name that is not permitted',
    wrong: 'The authority may issue for lab.test, and has issued for localhost.',
    rule: RULE,
    otherwise: OUTSIDE,
    chain: constrained({ permitted: [dns('lab.test')] }),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-dns-excluded',
    title: 'A DNS name that is excluded',
    wrong: 'The authority may not issue for localhost, and has.',
    rule: RULE,
    otherwise: EXCLUDED,
    chain: constrained({ excluded: [dns('localhost')] }),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-ip-outside',
    title: 'An address that is not permitted',
    wrong: 'The authority may issue for 10.0.0.0/8, and has issued for 127.0.0.1.',
    rule: RULE,
    otherwise: OUTSIDE,
    chain: constrained({ permitted: [network('10.0.0.0', '255.0.0.0')] }),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-ip-excluded',
    title: 'An address that is excluded',
    wrong: 'The authority may not issue for 127.0.0.0/8, and has issued for 127.0.0.1.',
    rule: RULE,
    otherwise: EXCLUDED,
    chain: constrained({ excluded: [network('127.0.0.0', '255.0.0.0')] }),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-email-outside',
    title: 'A mail address that is not permitted',
    wrong:
      'The authority may issue for mail at lab.test, and the certificate has an address of elsewhere.test.',
    rule: RULE,
    otherwise: OUTSIDE,
    chain: constrained({ permitted: [email('lab.test')] }, [email('server@elsewhere.test')]),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-email-excluded',
    title: 'A mail address that is excluded',
    wrong: 'The authority may not issue for mail at elsewhere.test, and has.',
    rule: RULE,
    otherwise: EXCLUDED,
    chain: constrained({ excluded: [email('elsewhere.test')] }, [email('server@elsewhere.test')]),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-uri-outside',
    title: 'A URI that is not permitted',
    wrong: 'The authority may issue for URIs at lab.test, and the certificate has one at elsewhere.test.',
    rule: RULE,
    otherwise: OUTSIDE,
    chain: constrained({ permitted: [uri('lab.test')] }, [uri('https://elsewhere.test/')]),
    predicts: refused('name_constraints', { certtool: 'accepted' }, { certtool: GNUTLS_KINDS }),
  },
  {
    id: 'name-constraints-uri-excluded',
    title: 'A URI that is excluded',
    wrong: 'The authority may not issue for URIs at elsewhere.test, and has.',
    rule: RULE,
    otherwise: EXCLUDED,
    chain: constrained({ excluded: [uri('elsewhere.test')] }, [uri('https://elsewhere.test/')]),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-directory-outside',
    title: 'A subject that is not permitted',
    wrong: 'The authority may issue for the organisation Elsewhere, and the subject is of another.',
    rule: RULE,
    otherwise: OUTSIDE,
    chain: constrained({ permitted: [organisation('Elsewhere')] }),
    predicts: refused('name_constraints', { certtool: 'accepted' }, { certtool: GNUTLS_KINDS }),
  },
  {
    id: 'name-constraints-directory-excluded',
    title: 'A subject that is excluded',
    wrong: 'The authority may not issue for the organisation Handshake Lab, and has.',
    rule: RULE,
    otherwise: EXCLUDED,
    chain: constrained({ excluded: [organisation('Handshake Lab')] }),
    predicts: refused('name_constraints'),
  },
  {
    id: 'name-constraints-empty',
    title: 'Constraints that constrain nothing',
    wrong: 'The name constraints of the authority neither permit nor exclude anything.',
    rule: RULE,
    otherwise: 'Some would take it for no limit, others for nothing that is permitted.',
    chain: constrained({}),
    predicts: refusedByWeb('name_constraints'),
  },
  {
    id: 'name-constraints-in-leaf',
    title: 'Constraints in a server’s certificate',
    wrong: 'The server’s certificate constrains names, which only an authority’s may.',
    rule: RULE,
    otherwise: 'Nothing below it could be constrained, unless it is an authority after all.',
    chain: leaf({ add: [{ kind: 'nameConstraints', critical: true, permitted: [dns('localhost')] }] }),
    predicts: refusedByWeb('name_constraints'),
  },
])
