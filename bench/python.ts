/** The server of the independent implementation in test/interop, registered with an authority of this program. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { runClient } from '#main/terminal/client'
import type { SuiteName } from '#shared/protocol/suites'
import type { Host } from './contenders'

const PYTHON = '/usr/bin/python3'

export interface PythonServer {
  readonly suite: SuiteName
  /** One client of this program, from connecting to leaving: steps 3 to 6, then one request. */
  readonly handshake: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts it in a process of its own; it is ready when this resolves. */
export async function startPythonServer(root: string, suite: SuiteName, host: Host): Promise<PythonServer> {
  const { authority, settings, context } = host
  const { address, certificate } = authority
  if (!address || !certificate) throw new Error('The authority is gone.')
  const folder = mkdtempSync(join(tmpdir(), 'handshake-lab-bench-'))
  const trustAnchor = join(folder, 'ca.pem')
  writeFileSync(trustAnchor, certificate.pem)
  const peers = join(root, 'test/interop')
  const options = [
    '--authority',
    `127.0.0.1:${address.port}`,
    '--trust-anchor',
    trustAnchor,
    '--suite',
    suite,
  ]
  const args = ['-B', join(peers, 'server.py'), ...options, '--listen', '127.0.0.1:0', '--idle', '600']
  const child = spawn(PYTHON, args, { cwd: peers, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The server in Python ended with ${String(code)}.`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { readonly listening?: number }
      if (said.listening !== undefined) resolve(said.listening)
    })
  })
  const server = { address: '127.0.0.1', port }
  const signal = new AbortController().signal
  return {
    suite,
    handshake: async () => {
      const [answer] = await runClient(server, certificate, settings, ['echo x'], context, signal)
      if (answer !== 'x') throw new Error(`The server in Python answered ${String(answer)}.`)
    },
    stop: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
