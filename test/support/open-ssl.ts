/** The `openssl` program: a judge that shares no code with this project. */
import { execFile } from 'node:child_process'

export interface OpenSslResult {
  readonly ok: boolean
  /** Standard output, then standard error. */
  readonly output: string
}

/** Runs `openssl` with some arguments and a text on its standard input. */
export function openssl(args: readonly string[], input = ''): Promise<OpenSslResult> {
  return new Promise((resolve, reject) => {
    const child = execFile('openssl', [...args], (error, stdout, stderr) => {
      if (error && error.code === 'ENOENT') reject(new Error('The program openssl is not installed.'))
      else resolve({ ok: !error, output: stdout + stderr })
    })
    // It may end before it has read everything, for instance over a wrong argument.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
