/** Extensions as such (RFC 5280 section 4.2), and key identifiers (sections 4.2.1.1 and 4.2.1.2). */
import { UNREGISTERED } from '../../crypto/encodings/oids'
import { changed, leaf } from '../plain'
import { by, handshakes, recipesOf, refused } from '../recipe'
import { DER_NOT_HELD, GNUTLS_LOOKS_AWAY, STRICT_ALONE } from './reasons'

export const EXTENSIONS = recipesOf('extensions', [
  {
    id: 'unknown-critical-extension',
    title: 'A critical extension that nobody knows',
    wrong: 'The certificate has an extension without a meaning, and marks it as critical.',
    rule: 'RFC 5280 section 4.2',
    otherwise: 'What the authority held for important enough to refuse would be passed over.',
    chain: leaf({ add: [{ kind: 'raw', name: UNREGISTERED, critical: true, value: '0500' }] }),
    predicts: refused('critical_extensions'),
  },
  {
    id: 'duplicate-extension',
    title: 'The same extension twice',
    wrong: 'There are two extensions for alternative names: one with localhost, one with another host.',
    rule: 'RFC 5280 section 4.2',
    otherwise: 'Who takes the first and who takes the last would see two certificates.',
    chain: leaf({ add: [{ kind: 'subjectAltName', names: [{ kind: 'DNS', value: 'elsewhere.test' }] }] }),
    predicts: refused('extensions'),
  },
  {
    id: 'duplicate-unknown-extension',
    title: 'An unknown extension twice',
    wrong: 'An extension without a meaning is there twice.',
    rule: 'RFC 5280 section 4.2',
    otherwise: 'Little today: what nobody knows nobody reads. Who will know it has two values.',
    chain: leaf({
      add: [
        { kind: 'raw', name: UNREGISTERED, value: '0500' },
        { kind: 'raw', name: UNREGISTERED, value: '0500' },
      ],
    }),
    predicts: refused(
      'extensions',
      { 'openssl-verify': 'accepted', ...handshakes('accepted') },
      {
        'openssl-verify': 'OpenSSL 3.0 looks for doubles among the extensions that it knows.',
        ...handshakes('OpenSSL 3.0 looks for doubles among the extensions that it knows.'),
      },
    ),
  },
  {
    id: 'malformed-extension',
    title: 'An extension that can’t be read',
    wrong: 'The value of the alternative names is a NULL, and not a list of names.',
    rule: 'RFC 5280 section 4.2.1.6',
    otherwise: 'Readers would go on without names, and fall back on the common name.',
    chain: leaf({
      subject: [{ type: 'commonName', text: 'localhost' }],
      without: ['subjectAltName'],
      add: [{ kind: 'raw', name: 'subjectAltName', value: '0500' }],
    }),
    predicts: refused(by('extensions', 'host_name')),
  },
  {
    id: 'extension-default-encoded',
    title: 'A default that is written',
    wrong: 'An extension without a meaning says that it is not critical, which DER leaves out.',
    rule: 'RFC 5280 section 4.1',
    otherwise: 'One certificate would have many encodings, and many fingerprints.',
    chain: leaf({ add: [{ kind: 'raw', name: UNREGISTERED, value: '0500', writesDefault: true }] }),
    predicts: refused(
      'form',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('accepted') },
      { 'openssl-verify': DER_NOT_HELD, certtool: DER_NOT_HELD, ...handshakes(DER_NOT_HELD) },
    ),
  },
  {
    id: 'authority-key-identifier-absent',
    title: 'No identifier of the issuer’s key',
    wrong: 'The server’s certificate does not say which key of its issuer has signed it.',
    rule: 'RFC 5280 section 4.2.1.1',
    otherwise: 'Paths would have to be searched by trying keys.',
    chain: leaf({ without: ['authorityKeyIdentifier'] }),
    predicts: refused(
      'key_identifiers',
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
  {
    id: 'authority-key-identifier-critical',
    title: 'Critical key identifier',
    wrong: 'The identifier of the issuer’s key is marked as critical.',
    rule: 'RFC 5280 section 4.2.1.1',
    otherwise: 'A hint for finding a path would decide whether there is one.',
    chain: leaf({ put: [{ kind: 'authorityKeyIdentifier', critical: true }] }),
    predicts: refused('critical_extensions', { certtool: 'accepted' }, { certtool: GNUTLS_LOOKS_AWAY }),
  },
  {
    id: 'authority-key-identifier-wrong',
    title: 'The identifier of another key',
    wrong: 'The certificate names the key of nobody as the one that has signed it.',
    rule: 'RFC 5280 section 4.2.1.1',
    otherwise: 'Nothing is forged by it: the signature decides. Only whoever searches a path finds none.',
    chain: leaf({ put: [{ kind: 'authorityKeyIdentifier', of: 'nobody' }] }),
    predicts: refused('trust_anchor'),
  },
  {
    id: 'issuer-subject-key-identifier-absent',
    title: 'An authority without an identifier of its key',
    wrong: 'The authority in between has no identifier of its own key.',
    rule: 'RFC 5280 section 4.2.1.2',
    otherwise: 'Paths would have to be searched by trying keys.',
    chain: changed('intermediate', { without: ['subjectKeyIdentifier'] }),
    predicts: refused(
      'key_identifiers',
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
])
