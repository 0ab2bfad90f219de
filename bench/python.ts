/** The independent implementation in test/interop: its server, registered with an authority of this program, and its client. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once, setMaxListeners } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connectClient, visit } from '#main/client/client'
import type { SuiteName } from '#shared/hl1/suites'
import type { Host } from './contenders'
import type { Contender } from './measure'

/** The system's own: the packages that the peers need are installed for that one. */
export const PYTHON = '/usr/bin/python3'

export interface PythonPeers {
  readonly suite: SuiteName
  /** One client of this program at the server in Python, from connecting to leaving: steps 3 to 6, then one request. */
  readonly handshake: () => Promise<void>
  /** Server and client in Python, in a process each, which runs all the time. */
  readonly contender: (atOnce: number) => Contender
  readonly stop: () => Promise<void>
}

/** Starts both; they are ready when this resolves. */
export async function startPythonPeers(root: string, suite: SuiteName, host: Host): Promise<PythonPeers> {
  const { authority, settings, context } = host
  const { address, certificate } = authority
  if (!address || !certificate) throw new Error('The authority is gone.')
  const folder = mkdtempSync(join(tmpdir(), 'handshake-lab-bench-'))
  const trustAnchor = join(folder, 'ca.pem')
  writeFileSync(trustAnchor, certificate.pem)
  const peers = join(root, 'test/interop')
  const start = (program: string, ...options: readonly string[]): ChildProcess => {
    const all = ['--trust-anchor', trustAnchor, '--suite', suite, '--idle', '600', '--quiet', ...options]
    const args = ['-B', join(peers, program), ...all]
    return spawn(PYTHON, args, { cwd: peers, stdio: ['pipe', 'pipe', 'inherit'] })
  }
  const serving = start('server.py', '--authority', `127.0.0.1:${address.port}`, '--listen', '127.0.0.1:0')
  const { listening: port = 0 } = await linesOf(serving)<{ readonly listening?: number }>()
  const server = { address: '127.0.0.1', port }
  const visiting = start('client.py', '--server', `127.0.0.1:${port}`, '--request', 'echo x', '--visits')
  const visited = linesOf(visiting)
  const { signal } = new AbortController()
  setMaxListeners(0, signal)
  return {
    suite,
    handshake: async () => {
      const [answer] = await visit(
        connectClient({ server, trustAnchor: certificate, settings, context, signal }),
        ['echo x'],
      )
      if (answer !== 'x') throw new Error(`The server in Python answered ${String(answer)}.`)
    },
    contender: (atOnce) => ({
      name: `${suite}, all in Python`,
      run: async (count) => {
        visiting.stdin?.write(`${count} ${atOnce}\n`)
        const { visits } = await visited<{ readonly visits?: number }>()
        if (visits !== count)
          throw new Error(`The client in Python made ${String(visits)} of ${count} visits.`)
      },
    }),
    stop: async () => {
      for (const child of [visiting, serving]) {
        const ended = child.exitCode === null ? once(child, 'exit') : undefined
        child.kill()
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The lines that a program writes, which are JSON. Rejects when it ends. */
export function linesOf(child: ChildProcess): <T>() => Promise<T> {
  if (!child.stdout) throw new Error('The program has no output.')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async <T>() => {
    const { value, done } = await lines.next()
    if (done) throw new Error('A program in Python has ended.')
    return JSON.parse(value) as T
  }
}
