/** Versions (RFC 5280 section 4.1.2.1), and bytes that are not DER as a whole (section 4.1). */
import { leaf } from '../plain'
import { handshakes, recipesOf, refused } from '../recipe'
import { DER_NOT_HELD, STRICT_ALONE } from './reasons'

export const VERSIONS = recipesOf('version', [
  {
    id: 'version-1-with-extensions',
    title: 'Version 1 with extensions',
    wrong: 'The certificate is of version 1, and has extensions, which only version 3 knows.',
    rule: 'RFC 5280 section 4.1.2.1',
    otherwise: 'Programs that go by the version would pass over what the extensions limit.',
    chain: leaf({ version: 1 }),
    predicts: refused('form', { ...handshakes('accepted') }, { ...handshakes(STRICT_ALONE) }),
  },
  {
    id: 'version-2-with-extensions',
    title: 'Version 2 with extensions',
    wrong: 'The certificate is of version 2, and has extensions, which only version 3 knows.',
    rule: 'RFC 5280 section 4.1.2.1',
    otherwise: 'Programs that go by the version would pass over what the extensions limit.',
    chain: leaf({ version: 2 }),
    predicts: refused('form', { ...handshakes('accepted') }, { ...handshakes(STRICT_ALONE) }),
  },
  {
    id: 'version-4',
    title: 'Version 4',
    wrong: 'The certificate is of version 4, which does not exist.',
    rule: 'RFC 5280 section 4.1.2.1',
    otherwise: 'What a later version means would be read as if it were this one.',
    chain: leaf({ version: 4 }),
    predicts: refused(
      'form',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('accepted') },
      {
        'openssl-verify': 'The version is compared with nothing: what is above 2 counts as 3.',
        certtool: 'The version is compared with nothing: what is above 2 counts as 3.',
        ...handshakes('The version is compared with nothing: what is above 2 counts as 3.'),
      },
    ),
  },
  {
    id: 'trailing-byte',
    title: 'A byte behind the certificate',
    wrong: 'There is a byte behind the end of the certificate.',
    rule: 'RFC 5280 section 4.1',
    otherwise: 'One certificate would have as many fingerprints as there are bytes to add.',
    chain: leaf({ fault: 'a byte behind' }),
    predicts: refused(
      'unreadable',
      { 'openssl-verify': 'accepted', ...handshakes('unservable') },
      { 'openssl-verify': 'OpenSSL reads one certificate from a PEM block, and leaves what is behind it.' },
    ),
  },
  {
    id: 'length-not-minimal',
    title: 'A length with a needless zero',
    wrong: 'The length of the certificate is written with a zero in front: BER has that, and DER has not.',
    rule: 'RFC 5280 section 4.1',
    otherwise: 'One certificate would have many encodings, and many fingerprints.',
    chain: leaf({ fault: 'length too long' }),
    predicts: refused(
      'form',
      { 'openssl-verify': 'accepted', certtool: 'accepted', ...handshakes('accepted') },
      { 'openssl-verify': DER_NOT_HELD, certtool: DER_NOT_HELD, ...handshakes(DER_NOT_HELD) },
    ),
  },
])
