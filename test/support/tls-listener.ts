/** A real TLS listener made from exported files, and clients that trust only what they are told to. */
import { createPrivateKey, X509Certificate, type JsonWebKey } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, get, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { mustRun, runTool } from './key-tools'

/** Names of files in the folder: certificate and key, or a PKCS#12 file with both. */
export type Identity =
  | { readonly certificate: string; readonly key: string; readonly passphrase?: string }
  | { readonly store: string; readonly passphrase: string }

const HELLO = 'hello over TLS'

/** Serves with the identity and fetches with Node; throws unless it is trusted, and only with that trust. */
export async function fetchWithNode(folder: string, identity: Identity, authority: string): Promise<void> {
  await serve(folder, identity, async (port) => {
    const ca = await readFile(join(folder, authority))
    const answer = await fetchOnce(port, ca)
    if (answer !== HELLO) throw new Error(`Node received ${answer}`)
    const stranger = await fetchOnce(port, undefined).catch((error: Error) => error)
    if (typeof stranger === 'string') throw new Error('Node trusts the server without its authority')
  })
}

/** Serves with the identity and fetches with `curl --cacert`; throws unless it is trusted, and only with that trust. */
export async function fetchWithCurl(folder: string, identity: Identity, authority: string): Promise<void> {
  await serve(folder, identity, async (port) => {
    const options = { cwd: folder }
    for (const host of ['localhost', '127.0.0.1']) {
      const url = `https://${host}:${port}/`
      const answer = await mustRun('curl', ['-sS', '--cacert', authority, url], options)
      if (answer !== HELLO) throw new Error(`curl received ${answer}`)
    }
    const stranger = await runTool('curl', ['-sS', `https://localhost:${port}/`], options)
    if (stranger.ok) throw new Error('curl trusts the server without its authority')
  })
}

async function serve(
  folder: string,
  identity: Identity,
  use: (port: number) => Promise<void>,
): Promise<void> {
  const server = createServer(await optionsOf(folder, identity), (_request, response) => response.end(HELLO))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function optionsOf(folder: string, identity: Identity): Promise<ServerOptions> {
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name))
  const { passphrase = '' } = identity
  if ('store' in identity) return { pfx: await read(identity.store), passphrase }
  const cert = await read(identity.certificate)
  if (!identity.key.endsWith('.jwk')) return { cert, key: await read(identity.key), passphrase }
  const jwk = JSON.parse((await read(identity.key)).toString()) as JsonWebKey
  return { cert, key: createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }) }
}

function fetchOnce(port: number, ca: Buffer | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const trust = ca ? { ca: new X509Certificate(ca).toString() } : {}
    const request = get({ host: '127.0.0.1', port, path: '/', agent: false, ...trust }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
    })
    request.on('error', reject)
  })
}
