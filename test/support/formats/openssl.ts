/** OpenSSL's commands as readers of exported files. */
import {
  CERTIFICATES,
  command,
  contains,
  equals,
  ids,
  PASS_IN,
  PRIVATE_KEYS,
  reader,
  theCertificate,
  thePrivateKey,
  thePublicKey,
  wholeChain,
  type Cell,
  type Check,
  type Reader,
} from './reader'

const openssl = (args: (name: string) => readonly string[], check: Check): Cell['read'] =>
  command('openssl', ({ name }) => args(name), check)

export const OPENSSL: readonly Reader[] = [
  reader('openssl x509', [
    {
      of: [...ids(CERTIFICATES, 'pem', 'der'), 'server-chain/pem'],
      how: '✓',
      read: openssl((name) => ['x509', '-in', name], equals(theCertificate)),
    },
  ]),
  reader('openssl pkey', [
    {
      of: ids(['server-public-key'], 'pem', 'der', 'pkcs1'),
      how: '✓',
      read: openssl((name) => ['pkey', '-pubin', '-in', name], equals(thePublicKey)),
    },
    {
      of: ids(PRIVATE_KEYS, 'pem', 'der', 'pkcs1', 'pkcs1-der', 'pkcs12', 'pkcs12-compatible'),
      how: '✓',
      read: openssl((name) => ['pkey', '-in', name, ...PASS_IN, '-check'], contains(thePrivateKey)),
    },
  ]),
  reader('openssl rsa', [
    {
      of: ids(['server-public-key'], 'pem', 'der'),
      how: '✓',
      read: openssl((name) => ['rsa', '-pubin', '-in', name], equals(thePublicKey)),
    },
    {
      of: ids(['server-public-key'], 'pkcs1'),
      how: '✓',
      read: openssl((name) => ['rsa', '-RSAPublicKey_in', '-in', name], equals(thePublicKey)),
    },
    {
      of: ids(PRIVATE_KEYS, 'pem', 'der', 'pkcs1', 'pkcs1-der'),
      how: '✓',
      read: openssl((name) => ['rsa', '-in', name, ...PASS_IN, '-pubout'], equals(thePublicKey)),
    },
  ]),
  reader('openssl pkcs8', [
    {
      of: ids(PRIVATE_KEYS, 'pem', 'der'),
      how: '✓',
      read: command(
        'openssl',
        ({ name, locked, file }) => [
          ...['pkcs8', '-in', name, '-inform', file.format === 'der' ? 'DER' : 'PEM'],
          ...(locked ? PASS_IN : ['-topk8', '-nocrypt']),
        ],
        equals(thePrivateKey),
      ),
    },
  ]),
  reader('openssl pkcs12', [
    {
      of: ids(PRIVATE_KEYS, 'pkcs12', 'pkcs12-compatible'),
      how: '✓',
      read: openssl(
        (name) => ['pkcs12', '-in', name, ...PASS_IN, '-noenc'],
        contains(thePrivateKey, ...wholeChain, ({ identity }) => `friendlyName: ${identity}`),
      ),
    },
  ]),
  reader('openssl pkcs7', [
    {
      of: ids(['server-chain'], 'pkcs7', 'pkcs7-der'),
      how: '✓',
      read: command(
        'openssl',
        ({ name, file }) => [
          ...['pkcs7', '-in', name, '-inform', file.format === 'pkcs7' ? 'PEM' : 'DER', '-print_certs'],
        ],
        contains(...wholeChain),
      ),
    },
  ]),
  reader('openssl crl', [
    {
      of: ids(['ca-revocation-list'], 'pem', 'der'),
      how: '✓',
      read: command(
        'openssl',
        ({ name, file }) => [
          ...['crl', '-in', name, '-inform', file.format === 'pem' ? 'PEM' : 'DER', '-noout', '-text'],
        ],
        contains(
          () => 'No Revoked Certificates.',
          () => 'CN = ID-CA',
        ),
      ),
    },
  ]),
  reader('openssl req', [
    {
      of: ids(['server-request'], 'pem', 'der'),
      how: '✓',
      read: command(
        'openssl',
        ({ name, file }) => [
          ...[
            'req',
            '-in',
            name,
            '-inform',
            file.format === 'pem' ? 'PEM' : 'DER',
            '-verify',
            '-noout',
            '-pubkey',
          ],
        ],
        contains(thePublicKey),
      ),
    },
  ]),
  reader('openssl verify', [
    {
      of: ids(CERTIFICATES, 'pem'),
      how: '✓',
      read: openssl(
        (name) => verify(name),
        contains(() => ': OK'),
      ),
    },
    {
      of: [...ids(CERTIFICATES, 'der'), 'server-chain/pem'],
      how: '✓',
      read: openssl(
        (name) => verify(name),
        contains(() => ': OK'),
      ),
    },
  ]),
]

function verify(name: string): readonly string[] {
  return ['verify', '-x509_strict', '-check_ss_sig', '-CAfile', 'ca.crt', name]
}
