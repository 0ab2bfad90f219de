/** The whole handshake in one terminal: authority, server and client over TCP, in the order of the original. */
import { join, resolve } from 'node:path'
import type { ExportRequest } from '#shared/export'
import { USUAL_FILES } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Client } from '#shared/hl1/drivers/client'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Run } from '#shared/run/run'
import type { Endpoint } from '#shared/record/connection'
import { withPrivateLab, type PrivateLab, type PrivateLabOptions } from '../experiments/private-lab'
import { visit } from '../client/client'
import { planExport } from '../export/plan'
import { writeExport } from '../export/write'
import type { TerminalOptions } from './arguments'
import type { Output } from './output'
import { servingCrypto } from './serving-crypto'
import { bytesAsHex, printRecord, recordForJson } from './print'
import { mainEnvironment } from '../lab/environment'
import { writeProof } from '../recording/proof-folder'
import { keepTerminalRun, requireHtml, saveTerminalReport, saveTerminalRun } from './run-files'
import { serve } from './serve'

/** A record without its frame, about. */
const RECORD_BYTES = 4_096

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
  const held: Hl1Entry[] = []
  let isHeld = options.serve
  const { save, proof, report } = options
  requireHtml(report)
  const isKept = [save, proof, report].some((file) => file !== undefined)
  const records: Hl1Entry[] = []
  const print = (entry: Hl1Entry): void => {
    if (isKept) records.push(entry)
    if (options.quiet) return
    if (isHeld) held.push(entry)
    else if (options.json) output.json(() => recordForJson(entry), bytesAsHex, weightOf(entry))
    else output.print(() => printRecord(entry), weightOf(entry))
  }
  const tell = (...lines: readonly string[]): void => (options.json ? output.note : output.print)(lines)
  let clients: () => number = () => 0
  const lab: PrivateLabOptions = {
    settings: () => settings,
    environment: options.serve
      ? { ...mainEnvironment, crypto: servingCrypto(() => clients() === 1, mainEnvironment.crypto) }
      : mainEnvironment,
    onRecord: print,
    ports: { authority: settings.authorityPort, server: settings.serverPort },
    signal,
  }
  const began = systemEnvironment.now()
  await withPrivateLab(lab, async ({ addresses, trustAnchor, connect, register, ...roles }) => {
    if (options.serve) {
      await register()
      clients = () => roles.server.connections
      await serve(addresses, trustAnchor, signal, (where) => {
        output.json(() => where)
        isHeld = false
        held.forEach(print)
      })
      return
    }
    tell(`Certificate authority listens on ${printEndpoint(addresses.authority)}.`)
    tell(`Application server listens on ${printEndpoint(addresses.server)}.`, '')
    let kept: Run | undefined
    const keep = (client?: Client): void => {
      if (isKept) kept ??= keepTerminalRun({ settings, began, records, roles, trustAnchor, client })
    }
    try {
      await register()
      // Its keys go with the client.
      const answers = await visit(connect(), options.requests, keep)
      for (const [index, answer] of answers.entries())
        tell(`Answer to “${options.requests[index] ?? ''}”: ${answer}`)
    } finally {
      // A run in which something was refused is one to be looked at.
      keep()
      if (kept && save) tell(`Saved to ${await saveTerminalRun(kept, save)}.`)
      if (kept && proof) {
        const folder = await writeProof(kept, resolve(proof.path), proof.secrets)
        tell(`Proof written to ${folder}: sh ${join(folder, 'verify.sh')}`)
      }
      if (kept && report) tell(`Report written to ${await saveTerminalReport({ run: kept }, report)}.`)
    }
    if (options.out !== undefined) await exportAll({ ...options, out: options.out }, roles, tell)
    tell('', 'Every check passed.')
  })
}

/** What a record keeps in memory until it is printed, in bytes: its frame, what was in it, and all around that. */
function weightOf({ frame }: Hl1Entry): number {
  return 3 * frame.length + RECORD_BYTES
}

async function exportAll(
  { out, replace }: { readonly out: string; readonly replace: boolean },
  { authority, server }: Pick<PrivateLab, 'authority' | 'server'>,
  tell: (...lines: readonly string[]) => void,
): Promise<void> {
  const { random } = systemEnvironment
  const sources = {
    authority: authority.credentials,
    server: server.credentials,
    revocationList: authority.revocations?.list.der,
  }
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
