/** Node's own crypto and TLS, and curl, as readers of exported files. */
import {
  createPrivateKey,
  createPublicKey,
  X509Certificate,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fetchWithCurl, fetchWithNode } from '../tls-listener'
import {
  CERTIFICATES,
  expectThat,
  fingerprint,
  ids,
  PRIVATE_KEYS,
  reader,
  type Reader,
  type Subject,
} from './reader'

export const NODE: readonly Reader[] = [
  reader('Node crypto', [
    {
      of: [...ids(CERTIFICATES, 'pem', 'der'), 'server-chain/pem'],
      how: '✓',
      read: async (subject) => {
        const found = new X509Certificate(await contentOf(subject))
        expectThat(
          found.fingerprint256 === fingerprint(subject.owner),
          `${subject.name}: another certificate`,
        )
      },
    },
    {
      of: ids(['server-public-key'], 'pem', 'der', 'pkcs1', 'jwk', 'jwks'),
      how: '✓',
      read: async (subject) => {
        const found = await publicKeyIn(subject)
        expectThat(found.equals(createPublicKey(subject.owner.publicKey)), `${subject.name}: another key`)
      },
    },
    {
      of: ids(PRIVATE_KEYS, 'pem', 'der', 'pkcs1', 'pkcs1-der', 'jwk', 'jwks'),
      how: '✓',
      read: async (subject) => {
        const found = await privateKeyIn(subject)
        expectThat(found.equals(createPrivateKey(subject.owner.privateKey)), `${subject.name}: another key`)
      },
    },
    {
      of: ids(PRIVATE_KEYS, 'pkcs12', 'pkcs12-compatible'),
      how: '✓',
      read: async (subject) => {
        const pfx = await contentOf(subject)
        createSecureContext({ pfx, passphrase: subject.passphrase })
        const refused = await attempt(() => createSecureContext({ pfx, passphrase: 'another' }))
        expectThat(refused, `${subject.name}: opened with another passphrase`)
      },
    },
  ]),
]

/** TLS with the file on one side: the server shows it, or the client trusts it. */
export const TLS: readonly Reader[] = (
  [
    ['Node tls', fetchWithNode],
    ['curl', fetchWithCurl],
  ] as const
).map(([title, fetch]) =>
  reader(title, [
    {
      of: ['ca-certificate/pem'],
      how: title === 'curl' ? '--cacert' : 'ca',
      read: (subject) =>
        fetch(subject.folder, { certificate: 'server.crt', key: 'server.jwk' }, subject.name),
    },
    {
      of: ['server-certificate/pem', 'server-chain/pem'],
      how: title === 'curl' ? 'the server’s' : 'cert',
      read: (subject) => fetch(subject.folder, { certificate: subject.name, key: 'server.jwk' }, 'ca.crt'),
    },
    {
      of: ids(['server-private-key'], 'pem', 'pkcs1'),
      how: title === 'curl' ? 'the server’s' : 'key',
      read: ({ folder, name, passphrase }) =>
        fetch(folder, { certificate: 'server.crt', key: name, passphrase }, 'ca.crt'),
    },
    {
      of: ids(['server-private-key'], 'pkcs12', 'pkcs12-compatible'),
      how: title === 'curl' ? 'the server’s' : 'pfx',
      read: ({ folder, name, passphrase }) => fetch(folder, { store: name, passphrase }, 'ca.crt'),
    },
  ]),
)

function contentOf({ folder, name }: Subject): Promise<Buffer> {
  return readFile(join(folder, name))
}

async function jwkIn(subject: Subject): Promise<{ readonly key: JsonWebKey; readonly format: 'jwk' }> {
  const value = JSON.parse((await contentOf(subject)).toString()) as JsonWebKey & { keys?: JsonWebKey[] }
  return { key: value.keys?.[0] ?? value, format: 'jwk' }
}

async function publicKeyIn(subject: Subject): Promise<KeyObject> {
  const { format } = subject.file
  if (format === 'jwk' || format === 'jwks') return createPublicKey(await jwkIn(subject))
  const key = await contentOf(subject)
  return createPublicKey(format === 'der' ? { key, format: 'der', type: 'spki' } : key)
}

async function privateKeyIn(subject: Subject): Promise<KeyObject> {
  const { format } = subject.file
  if (format === 'jwk' || format === 'jwks') return createPrivateKey(await jwkIn(subject))
  const key = await contentOf(subject)
  const form =
    format === 'der'
      ? ({ key, format: 'der', type: 'pkcs8' } as const)
      : format === 'pkcs1-der'
        ? ({ key, format: 'der', type: 'pkcs1' } as const)
        : { key }
  if (!subject.locked) return createPrivateKey(form)
  const refused = await attempt(() => createPrivateKey({ ...form, passphrase: 'another' }))
  expectThat(refused, `${subject.name}: opened with another passphrase`)
  return createPrivateKey({ ...form, passphrase: subject.passphrase })
}

/** True when it fails. */
async function attempt(action: () => unknown): Promise<boolean> {
  try {
    await action()
    return false
  } catch {
    return true
  }
}
