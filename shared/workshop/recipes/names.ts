/** Names of subjects and issuers, and alternative names that are none (RFC 5280 sections 4.1.2.4, 4.1.2.6 and 4.2.1.6). */
import type { NamePart } from '../chain'
import { changed, HERE, leaf, leafFor, named } from '../plain'
import { by, handshakes, recipesOf, refused, refusedByWeb } from '../recipe'
import { DER_NOT_HELD, GNUTLS_LOOKS_AWAY, STRICT_ALONE } from './reasons'

const ORGANISATION: NamePart = { type: 'organizationName', text: 'Handshake Lab' }
const withName = (part: NamePart): readonly NamePart[] => [ORGANISATION, part]

export const NAMES = recipesOf('names', [
  {
    id: 'no-subject-alt-name',
    title: 'Common name alone',
    wrong: 'The host stands in the common name, and there are no alternative names.',
    rule: 'RFC 9525 section 6.3',
    otherwise: 'A field for any text would decide about hosts, past the constraints for DNS names.',
    chain: leaf({
      subject: withName({ type: 'commonName', text: 'localhost' }),
      without: ['subjectAltName'],
    }),
    predicts: refusedByWeb('host_name'),
  },
  {
    id: 'wrong-host',
    title: 'Another host',
    wrong: 'The certificate is for another host than the one that was asked for.',
    rule: 'RFC 9525 section 6.3',
    otherwise: 'Whoever has a certificate for any host could stand for every other one.',
    chain: leaf({ put: [{ kind: 'subjectAltName', names: [{ kind: 'DNS', value: 'elsewhere.test' }] }] }),
    predicts: refused('host_name'),
  },
  {
    id: 'address-as-dns-name',
    title: 'An address as a DNS name',
    wrong: 'The address stands among the alternative names as text, as a DNS name.',
    rule: 'RFC 5280 section 4.2.1.6',
    otherwise: 'Constraints on addresses would not hold for it.',
    chain: leafFor('127.0.0.1'),
    predicts: refused('host_name'),
  },
  {
    id: 'subject-alt-name-empty',
    title: 'No name among the alternative names',
    wrong: 'The extension for alternative names is there, and has none in it.',
    rule: 'RFC 5280 section 4.2.1.6',
    otherwise: 'Readers would fall back on the common name, which nobody constrains.',
    chain: leaf({
      subject: withName({ type: 'commonName', text: 'localhost' }),
      put: [{ kind: 'subjectAltName', names: [] }],
    }),
    predicts: refused(
      by('names', 'host_name'),
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
  {
    id: 'dns-name-with-nul',
    title: 'A NUL in a DNS name',
    wrong: 'The DNS name is localhost, a NUL byte, and the domain of somebody else.',
    rule: 'RFC 5280 section 4.2.1.6',
    otherwise:
      'Programs that take the NUL for the end would see localhost, while the authority has asked the owner of the domain behind it.',
    chain: leafFor('localhost', ['localhost\0.elsewhere.test']),
    predicts: refused('host_name'),
  },
  {
    id: 'dns-name-not-ascii',
    title: 'A DNS name that is not ASCII',
    wrong: 'A DNS name beside localhost has letters that an IA5String does not have.',
    rule: 'RFC 5280 section 7.2',
    otherwise: 'Bytes that no two programs read alike would be compared with hosts.',
    chain: leafFor('localhost', ['localhost', 'bücher.test']),
    predicts: refused(
      'host_name',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('accepted') },
      { 'openssl-verify': DER_NOT_HELD, certtool: DER_NOT_HELD, ...handshakes(DER_NOT_HELD) },
    ),
  },
  {
    id: 'subject-empty-san-not-critical',
    title: 'No subject, alternative names not critical',
    wrong: 'The subject is empty, and the alternative names are not marked as critical.',
    rule: 'RFC 5280 section 4.2.1.6',
    otherwise:
      'A program that knows no alternative names would have a certificate for nobody, and may take it for anybody.',
    chain: leaf({ subject: [] }),
    predicts: refused(
      'names',
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
  {
    id: 'issuer-subject-empty',
    title: 'An authority without a name',
    wrong:
      'The subject of the authority in between is empty, and so is the issuer of the server’s certificate.',
    rule: 'RFC 5280 section 4.1.2.4',
    otherwise: 'All authorities without a name would be one, in paths and in revocation lists.',
    chain: changed('intermediate', { subject: [] }),
    predicts: refused(
      'names',
      { 'node-tls': 'accepted', 's-client': 'accepted' },
      {
        'node-tls': STRICT_ALONE,
        's-client': STRICT_ALONE,
        curl: 'curl tells who the issuer is, and stops where it has no name.',
      },
    ),
  },
  {
    id: 'subject-wrong-string-type',
    title: 'A character that the string type does not have',
    wrong: 'The common name is a PrintableString with an @, which that type does not have.',
    rule: 'RFC 5280 section 4.1.2.4',
    otherwise: 'Programs that compare by type would disagree about which names are the same.',
    chain: leaf({ subject: withName({ type: 'commonName', text: 'server@lab', as: 'PrintableString' }) }),
    predicts: refused(
      'form',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('accepted') },
      { 'openssl-verify': DER_NOT_HELD, certtool: DER_NOT_HELD, ...handshakes(DER_NOT_HELD) },
    ),
  },
  {
    id: 'country-too-long',
    title: 'A country of three letters',
    wrong: 'The country in the subject has three letters; its code in ISO 3166 has two.',
    rule: 'RFC 5280 appendix A.1',
    otherwise: 'Who reads into two bytes cuts it off, or writes past them.',
    chain: leaf({
      subject: [{ type: 'countryName', text: 'DEU', as: 'PrintableString' }, ...named('Workshop Server')],
    }),
    predicts: refusedByWeb('form'),
  },
  {
    id: 'common-name-too-long',
    title: 'A common name of 65 characters',
    wrong: 'The common name is longer than the 64 characters that it may have.',
    rule: 'RFC 5280 appendix A.1',
    otherwise: 'Databases and screens with room for 64 would show, or compare, a part of it.',
    chain: leaf({ subject: withName({ type: 'commonName', text: 'server-'.padEnd(65, '0') }) }),
    predicts: refusedByWeb('form'),
  },
  {
    id: 'email-in-subject-not-ia5',
    title: 'A mail address of the wrong type',
    wrong: 'The mail address in the subject is a UTF8String, and has to be an IA5String.',
    rule: 'RFC 5280 section 4.1.2.6',
    otherwise: 'It would be compared with no constraint on mail addresses.',
    chain: leaf({
      subject: withName({ type: 'emailAddress', text: 'server@lab.test' }),
      put: [{ kind: 'subjectAltName', names: HERE }],
    }),
    predicts: refusedByWeb('form'),
  },
])
