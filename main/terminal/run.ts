/** The whole handshake in one terminal: authority, server and client over TCP, in the order of the original. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportRequest } from '#shared/export'
import { USUAL_FILES } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { Endpoint } from '#shared/record/connection'
import { withPrivateLab, type PrivateLab, type PrivateLabOptions } from '../experiments/private-lab'
import { visit } from '../client/client'
import { planExport } from '../export/plan'
import { writeExport } from '../export/write'
import type { TerminalOptions } from './arguments'
import { bytesAsHex, printRecord, recordForJson } from './print'

/** Where the run writes to: lines, in each of which may stand what peers have sent. */
export interface Output {
  readonly print: (...lines: readonly string[]) => void
  /** A value as one line of JSON. */
  readonly json: (value: object, replacer?: (key: string, value: unknown) => unknown) => void
  /** For people, when what is printed is read by a program. */
  readonly note: (...lines: readonly string[]) => void
}

/**
 * Runs to the end, or with `serve` until the signal aborts.
 * @throws ProtocolError when a message was refused; LabError otherwise
 */
export async function runHandshake(
  options: TerminalOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { settings } = options
  // The first line of `serve` is where to connect to, and who reads it may do so at once: until there is a server with
  // a certificate, records wait.
  const held: (() => void)[] = []
  let isHeld = options.serve
  const put = (print: () => void): void => {
    if (isHeld) held.push(print)
    else print()
  }
  const tell = options.json ? output.note : output.print
  const lab: PrivateLabOptions = {
    settings: () => settings,
    onRecord: (entry) =>
      put(() =>
        options.json ? output.json(recordForJson(entry), bytesAsHex) : output.print(...printRecord(entry)),
      ),
    ports: { authority: settings.authorityPort, server: settings.serverPort },
    signal,
  }
  await withPrivateLab(lab, async ({ addresses, trustAnchor, connect, register, ...roles }) => {
    if (!options.serve) {
      tell(`Certificate authority listens on ${printEndpoint(addresses.authority)}.`)
      tell(`Application server listens on ${printEndpoint(addresses.server)}.`, '')
    }
    await register()
    if (options.serve) {
      await serve(addresses, trustAnchor, signal, (where) => {
        output.json(where)
        isHeld = false
        for (const print of held) print()
      })
      return
    }
    const answers = await visit(connect(), options.requests)
    for (const [index, answer] of answers.entries())
      tell(`Answer to “${options.requests[index] ?? ''}”: ${answer}`)
    if (options.out !== undefined) await exportAll({ ...options, out: options.out }, roles, tell)
    tell('', 'Every check passed.')
  })
}

/** Stays up until it is told to end; the trust anchor is in a file for as long. `announce` gets what says where. */
async function serve(
  addresses: PrivateLab['addresses'],
  certificate: Certificate,
  signal: AbortSignal,
  announce: (where: object) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-'))
  try {
    const trustAnchor = join(folder, 'ca.pem')
    await writeFile(trustAnchor, certificate.pem, { flag: 'wx' })
    const ports = { authority: { port: addresses.authority.port }, server: { port: addresses.server.port } }
    announce({ ...ports, trustAnchor })
    await untilAborted(signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function exportAll(
  { out, replace }: { readonly out: string; readonly replace: boolean },
  { authority, server }: Pick<PrivateLab, 'authority' | 'server'>,
  tell: Output['note'],
): Promise<void> {
  const { random } = systemEnvironment
  const sources = { authority: authority.credentials, server: server.credentials }
  const there = await planExport({ sources, folder: out, createFolder: true })
  const usual = there.files.filter(({ id }) => USUAL_FILES.some((file) => file.id === id))
  const request: ExportRequest = {
    files: usual.map(({ id }) => ({ id })),
    overwrite: replace,
  }
  // Whoever types --out, or --replace, has said so.
  const ask = async (): Promise<boolean> => true
  const options = { sources, folder: out, createFolder: true, random, ask }
  const { folder, files } = await writeExport(request, options)
  tell('', `Exported to ${folder}:`)
  for (const file of files)
    tell(`    ${file.name.padEnd(20)}${file.private ? 'PRIVATE, readable by you alone' : ''}`.trimEnd())
}

function printEndpoint({ address, port }: Endpoint): string {
  return `${address}:${port}`
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
