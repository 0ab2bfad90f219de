/** What an authority does beyond step 2: it revokes, signs lists and hands them out, adds names, and issues for requests from files. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import type { Authority } from '#main/authority/authority'
import { judgeInThread } from '#main/authority/judge-request'
import type { Bytes } from '#shared/bytes'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { judgeCertificate } from '#shared/inspect/path'
import { readCertificate } from '#shared/inspect/x509/certificate'
import type { Purpose } from '#shared/issuing/purposes'
import { closeLabs, startedLab, type Started } from '../support/lab'
import { openssl } from '../support/open-ssl'
import { buildEntry, type BuiltProgram } from '../support/terminal-program'
import { until } from '../support/wait'

const DAY = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'authority-in-full-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(closeLabs)

/** A file in the folder, by its name. */
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function registered(changes: Parameters<typeof startedLab>[0] = {}): Promise<Started> {
  const started = await startedLab({ listPort: 0, ...changes })
  await started.lab.register()
  return started
}

const serverOf = ({ lab }: Started): Certificate => lab.server.credentials!.certificate
const listOf = ({ revocations }: Authority): Bytes => revocations!.list.der

/** What `openssl verify` says of the server's certificate, with the authority's list. */
async function verified(started: Started, ...options: readonly string[]): Promise<string> {
  const { authority } = started.lab
  const anchor = file('ca.pem', authority.certificate!.pem)
  const list = file('ca.crl', encodePem('X509 CRL', listOf(authority)))
  const asked = [
    '-x509_strict',
    '-crl_check',
    '-no-CApath',
    '-no-CAstore',
    '-CAfile',
    anchor,
    '-CRLfile',
    list,
  ]
  const { ok, output } = await openssl(['verify', ...asked, ...options], serverOf(started).pem)
  return ok ? 'OK' : output
}

/** The app's own verdict on a certificate, with the authority's list. */
async function judged({ lab }: Started, der: Bytes): Promise<string> {
  const { certificate } = lab.authority
  const verdict = await judgeCertificate(der, {
    ...{ now: Date.now(), host: '127.0.0.1', trustAnchors: [certificate!.der], intermediates: [] },
    revocationLists: [listOf(lab.authority)],
  })
  return verdict.checks.find(({ id }) => id === 'revocation')!.reason
}

const textOf = async (list: Bytes): Promise<string> =>
  (await openssl(['crl', '-noout', '-text'], encodePem('X509 CRL', list))).output

describe.each(SUITE_NAMES)('in suite %s, the authority', (suite) => {
  it('revokes the server’s certificate, and OpenSSL and the inspector refuse it from then on', async () => {
    const started = await registered({ suite })
    const { authority } = started.lab
    const { serial, der } = serverOf(started)
    expect(await verified(started)).toBe('OK')
    expect(await judged(started, der)).toContain('not revoked')

    await authority.revoke(serial, 'keyCompromise')
    expect(await verified(started)).toContain('certificate revoked')
    expect(await judged(started, der)).toContain('was revoked')
    const text = await textOf(listOf(authority))
    expect(text).toContain('Key Compromise')
    expect(text).toMatch(/X509v3 CRL Number:\s+2\b/)
    const { output } = await openssl(
      ['crl', '-noout', '-CAfile', join(folder, 'ca.pem')],
      encodePem('X509 CRL', listOf(authority)),
    )
    expect(output).toContain('verify OK')

    await expect(authority.revoke(serial, 'superseded')).rejects.toMatchObject({ code: 'already_revoked' })
    await expect(authority.release(serial)).rejects.toMatchObject({ code: 'not_on_hold' })
    await expect(authority.revoke('00', 'superseded')).rejects.toMatchObject({ code: 'unknown_certificate' })
    expect(await textOf(listOf(authority))).toBe(text)
  })

  it('puts it on hold and takes it off, or revokes it for good since it was on hold', async () => {
    const started = await registered({ suite })
    const { authority } = started.lab
    const { serial } = serverOf(started)
    await authority.revoke(serial, 'certificateHold')
    expect(await verified(started)).toContain('certificate revoked')
    expect(await textOf(listOf(authority))).toContain('Certificate Hold')
    await authority.release(serial)
    expect(await verified(started)).toBe('OK')
    await authority.revoke(serial, 'certificateHold')
    const since = authority.revocations!.of(serial)
    await authority.revoke(serial, 'unspecified')
    expect(authority.revocations!.of(serial)).toEqual({ at: since!.at, reason: 'unspecified' })
    expect(await textOf(listOf(authority))).not.toContain('Reason Code')
  })

  it('adds names after its own, and a walk goes on with them', async () => {
    const started = await registered({ suite, serverNames: 'my.test, *.my.test 192.0.2.7 2001:db8::7' })
    const { pem, subjectAltName } = serverOf(started)
    expect(subjectAltName?.map(({ value }) => value)).toEqual([
      ...['localhost', '127.0.0.1', 'my.test', '*.my.test', '192.0.2.7', '2001:db8::7'],
    ])
    for (const name of ['localhost', 'my.test', 'www.my.test']) {
      expect(await verified(started, '-purpose', 'sslserver', '-verify_hostname', name), name).toBe('OK')
    }
    for (const address of ['127.0.0.1', '192.0.2.7', '2001:db8::7'])
      expect(await verified(started, '-verify_ip', address), address).toBe('OK')
    expect(await verified(started, '-verify_hostname', 'my.other')).toContain('hostname mismatch')
    expect((await openssl(['x509', '-noout', '-ext', 'crlDistributionPoints'], pem)).output).toContain(
      'No extensions',
    )
  })
})

describe('the revocation list', () => {
  it('is handed out at the address that certificates name, and nothing else is', async () => {
    const started = await registered({ namesList: true })
    const { lab } = started
    const url = lab.listAt!
    expect(
      (await openssl(['x509', '-noout', '-ext', 'crlDistributionPoints'], serverOf(started).pem)).output,
    ).toContain(`URI:${url}`)
    const answer = await fetch(url)
    expect(answer.headers.get('content-type')).toBe('application/pkix-crl')
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(listOf(lab.authority))
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405)
    expect((await fetch(new URL('/ca.key', url))).status).toBe(404)

    // OpenSSL fetches it by itself, by what the certificate says.
    const anchor = file('fetching.pem', lab.authority.certificate!.pem)
    const fetched = ['verify', '-crl_check', '-crl_download', '-no-CApath', '-no-CAstore', '-CAfile', anchor]
    expect((await openssl(fetched, serverOf(started).pem)).output).toContain('OK')
    await lab.authority.revoke(serverOf(started).serial, 'unspecified')
    expect((await openssl(fetched, serverOf(started).pem)).output).toContain('certificate revoked')

    started.settings.current = { ...started.settings.current, namesList: false }
    await lab.serveList()
    expect(lab.listAt).toBeUndefined()
    await expect(fetch(url)).rejects.toThrow()
    started.settings.current = { ...started.settings.current, namesList: true }
    await lab.serveList()
    const again = lab.listAt!
    await lab.stopAuthority()
    expect(lab.listAt).toBeUndefined()
    await expect(fetch(again)).rejects.toThrow()
  })

  it('is not handed out where its port is taken: that is said, and the authority goes on without', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const started = await registered({ namesList: true, listPort: port })
    const { lab } = started
    expect(lab.listFault).toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(String(port)),
    })
    expect(lab.listAt).toBeUndefined()
    expect(lab.authority.status).toBe('running')
    expect(serverOf(started).extensions.map(({ name }) => name)).not.toContain('cRLDistributionPoints')
    taken.close()
    await once(taken, 'close')
    await lab.serveList()
    expect(lab.listFault).toBeUndefined()
    expect(lab.listAt).toContain(`:${port}/`)
  })

  it('is never held up by peers that say nothing, or too much', async () => {
    const { lab } = await registered({ namesList: true })
    const url = new URL(lab.listAt!)
    const { connect } = await import('node:net')
    const silent = Array.from({ length: 40 }, () =>
      connect(Number(url.port), url.hostname).on('error', () => undefined),
    )
    const wordy = connect(Number(url.port), url.hostname).on('error', () => undefined)
    wordy.write(`GET /ca.crl HTTP/1.1\r\nx: ${'y'.repeat(100_000)}`)
    await until(() => silent.some(({ destroyed }) => destroyed))
    for (const socket of silent) socket.destroy()
    wordy.destroy()
    await expect.poll(async () => (await fetch(url).catch(() => undefined))?.status).toBe(200)
  })

  it('is signed anew before its time is over, with the next number', async () => {
    const clock = new SimulatedClock({ now: Date.now(), monotonic: 0 })
    const { lab } = await startedLab({ listDays: 5 }, { environment: clock.ruling(mainEnvironment) })
    const { authority } = lab
    const first = authority.revocations!.list
    expect(first.nextUpdate - first.thisUpdate).toBe(5 * DAY)
    clock.pass(3 * DAY)
    expect(authority.revocations!.list).toBe(first)
    clock.pass(1.5 * DAY)
    await until(() => authority.revocations!.list.number === 2)
    expect(authority.revocations!.list.nextUpdate).toBeGreaterThan(first.nextUpdate + 3 * DAY)
    // A list that was told of, and signed meanwhile, is that of an authority that is there.
    await lab.renewAuthority()
    expect(authority.revocations!.list.number).toBe(1)
  })
})

describe('a request from a file', () => {
  let thread: BuiltProgram
  beforeAll(async () => {
    thread = await buildEntry('main/authority/offer-thread.ts')
  })
  afterAll(() => thread.remove())
  /** A lab whose authority has requests judged as in the app. */
  const started = (): Promise<Started> => startedLab({}, { judgeRequest: judgeInThread(thread.program) })

  const terms = (names: readonly string[], purposes: readonly Purpose[] = ['serverAuth']) => ({
    ...{ names, purposes, days: 30 },
  })
  /** A request by the `openssl` program. */
  function request(name: string, key: readonly string[], ...options: readonly string[]): Bytes {
    const [keyFile, csr] = [join(folder, `${name}.key`), join(folder, `${name}.csr`)]
    execFileSync('openssl', ['genpkey', ...key, '-out', keyFile], { stdio: 'pipe' })
    execFileSync('openssl', ['req', '-new', '-key', keyFile, '-out', csr, ...options], { stdio: 'pipe' })
    return decodePem('CERTIFICATE REQUEST', readFileSync(csr, 'utf8'))
  }
  const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']

  it.each([
    ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['EC', EC],
    ['Ed25519', ['-algorithm', 'ED25519']],
  ])(
    'with a key of %s becomes a certificate that OpenSSL accepts, and that can be revoked',
    async (kind, key) => {
      const lab = await started()
      const { authority } = lab.lab
      const asked = request(
        kind,
        key,
        ...[
          '-subj',
          '/O=Elsewhere/CN=Own server',
          '-addext',
          'subjectAltName=DNS:my.test,IP:192.0.2.9,URI:urn:x',
        ],
        ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign'],
      )
      const requests = authority.requireRequests()
      const offer = await requests.offerFor(asked)
      expect(offer).toMatchObject({ refusal: undefined, names: ['my.test', '192.0.2.9'] })
      expect(offer.leftOut.join(' ')).toMatch(/URI: urn:x.*basicConstraints.*keyUsage/)

      const { id, pem } = await requests.issueFor(
        asked,
        terms([...offer.names, 'more.test'], ['serverAuth', 'clientAuth']),
      )
      const anchor = file('ca.pem', authority.certificate!.pem)
      const ask = (...options: readonly string[]) =>
        openssl(['verify', '-x509_strict', '-no-CApath', '-no-CAstore', '-CAfile', anchor, ...options], pem)
      for (const purpose of ['sslserver', 'sslclient'])
        expect(await ask('-purpose', purpose)).toMatchObject({ ok: true })
      expect(await ask('-verify_hostname', 'more.test')).toMatchObject({ ok: true })
      expect(await ask('-verify_ip', '192.0.2.9')).toMatchObject({ ok: true })
      const { standard, subject, problems } = readCertificate(decodePem('CERTIFICATE', pem))
      expect(problems).toEqual([])
      expect(subject.text).toBe('O=Elsewhere, CN=Own server')
      expect(standard.basicConstraints).toEqual({ authority: false, pathLength: undefined })
      expect(standard.keyUsage?.includes('keyEncipherment')).toBe(kind === 'RSA')
      const own = (await openssl(['pkey', '-pubout'], readFileSync(join(folder, `${kind}.key`), 'utf8')))
        .output
      expect((await openssl(['x509', '-noout', '-pubkey'], pem)).output).toBe(own)

      await authority.revoke(id, 'superseded')
      expect(await judged(lab, decodePem('CERTIFICATE', pem))).toContain('was revoked')
    },
  )

  it('without names of its own has that of its subject, where it is a host’s', async () => {
    const { authority } = (await started()).lab
    const offer = (name: string, subject: string) =>
      authority.requireRequests().offerFor(request(name, EC, '-subj', subject))
    expect((await offer('host', '/CN=www.my.test')).names).toEqual(['www.my.test'])
    expect((await offer('person', '/CN=Some Body')).names).toEqual([])
    expect((await offer('word', '/CN=server')).names).toEqual([])
  })

  it('gets no certificate where something is wrong with it or with what was chosen', async () => {
    const { authority } = (await started()).lab
    const requests = authority.requireRequests()
    const good = request('good', EC, '-subj', '/CN=good.test')
    const forged = good.slice()
    forged[forged.length - 3]! ^= 1
    const short = request(
      'short',
      ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
      '-subj',
      '/CN=x',
    )
    const posing = request('posing', EC, '-utf8', '-subj', '/CN=ID-CA')
    const nobody = request('nobody', EC, '-subj', '/')
    const refused = [
      { bytes: forged, chosen: terms(['good.test']), why: 'proof of possession' },
      { bytes: short, chosen: terms([]), why: '2048 to 8192 bits' },
      { bytes: posing, chosen: terms([]), why: 'the name of this authority' },
      { bytes: nobody, chosen: terms([]), why: 'nobody’s certificate' },
      { bytes: good, chosen: terms(['good.test'], []), why: 'at least one purpose' },
      { bytes: good, chosen: terms(['not a name']), why: 'no DNS name' },
      { bytes: good, chosen: terms(['bad\0.test']), why: 'no DNS name' },
    ]
    for (const { bytes, chosen, why } of refused) {
      await expect(requests.issueFor(bytes, chosen), why).rejects.toMatchObject({
        code: 'request_refused',
        message: expect.stringContaining(why),
      })
    }
    await expect(requests.issueFor(new Uint8Array(40), terms([]))).rejects.toMatchObject({
      code: 'bad_request_bytes',
    })
    expect(requests.signed).toEqual([])
  })
})
