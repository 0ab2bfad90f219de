// Checks with OpenSSL and keytool that exported keys and certificates are what other programs take.
//
//   node scripts/ci/verify-export.mjs --folder FOLDER --passphrase TEXT
import '../setup/node-version.mjs'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SetUpError } from '../setup/run.mjs'
import { check, expect, runChecks } from './checks.mjs'

const CONNECT_MS = 20_000

const { folder, passphrase } = parseArgs({
  options: { folder: { type: 'string' }, passphrase: { type: 'string' } },
}).values
/** How OpenSSL gets it. */
const password = `pass:${passphrase}`

await runChecks(async () => {
  if (!folder || !passphrase) throw new SetUpError('Usage: --folder FOLDER --passphrase TEXT')
  console.log(`  ${readdirSync(folder).sort().join(', ')}`)
  const scratch = mkdtempSync(join(tmpdir(), 'handshake-lab-verify-'))
  try {
    await verify(folder, scratch)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

/**
 * @param {string} folder the export
 * @param {string} scratch for files that OpenSSL wants
 */
async function verify(folder, scratch) {
  const at = (/** @type {string} */ name) => join(folder, name)

  await check('the authority’s certificate signs itself', () => {
    openssl('verify', '-x509_strict', '-check_ss_sig', '-CAfile', at('ca.crt'), at('ca.crt'))
  })
  await check('the server’s certificate was issued by the authority, for servers', () => {
    openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', at('ca.crt'), at('server.crt'))
  })
  await check('the chain is the server’s certificate and then the authority’s', () => {
    const [chain, server, authority] = ['server-chain.crt', 'server.crt', 'ca.crt'].map((name) =>
      readFileSync(at(name), 'utf8'),
    )
    expect(chain === `${server}${authority}`, 'It is something else')
  })
  await check('the server’s private key is sound', () => {
    openssl('pkey', '-in', at('server.key'), '-passin', password, '-check', '-noout')
  })
  await check('private key, public key and certificate of the server belong together', () => {
    const certified = openssl('x509', '-in', at('server.crt'), '-pubkey', '-noout')
    expect(
      openssl('pkey', '-in', at('server.key'), '-passin', password, '-pubout') === certified,
      'The private key is another one',
    )
    expect(
      openssl('pkey', '-pubin', '-in', at('server-public.pem')) === certified,
      'The public key is another one',
    )
  })
  await check('the authority’s signature in Cert_S holds', () => {
    const { signed_text: text, signature } = JSON.parse(readFileSync(at('cert-s.json'), 'utf8'))
    const file = (/** @type {string} */ name) => join(scratch, name)
    writeFileSync(file('text'), text)
    writeFileSync(file('signature'), Buffer.from(signature, 'base64'))
    writeFileSync(file('key'), openssl('x509', '-in', at('ca.crt'), '-pubkey', '-noout'))
    openssl('dgst', '-sha256', '-verify', file('key'), '-signature', file('signature'), file('text'))
  })
  await check('the private key is of no use without the passphrase', () => {
    expect(statSync(at('server.key')).size > 0, 'The file is empty')
    const args = ['pkey', '-in', at('server.key'), '-passin', 'pass:another', '-noout']
    const { status } = spawnSync('openssl', args)
    expect(status !== 0, 'OpenSSL read it with another one')
  })
  await check('OpenSSL and keytool find the same key and certificate in the PKCS#12 file', () => {
    const certified = openssl('x509', '-in', at('server.crt'), '-pubkey', '-noout')
    const store = ['-in', at('server.p12'), '-passin', password]
    expect(openssl('pkey', ...store, '-pubout') === certified, 'The private key is another one')
    const certificate = readFileSync(at('server.crt'), 'utf8')
    expect(openssl('pkcs12', ...store, '-nokeys').includes(certificate), 'The certificate is another one')
    const listed = run('keytool', '-list', '-keystore', at('server.p12'), '-storepass', passphrase ?? '')
    expect(listed.includes('PrivateKeyEntry'), `keytool found no key:\n${listed}`)
  })
  await check('only the owner can read the private keys', () => {
    for (const name of ['server.key', 'server.p12']) {
      const mode = statSync(at(name)).mode & 0o777
      expect(mode === 0o600, `The mode of ${name} is ${mode.toString(8)}, 600 is expected`)
    }
  })
  await check('a TLS server runs with the files, and a client that trusts the authority connects', () =>
    connect(at('server-chain.crt'), at('server.key'), at('ca.crt')),
  )
}

/**
 * @param {string} chain
 * @param {string} key
 * @param {string} authority
 */
async function connect(chain, key, authority) {
  const certificates = ['-cert', chain, '-cert_chain', authority, '-key', key, '-pass', password]
  const server = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', '-www', ...certificates], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: CONNECT_MS,
  })
  try {
    const address = await listeningAddress(server)
    openssl('s_client', '-connect', address, '-CAfile', authority, '-verify_return_error', '-verify', '2')
  } finally {
    server.kill()
  }
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>} what s_server says when it is ready
 */
function listeningAddress(server) {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (/** @type {unknown} */ chunk) => {
      text += chunk
      const address = /ACCEPT (\S+:\d+)/.exec(text)?.[1]
      if (address) resolve(address)
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.on('error', reject)
    server.on('close', () => reject(new Error(`The server ended before it listened:\n${text}`)))
  })
}

/**
 * @param {readonly string[]} args
 * @returns {string} what it printed
 */
function openssl(...args) {
  return run('openssl', ...args)
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {string} what it printed
 */
function run(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    input: '',
    timeout: CONNECT_MS,
  })
  expect(status === 0, `${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return stdout
}
