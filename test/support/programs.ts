/** Programs of others that judge captures: Wireshark's, tcpdump, Lua. One that is missing fails the test. */
import { spawn } from 'node:child_process'

export interface ProgramResult {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** Runs a program until it ends. Nothing of the user's own settings is read: Wireshark's programs look for them at `HOME`. */
export function runProgram(
  name: string,
  args: readonly string[],
  options: { readonly input?: string; readonly home?: string } = {},
): Promise<ProgramResult> {
  const { input = '', home = '/nonexistent' } = options
  return new Promise((resolve, reject) => {
    const child = spawn(name, [...args], {
      env: { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => output.push(data))
    child.stderr.on('data', (data: Buffer) => errors.push(data))
    child.on('error', () => reject(new Error(`The program ${name} is not installed.`)))
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('close', (code) =>
      resolve({ code, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }),
    )
  })
}
