/** The second implementation of the protocol, in Python (test/interop): it shares no code with this project. */
import { resolve } from 'node:path'
import { runProgram, startProgram, type Ended, type Running } from './terminal-program'

const FOLDER = resolve(import.meta.dirname, '../interop')
/** The system's own Python: the packages that the peers need are installed for that one. */
const PYTHON = '/usr/bin/python3'

export type PythonPeer = 'authority' | 'server' | 'client' | 'attack' | 'impostor' | 'tamper' | 'selftest'

/** Exit codes of the peers, as their README has them. */
export const PEER_EXIT = { fine: 0, alert: 3, ownCheck: 4, transport: 5 } as const

const argumentsOf = (peer: PythonPeer, args: readonly string[]): readonly string[] => [
  '-B',
  resolve(FOLDER, `${peer}.py`),
  ...args,
]

/** Runs a peer to its end. */
export function runPeer(peer: PythonPeer, ...args: readonly string[]): Promise<Ended> {
  return runProgram(PYTHON, argumentsOf(peer, args), { cwd: FOLDER })
}

/** Starts a peer that listens; whoever starts it ends it. */
export function startPeer(peer: PythonPeer, ...args: readonly string[]): Running {
  return startProgram(PYTHON, argumentsOf(peer, args), { cwd: FOLDER })
}

/** What a peer has printed: one JSON object a line. */
export function linesOf({ stdout }: Ended): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** The port that a listening peer says it has taken. */
export async function portOfPeer(running: Running): Promise<number> {
  const line = await running.line((text) => text.startsWith('{"listening"'))
  return (JSON.parse(line) as { listening: number }).listening
}
