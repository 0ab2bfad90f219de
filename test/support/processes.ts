/** The processes of an app on Linux, as every user of the machine can look at them. */
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessText {
  readonly commandLines: string
  readonly environments: string
}

/** Command lines and environments of a process and of all that it has started, directly or not. */
export function lookAtProcesses(root: number): ProcessText {
  const children = new Map<number, number[]>()
  for (const id of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    // The second field is the program's name in brackets, which may hold anything.
    const parent = Number(/^.*\) \S (\d+)/s.exec(readProc(id, 'stat'))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const all = [root]
  for (const id of all) all.push(...(children.get(id) ?? []))
  const text = (name: string): string => all.map((id) => readProc(id, name)).join('\n')
  return { commandLines: text('cmdline'), environments: text('environ') }
}

function readProc(id: number, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'latin1')
  } catch {
    return '' // It has ended meanwhile.
  }
}
