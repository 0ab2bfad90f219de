/** Judges that make a real TLS handshake with a server on this machine: Node's `tls`, `openssl s_client`, `curl`. */
import { connect } from 'node:tls'
import { addressBytes } from '#shared/crypto/pki/host-name'
import type { JudgedChain } from '#shared/workshop/verdicts'
import { listsPem, pemOf } from '../chain-files'
import type { Exhibit, Judge } from '../judge'
import { runProgram } from '../program'
import { TLS_LIBRARY } from '../tls-library'
import { byExitCode, versionOf } from './programs'

/** A handshake on one's own machine takes milliseconds. */
const TIME_LIMIT_MS = 10_000
/** What curl ends with when a handshake fails, or a certificate is refused (curl's manual, exit codes). */
const CURL_REFUSES = new Set([35, 51, 58, 60, 83, 90])

/** A client that refuses sends an alert, and does not say so; one that says so was sent it by the server. */
const SENT_BY_SERVER = /alert/i

/** Has a judge ask a server that was started, and tells what the server could not do from what the judge refuses. */
function atServer(
  ask: (port: number, exhibit: Exhibit, signal: AbortSignal) => Promise<JudgedChain>,
): Judge['judge'] {
  return async (exhibit, signal) => {
    const { served } = exhibit
    if ('unservable' in served) return { outcome: 'unservable', said: served.unservable }
    const judged = await ask(served.port, exhibit, signal)
    if (judged.outcome !== 'refused' || !SENT_BY_SERVER.test(judged.said)) return judged
    return { outcome: 'unservable', said: served.fault() ?? judged.said }
  }
}

/** With the trust anchors and lists of the chain alone. */
export const NODE_TLS: Judge = {
  id: 'node-tls',
  version: async () =>
    `Node ${process.versions.node}, ${TLS_LIBRARY === 'OpenSSL' ? `OpenSSL ${process.versions.openssl}` : TLS_LIBRARY}`,
  judge: atServer((port, { chain }, signal) => connectByNode(port, chain, signal)),
}

function connectByNode(port: number, chain: Exhibit['chain'], signal: AbortSignal): Promise<JudgedChain> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const { host, lists } = chain
    const socket = connect({
      ...{ host: '127.0.0.1', port, ca: pemOf(chain.anchors) },
      ...(lists.length === 0 ? {} : { crl: [...listsPem(chain)] }),
      ...(addressBytes(host) ? {} : { servername: host }),
    })
    const end = (judged: JudgedChain): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve(judged)
    }
    const abort = (): void => {
      socket.destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.setTimeout(TIME_LIMIT_MS, () =>
      end({ outcome: 'undecided', said: 'It has not answered in time.' }),
    )
    socket.on('secureConnect', () =>
      end({ outcome: 'accepted', said: `${socket.getProtocol() ?? 'TLS'}, authorized` }),
    )
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end({ outcome: 'refused', said: [error.code, error.message].filter(Boolean).join(': ') }),
    )
  })
}

export const S_CLIENT: Judge = {
  id: 's-client',
  version: (signal) => versionOf('openssl', ['version'], signal),
  judge: atServer(async (port, { chain, files }, signal) => {
    const byAddress = addressBytes(chain.host) !== undefined
    const args = [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-brief', '-verify_return_error'],
      ...(byAddress
        ? ['-noservername', '-verify_ip', chain.host]
        : ['-servername', chain.host, '-verify_hostname', chain.host]),
      // Lists stand in the file of anchors: its own option takes one alone.
      ...['-no-CApath', '-no-CAstore', '-CAfile', files.trust],
      ...(files.lists === undefined ? [] : ['-crl_check_all']),
    ]
    return byExitCode(await runProgram('openssl', args, { signal, cwd: files.folder }))
  }),
}

export const CURL: Judge = {
  id: 'curl',
  version: (signal) => versionOf('curl', ['--version'], signal),
  judge: atServer(async (port, { chain, files }, signal) => {
    const args = [
      ...['-q', '-sS', '--noproxy', '*', '--max-time', '8', '--cacert', files.trust],
      ...(files.lists === undefined ? [] : ['--crlfile', files.lists]),
      ...['--connect-to', `${chain.host}:${port}:127.0.0.1:${port}`, `https://${chain.host}:${port}/`],
    ]
    const result = await runProgram('curl', args, { signal, cwd: files.folder })
    const judged = byExitCode(result)
    const isDecided = result?.code === 0 || CURL_REFUSES.has(result?.code ?? 0)
    return isDecided ? judged : { outcome: 'undecided', said: judged.said }
  }),
}
