/** The whole handshake in one terminal: authority, server and client over TCP, in the order of the original. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '#shared/errors'
import { fullPace } from '#shared/protocol/drivers/conversation'
import type { ExportRequest } from '#shared/export'
import { USUAL_FILES } from '#shared/export/items'
import { systemEnvironment } from '#shared/protocol/environment'
import type { Certificate } from '#shared/crypto/certificate'
import type { Endpoint } from '#shared/protocol/state'
import { Authority } from '../authority/authority'
import type { RoleContext } from '../net/converse'
import { planExport } from '../export/plan'
import { writeExport } from '../export/write'
import { ApplicationServer } from '../server/application-server'
import type { TerminalOptions } from './arguments'
import { runClient } from './client'
import { printJson, printRecord } from './print'

/** Where the run writes to. */
export interface Output {
  readonly print: (text: string) => void
  /** For people, when `print` is read by a program. */
  readonly note: (text: string) => void
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
  const held: string[] = []
  let isHeld = options.serve
  const print = (text: string): void => {
    if (isHeld) held.push(text)
    else output.print(text)
  }
  const context: RoleContext = {
    environment: systemEnvironment,
    onRecord: (entry) => print(options.json ? printJson(entry) : printRecord(entry)),
    paceFor: () => ({ pace: fullPace, stepping: () => false }),
  }
  const onChange = (): void => undefined
  const authority = new Authority({ ...context, settings: () => settings, onChange })
  const server = new ApplicationServer({ ...context, settings: () => settings, onChange })
  const folder = options.serve ? await mkdtemp(join(tmpdir(), 'handshake-lab-')) : undefined
  const tell = options.json ? output.note : output.print
  try {
    await authority.start()
    await server.start()
    const { certificate, addresses } = required(authority, server)
    if (folder === undefined) {
      tell(`Certificate authority listens on ${printEndpoint(addresses.authority)}.`)
      tell(`Application server listens on ${printEndpoint(addresses.server)}.\n`)
    }
    await server.register(addresses.authority, certificate)
    if (folder !== undefined) {
      const trustAnchor = join(folder, 'ca.pem')
      await writeFile(trustAnchor, certificate.pem, { flag: 'wx' })
      const ports = { authority: { port: addresses.authority.port }, server: { port: addresses.server.port } }
      output.print(JSON.stringify({ ...ports, trustAnchor }))
      isHeld = false
      held.forEach(print)
      await untilAborted(signal)
      return
    }
    const answers = await runClient(
      addresses.server,
      certificate,
      settings,
      options.requests,
      context,
      signal,
    )
    for (const [index, answer] of answers.entries())
      tell(`Answer to “${options.requests[index] ?? ''}”: ${answer}`)
    if (options.out !== undefined) await exportAll({ ...options, out: options.out }, authority, server, tell)
    tell('\nEvery check passed.')
  } finally {
    await server.stop()
    await authority.stop()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function exportAll(
  { out, replace }: { readonly out: string; readonly replace: boolean },
  authority: Authority,
  server: ApplicationServer,
  tell: (text: string) => void,
): Promise<void> {
  const { random } = systemEnvironment
  const sources = { authority: authority.credentials, server: server.credentials }
  const there = await planExport({ sources, folder: out, createFolder: true })
  const usual = there.files.filter(({ id }) => USUAL_FILES.some((file) => file.id === id))
  const request: ExportRequest = {
    files: usual.map(({ id }) => ({ id })),
    overwrite: replace,
    confirmAuthorityKey: true,
    confirmPlain: true,
  }
  const { folder, files } = await writeExport(request, { sources, folder: out, createFolder: true, random })
  tell(`\nExported to ${folder}:`)
  for (const file of files)
    tell(`    ${file.name.padEnd(20)}${file.private ? 'PRIVATE, readable by you alone' : ''}`.trimEnd())
}

function required(
  authority: Authority,
  server: ApplicationServer,
): { certificate: Certificate; addresses: { authority: Endpoint; server: Endpoint } } {
  const { certificate, address } = authority
  if (!certificate || !address || !server.address)
    throw new LabError('internal_error', 'A role did not start.')
  return { certificate, addresses: { authority: address, server: server.address } }
}

function printEndpoint({ address, port }: Endpoint): string {
  return `${address}:${port}`
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
