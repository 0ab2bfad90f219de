/** Wildcards for hosts (RFC 9525 section 6.3): one asterisk, as the whole first label, for exactly one label. */
import { leafFor } from '../plain'
import { recipesOf, refused, refusedByWeb } from '../recipe'

const RULE = 'RFC 9525 section 6.3'

export const HOSTS = recipesOf('names', [
  {
    id: 'wildcard-partial-label',
    title: 'A wildcard for a part of a label',
    wrong: 'The name is w*.lab.test, and the host www.lab.test: the asterisk stands for a part of a label.',
    rule: RULE,
    otherwise: 'Names in Punycode would match what nobody meant, as their letters are an encoding.',
    chain: leafFor('www.lab.test', ['w*.lab.test']),
    predicts: refusedByWeb(
      'host_name',
      { certtool: 'refused', curl: 'refused' },
      {
        certtool: 'GnuTLS takes an asterisk for a whole label alone, as RFC 9525 has it.',
        curl: 'curl compares names by itself, and takes an asterisk for a whole label alone.',
      },
    ),
  },
  {
    id: 'wildcard-two-labels',
    title: 'Two wildcards',
    wrong: 'The name is *.*.test, and the host www.lab.test.',
    rule: RULE,
    otherwise: 'One certificate would stand for the hosts of every owner below a domain.',
    chain: leafFor('www.lab.test', ['*.*.test']),
    predicts: refused('host_name'),
  },
  {
    id: 'wildcard-bare',
    title: 'A wildcard alone',
    wrong: 'The name is an asterisk and nothing else, and the host localhost.',
    rule: RULE,
    otherwise: 'It would stand for every host of one label, or for every host there is.',
    chain: leafFor('localhost', ['*']),
    predicts: refused('host_name'),
  },
  {
    id: 'wildcard-top-level',
    title: 'A wildcard below a top-level domain',
    wrong: 'The name is *.test, and the host lab.test.',
    rule: RULE,
    otherwise: 'One certificate would stand for every owner of a domain there.',
    chain: leafFor('lab.test', ['*.test']),
    predicts: refused('host_name'),
  },
  {
    id: 'wildcard-inner-label',
    title: 'A wildcard in the middle',
    wrong: 'The name is www.*.test, and the host www.lab.test.',
    rule: RULE,
    otherwise: 'One certificate would stand for the host www of every owner.',
    chain: leafFor('www.lab.test', ['www.*.test']),
    predicts: refused('host_name'),
  },
  {
    id: 'wildcard-over-two-levels',
    title: 'A wildcard over two labels',
    wrong:
      'The name is *.lab.test, and the host a.b.lab.test: one asterisk would have to stand for two labels.',
    rule: RULE,
    otherwise: 'Hosts of a part of the organisation that has its own authority would be covered too.',
    chain: leafFor('a.b.lab.test', ['*.lab.test']),
    predicts: refused('host_name'),
  },
  {
    id: 'wildcard-for-the-domain-itself',
    title: 'A wildcard for nothing',
    wrong: 'The name is *.lab.test, and the host lab.test: the asterisk would have to stand for no label.',
    rule: RULE,
    otherwise: 'The domain itself would be covered by who has one of its hosts.',
    chain: leafFor('lab.test', ['*.lab.test']),
    predicts: refused('host_name'),
  },
])
