/** The programs that have to accept what the app exports. A missing one is an error: set-up installs them. */
import { spawn } from 'node:child_process'

export interface ToolRun {
  readonly ok: boolean
  /** Standard output, then standard error. */
  readonly output: string
  readonly stdout: string
}

/** Passphrases reach the tools by the environment. */
export const PASSPHRASE_VARIABLE = 'EXPORT_PASSPHRASE'

export interface ToolOptions {
  readonly cwd: string
  readonly passphrase?: string
  readonly input?: string
}

/** Runs a program to its end; fails when there is no such program. */
export function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<ToolRun> {
  const { cwd, passphrase = '', input = '' } = options
  return new Promise((resolve, reject) => {
    const env = { ...process.env, [PASSPHRASE_VARIABLE]: passphrase, LC_ALL: 'C.UTF-8' }
    const child = spawn(program, args, { cwd, env, stdio: 'pipe' })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', () =>
      reject(new Error(`${program} is not installed: run node scripts/setup.mjs test-tools`)),
    )
    child.on('close', (code) => {
      const stdout = Buffer.concat(out).toString()
      resolve({ ok: code === 0, stdout, output: stdout + Buffer.concat(err).toString() })
    })
    // It may end before it has read everything, for instance over a wrong argument.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

/** As {@link runTool}, for a program that has to succeed: what it wrote to standard output. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<string> {
  const { ok, stdout, output } = await runTool(program, args, options)
  if (!ok) throw new Error(`${program} ${args.join(' ')} refused:\n${output}`)
  return stdout
}
