/** keytool, certtool and ssh-keygen as readers of exported files. */
import { PASSPHRASE_VARIABLE, mustRun } from '../key-tools'
import {
  CERTIFICATES,
  command,
  contains,
  expectThat,
  fingerprint,
  ids,
  optionsOf,
  PASS_IN,
  PRIVATE_KEYS,
  reader,
  theCertificate,
  thePrivateKey,
  wholeChain,
  type Cell,
  type Check,
  type Owner,
  type Reader,
  type Subject,
} from './reader'

const keytool = (args: (subject: Subject) => readonly string[], check: Check): Cell['read'] =>
  command('keytool', args, check)

const STORE = [`-storepass:env`, PASSPHRASE_VARIABLE] as const

export const KEYTOOL: readonly Reader[] = [
  reader('keytool', [
    {
      of: [...ids(CERTIFICATES, 'pem', 'der'), ...ids(['server-chain'], 'pem', 'pkcs7', 'pkcs7-der')],
      how: '-printcert',
      read: keytool(({ name }) => ['-printcert', '-file', name], contains(fingerprint)),
    },
    {
      of: ['server-request/pem'],
      how: '-printcertreq',
      read: keytool(
        ({ name }) => ['-printcertreq', '-file', name],
        contains(({ identity }) => `CN=${identity}`),
      ),
    },
    {
      of: ids(PRIVATE_KEYS, 'pkcs12', 'pkcs12-compatible'),
      how: '-list, -importkeystore',
      read: async (subject) => {
        const { name, owner } = subject
        const list = ['-list', '-v', '-storetype', 'PKCS12', '-keystore', name, ...STORE]
        await keytool(
          () => list,
          contains(
            fingerprint,
            () => 'PrivateKeyEntry',
            () => `Alias name: ${owner.identity.toLowerCase()}`,
            () => `Certificate chain length: ${owner.chain.length}`,
          ),
        )(subject)
        const into = ['-destkeystore', `imported-${name}`, '-deststoretype', 'PKCS12']
        const passwords = [
          '-srcstorepass:env',
          PASSPHRASE_VARIABLE,
          '-deststorepass:env',
          PASSPHRASE_VARIABLE,
        ]
        const args = ['-importkeystore', '-noprompt', '-srcstoretype', 'PKCS12', '-srckeystore', name]
        await mustRun('keytool', [...args, ...into, ...passwords], optionsOf(subject))
        const opened = ['pkcs12', '-in', `imported-${name}`, ...PASS_IN, '-noenc']
        contains(thePrivateKey, ...wholeChain)(subject, await mustRun('openssl', opened, optionsOf(subject)))
      },
    },
  ]),
]

const certtool = (args: (subject: Subject) => readonly string[], check: Check): Cell['read'] =>
  command('certtool', (subject) => [...args(subject), ...(isText(subject) ? [] : ['--inder'])], check)

const thePin = ({ pin }: Owner): string => `pin-sha256:${pin}`

export const CERTTOOL: readonly Reader[] = [
  reader('certtool', [
    {
      of: [...ids(CERTIFICATES, 'pem', 'der')],
      how: '-i',
      read: certtool(({ name }) => ['-i', '--infile', name], contains(theCertificate, thePin)),
    },
    {
      of: ['server-chain/pem'],
      how: '--verify-chain',
      read: certtool(
        ({ name }) => ['--verify-chain', '--infile', name],
        contains(() => 'Verified. The certificate is trusted.'),
      ),
    },
    {
      of: ids(['server-chain'], 'pkcs7', 'pkcs7-der'),
      how: '--p7-info',
      read: certtool(({ name }) => ['--p7-info', '--infile', name], contains(...wholeChain)),
    },
    {
      of: ids(['server-public-key'], 'pem', 'der'),
      how: '--pubkey-info',
      read: certtool(({ name }) => ['--pubkey-info', '--load-pubkey', name], contains(thePin)),
    },
    {
      of: ids(['ca-revocation-list'], 'pem', 'der'),
      how: '--crl-info',
      read: certtool(
        ({ name }) => ['--crl-info', '--infile', name],
        contains(() => 'CN=ID-CA'),
      ),
    },
    {
      of: ids(['server-request'], 'pem', 'der'),
      how: '--crq-info',
      read: certtool(
        ({ name }) => ['--crq-info', '--infile', name],
        contains(thePin, () => 'Self signature: verified'),
      ),
    },
    {
      of: ids(PRIVATE_KEYS, 'pem', 'der', 'pkcs1', 'pkcs1-der'),
      how: '-k',
      read: certtool(
        ({ name, locked, passphrase }) => [
          ...['-k', '--infile', name],
          ...(locked ? ['--pkcs8', '--password', passphrase] : []),
        ],
        contains(thePin),
      ),
    },
    {
      of: ids(PRIVATE_KEYS, 'pkcs12', 'pkcs12-compatible'),
      how: '--p12-info',
      read: certtool(
        ({ name, passphrase }) => ['--p12-info', '--infile', name, '--password', passphrase],
        contains(...wholeChain, ({ identity }) => `Friendly name: ${identity}`),
      ),
    },
  ]),
]

const theSshKey = ({ sshKey }: Owner): string => sshKey

export const SSH: readonly Reader[] = [
  reader('ssh-keygen', [
    {
      of: ['server-public-key/openssh'],
      how: '-l',
      read: command(
        'ssh-keygen',
        ({ name }) => ['-l', '-f', name],
        (subject, found) =>
          expectThat(
            new RegExp(`^2048 SHA256:\\S{43} ${subject.owner.identity} \\(RSA\\)\\n$`).test(found),
            `${subject.name}: something else was found:\n${found}`,
          ),
      ),
    },
    {
      of: ['server-public-key/pem'],
      how: '-i -m PKCS8',
      read: command('ssh-keygen', ({ name }) => ['-i', '-m', 'PKCS8', '-f', name], contains(theSshKey)),
    },
    {
      of: ['server-public-key/pkcs1'],
      how: '-i -m PEM',
      read: command('ssh-keygen', ({ name }) => ['-i', '-m', 'PEM', '-f', name], contains(theSshKey)),
    },
    {
      of: ids(PRIVATE_KEYS, 'pem', 'pkcs1'),
      how: '-y',
      read: command(
        'ssh-keygen',
        ({ name, passphrase }) => ['-y', '-P', passphrase, '-f', name],
        contains(theSshKey),
      ),
    },
  ]),
]

function isText({ file }: Subject): boolean {
  return ['pem', 'pkcs1', 'pkcs7'].includes(file.format)
}
