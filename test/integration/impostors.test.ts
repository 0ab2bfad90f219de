/** Our server and our client, deceived by an authority and a server in Python in every way that they know. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApplicationServer } from '#main/server/application-server'
import { connectClient, visit } from '#main/client/client'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { systemEnvironment } from '#shared/hl1/environment'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { keyPair } from '../support/credentials'
import { linesOf, startPeer } from '../support/python-peers'
import { endProgram, type Running } from '../support/terminal-program'
import { roleContext } from '../support/context'

const NEVER = new AbortController().signal
/** Replaying an answer takes a second request. */
const REQUESTS = ['echo one', 'echo two']

let folder: string
const running: Running[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-impostors-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map(endProgram))
  await rm(folder, { recursive: true, force: true })
})

/** Starts an impostor, and says how often somebody has to come for it to have tried everything. */
async function startImpostor(role: 'authority' | 'server', suite: string, ...args: readonly string[]) {
  const file = join(folder, 'ca.pem')
  const options = ['--role', role, '--suite', suite, '--trust-anchor-out', file, '--idle', '10']
  const program = startPeer('impostor', ...options, ...args)
  running.push(program)
  const line = await program.line((text) => text.startsWith('{"listening"'))
  const { listening: port, cases } = JSON.parse(line) as { listening: number; cases: number }
  const trustAnchor = parseCertificate(await readFile(file, 'utf8'))
  return { program, cases, endpoint: { address: '127.0.0.1', port }, trustAnchor }
}

/** What the impostor found: the cases whose alert was not the one that protocol.md says. */
async function findings(program: Running) {
  const lines = linesOf(await program.ended)
  return { last: lines.at(-1), wrong: lines.filter((line) => line['as_expected'] === false) }
}

/** Real clocks and randomness, but for one key pair in all registrations: it is not what is tried here. */
const context = roleContext({
  environment: {
    ...systemEnvironment,
    crypto: { ...systemEnvironment.crypto, generateRsaKeyPair: () => keyPair('server') },
  },
})

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  const settings: Settings = { ...DEFAULT_SETTINGS, serverPort: 0, suite }

  /** Our server registers with the impostor as often as that has something to try; a refusal leaves it as it was. */
  async function registerWith(args: readonly string[] = [], own = settings) {
    const { program, cases, endpoint, trustAnchor } = await startImpostor('authority', suite, ...args)
    const server = new ApplicationServer({ ...context, settings: () => own, onChange: () => undefined })
    await server.start()
    let accepted = 0
    for (let index = 0; index < cases; index++) {
      const before = server.credentials
      await server.register(endpoint, trustAnchor).then(
        () => accepted++,
        () => expect(server.credentials).toBe(before),
      )
    }
    await server.stop()
    return { ...(await findings(program)), cases, accepted }
  }

  /** Our client comes to the impostor as often. */
  async function askIt(args: readonly string[] = [], own = settings) {
    const { program, cases, endpoint, trustAnchor } = await startImpostor('server', suite, ...args)
    for (let index = 0; index < cases; index++) {
      await visit(
        connectClient({ server: endpoint, trustAnchor, settings: own, context, signal: NEVER }),
        REQUESTS,
      ).catch(() => undefined)
    }
    return { ...(await findings(program)), cases }
  }

  it('a registering server refuses every wrong answer, and keeps no credentials of it', async () => {
    const { last, wrong, cases, accepted } = await registerWith()
    expect(wrong).toEqual([])
    expect(last).toMatchObject({ ok: true, cases, one_text: true })
    expect(accepted).toBeLessThan(cases / 10)
  })

  it('a client refuses every wrong answer, at each step', async () => {
    const { last, wrong, cases } = await askIt()
    expect(wrong).toEqual([])
    expect(last).toMatchObject({ ok: true, cases, one_text: true })
  })

  it('neither waits for an answer longer than the idle limit', async () => {
    const hasty: Settings = { ...settings, idleLimit: 1 }
    for (const { last, wrong, cases } of [
      await registerWith(['silent'], hasty),
      await askIt(['silent'], hasty),
    ]) {
      expect(wrong).toEqual([])
      expect(last).toMatchObject({ ok: true, cases })
    }
  })
})
