/** Key usage (RFC 5280 section 4.2.1.3) and extended key usage (section 4.2.1.12). */
import { changed, leaf } from '../plain'
import { handshakes, recipesOf, refused, refusedByWeb } from '../recipe'
import { GNUTLS_LOOKS_AWAY, STRICT_ALONE } from './reasons'

export const USAGES = recipesOf('usages', [
  {
    id: 'extended-key-usage-absent',
    title: 'No purpose',
    wrong: 'The certificate does not say that it is for a server: there is no extended key usage.',
    rule: 'Baseline Requirements section 7.1.2.7.6',
    otherwise: 'A certificate for mail or for code would do for a server too.',
    chain: leaf({ without: ['extKeyUsage'] }),
    predicts: refusedByWeb('extended_key_usage'),
  },
  {
    id: 'extended-key-usage-client',
    title: 'For clients',
    wrong: 'The one purpose of the certificate is clientAuth.',
    rule: 'RFC 5280 section 4.2.1.12',
    otherwise: 'Every client with a certificate could stand for a server of its own name.',
    chain: leaf({ put: [{ kind: 'extKeyUsage', purposes: ['clientAuth'] }] }),
    predicts: refused('extended_key_usage'),
  },
  {
    id: 'extended-key-usage-any',
    title: 'For any purpose',
    wrong: 'The one purpose of the certificate is anyExtendedKeyUsage.',
    rule: 'Baseline Requirements section 7.1.2.7.10',
    otherwise: 'The certificate would do for code and mail as well, whatever it was checked for.',
    chain: leaf({ put: [{ kind: 'extKeyUsage', purposes: ['anyExtendedKeyUsage'] }] }),
    predicts: refused(
      'extended_key_usage',
      { certtool: 'accepted' },
      { certtool: 'GnuTLS takes any purpose for that of a server.' },
    ),
  },
  {
    id: 'extended-key-usage-critical',
    title: 'Critical purpose',
    wrong:
      'The extended key usage is marked as critical, which the RFC leaves open and browsers’ authorities may not do.',
    rule: 'Baseline Requirements section 7.1.2.7.6',
    otherwise: 'Little: old programs that do not know the extension would refuse.',
    chain: leaf({ put: [{ kind: 'extKeyUsage', purposes: ['serverAuth'], critical: true }] }),
    predicts: refusedByWeb('extended_key_usage'),
  },
  {
    id: 'issuer-extended-key-usage-mail',
    title: 'An authority for mail',
    wrong: 'The authority in between is limited to emailProtection, and has issued a server’s certificate.',
    rule: 'RFC 5280 section 4.2.1.12',
    otherwise: 'An authority that checks mailboxes alone could issue for every host.',
    chain: changed('intermediate', { put: [{ kind: 'extKeyUsage', purposes: ['emailProtection'] }] }),
    predicts: refused('extended_key_usage'),
  },
  {
    id: 'key-usage-wrong',
    title: 'A key for data alone',
    wrong: 'The key may encrypt data and nothing else, so it may not sign a handshake.',
    rule: 'RFC 5280 section 4.2.1.3',
    otherwise: 'A key would be used in two ways, of which each may help an attack on the other.',
    chain: leaf({ put: [{ kind: 'keyUsage', critical: true, usages: ['dataEncipherment'] }] }),
    predicts: refused(
      'key_usage',
      { certtool: 'accepted' },
      { certtool: 'certtool asks for a purpose, and for no key usage.' },
    ),
  },
  {
    id: 'key-usage-empty',
    title: 'A key for nothing',
    wrong: 'The key usage has no bit set.',
    rule: 'RFC 5280 section 4.2.1.3',
    otherwise: 'Some would take it for no usage, others for any.',
    chain: leaf({ put: [{ kind: 'keyUsage', critical: true, usages: [] }] }),
    predicts: refused(
      'key_usage',
      { certtool: 'accepted' },
      { certtool: 'certtool asks for a purpose, and for no key usage.' },
    ),
  },
  {
    id: 'key-usage-cert-sign-without-ca',
    title: 'May sign certificates, and is no authority',
    wrong:
      'The server’s key may sign certificates, while its basic constraints say that it is no authority’s.',
    rule: 'RFC 5280 section 4.2.1.9',
    otherwise: 'Who looks at one of the two extensions alone has one authority more.',
    chain: leaf({
      put: [{ kind: 'keyUsage', critical: true, usages: ['digitalSignature', 'keyCertSign', 'cRLSign'] }],
    }),
    predicts: refused(
      'key_usage',
      { certtool: 'accepted', ...handshakes('accepted') },
      { certtool: GNUTLS_LOOKS_AWAY, ...handshakes(STRICT_ALONE) },
    ),
  },
  {
    id: 'issuer-key-usage-without-cert-sign',
    title: 'An authority that may not sign',
    wrong: 'The key of the authority in between may sign revocation lists, and no certificates.',
    rule: 'RFC 5280 section 4.2.1.3',
    otherwise: 'A key that is kept in a weaker place, for lists, could issue.',
    chain: changed('intermediate', { put: [{ kind: 'keyUsage', critical: true, usages: ['cRLSign'] }] }),
    predicts: refused('key_usage'),
  },
])
