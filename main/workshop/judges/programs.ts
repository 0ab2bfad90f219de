/** Judges that are programs of others and judge files: `openssl verify` and `certtool`. */
import { oidNamed } from '#shared/crypto/encodings/oids'
import { addressBytes } from '#shared/crypto/pki/host-name'
import type { JudgedChain } from '#shared/workshop/verdicts'
import type { Judge } from '../judge'
import { runProgram, type ProgramResult } from '../program'

/** The first line of what a program says of its version. */
export async function versionOf(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const result = await runProgram(name, args, { signal })
  return result?.code === 0 ? result.output.split('\n')[0]?.trim() : undefined
}

/** What a program's end says, for one that ends with 0 when it accepts. */
export function byExitCode(result: ProgramResult | undefined): JudgedChain {
  if (!result) return { outcome: 'undecided', said: 'The program is not installed.' }
  const said = result.output.trim()
  if (result.late) return { outcome: 'undecided', said: 'It has not answered in time.' }
  if (result.code === undefined) return { outcome: 'undecided', said }
  return { outcome: result.code === 0 ? 'accepted' : 'refused', said }
}

/** As docs/verdicts.md compares with it; every certificate below the anchor is asked for in lists where there are some. */
export const OPENSSL_VERIFY: Judge = {
  id: 'openssl-verify',
  version: (signal) => versionOf('openssl', ['version'], signal),
  judge: async ({ chain, files }, signal) => {
    const host = addressBytes(chain.host) ? '-verify_ip' : '-verify_hostname'
    const args = [
      ...['verify', '-x509_strict', '-purpose', 'sslserver', '-auth_level', '2', host, chain.host],
      ...['-no-CAfile', '-no-CApath', '-no-CAstore', '-trusted', files.anchors],
      ...(files.sent === undefined ? [] : ['-untrusted', files.sent]),
      ...(files.lists === undefined ? [] : ['-crl_check_all', '-CRLfile', files.lists]),
      files.leaf,
    ]
    return byExitCode(await runProgram('openssl', args, { signal, cwd: files.folder }))
  },
}

/** GnuTLS, for the purpose of a server. */
export const CERTTOOL: Judge = {
  id: 'certtool',
  version: (signal) => versionOf('certtool', ['--version'], signal),
  judge: async ({ chain, files }, signal) => {
    const args = [
      ...['--verify', '--load-ca-certificate', files.anchors, '--infile', files.chain],
      ...['--verify-hostname', chain.host, '--verify-purpose', oidNamed('serverAuth')],
      ...(files.lists === undefined ? [] : ['--load-crl', files.lists]),
    ]
    return byExitCode(await runProgram('certtool', args, { signal, cwd: files.folder }))
  },
}
