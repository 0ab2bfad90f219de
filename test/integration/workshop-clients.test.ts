/** Clients of others meet what is served: the good recipe is accepted, each bad one is refused, or accepted, as foretold. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressBytes } from '#shared/crypto/pki/host-name'
import { RECIPES } from '#shared/workshop/recipes'
import type { Outcome } from '#shared/workshop/verdicts'
import { runTool } from '../support/key-tools'
import { buildTerminal, endProgram, startProgram, type Running } from '../support/terminal-program'

const CLIENTS = resolve(import.meta.dirname, '../clients')
/** So many of curl and of Node ask at once. */
const AT_ONCE = 2

/** What `--serve-recipes --json` says. */
interface Served {
  readonly trustAnchor: string
  readonly hosts: string
  readonly recipes: readonly ServedRecipe[]
}

interface ServedRecipe {
  readonly id: string
  readonly host: string
  readonly port: number | null
  readonly trustAnchor?: string
  readonly lists?: string
  readonly expected: Readonly<Record<string, { readonly outcome: Outcome }>>
}

/** A recipe as a client asks for it. */
interface Asked extends ServedRecipe {
  readonly port: number
  readonly anchors: string
}

type Verdict = readonly [outcome: string, said: string]

let built: Awaited<ReturnType<typeof buildTerminal>>
let serving: Running
let folder: string
let served: Served
let asked: readonly Asked[]
beforeAll(async () => {
  built = await buildTerminal()
  folder = mkdtempSync(join(tmpdir(), 'workshop-clients-'))
  serving = startProgram(process.execPath, [built.program, '--serve-recipes', '--json'])
  served = JSON.parse(await serving.line(() => true)) as Served
  asked = served.recipes.flatMap((one) =>
    one.port === null ? [] : [{ ...one, port: one.port, anchors: one.trustAnchor ?? served.trustAnchor }],
  )
})
afterAll(async () => {
  await endProgram(serving)
  await built.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** What came otherwise than it was foretold of a client, in words. */
function differences(
  client: string,
  verdicts: ReadonlyMap<string, Verdict>,
  of: readonly Asked[] = asked,
): readonly string[] {
  return of.flatMap(({ id, expected }) => {
    const [outcome, said] = verdicts.get(id) ?? ['undecided', 'nothing']
    const foretold = expected[client]?.outcome
    return outcome === foretold ? [] : [`${id}: foretold ${foretold}, came ${outcome}: ${said}`]
  })
}

/** Has each recipe asked for, a few at once. */
async function askEach(ask: (one: Asked) => Promise<Verdict>): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  const waiting = [...asked]
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) verdicts.set(one.id, await ask(one))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return verdicts
}

/** What a program says that asks for all of them: a line each in, a line each out. */
async function askAll(program: string, args: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
  const input = asked.map(({ id, host, port, anchors, lists }) =>
    [id, host, port, anchors, lists ?? ''].join('\t'),
  )
  const { ok, stdout, output } = await runTool(program, args, { cwd: folder, input: `${input.join('\n')}\n` })
  expect(ok, output).toBe(true)
  const lines = stdout.trimEnd().split('\n')
  return new Map(
    lines.map((line): [string, Verdict] => {
      const [id = '', outcome = '', said = ''] = line.split('\t')
      return [id, [outcome, said]]
    }),
  )
}

it('nearly all recipes are served, and one root is trusted for most', () => {
  expect(served.recipes.map(({ id }) => id)).toEqual(RECIPES.map(({ id }) => id))
  expect(asked.length).toBeGreaterThan(105)
  expect(asked.filter(({ trustAnchor }) => trustAnchor === undefined).length).toBeGreaterThan(100)
  const missing = served.recipes.filter(({ port }) => port === null)
  expect(missing.map(({ expected }) => expected['node-tls']?.outcome)).toEqual(
    missing.map(() => 'unservable'),
  )
})

describe('what is foretold comes', () => {
  it('of curl, with an answer where it accepts', async () => {
    const verdicts = await askEach(async ({ host, port, anchors, lists }) => {
      const { ok, stdout, output } = await runTool(
        'curl',
        [
          ...['-q', '-sS', '--noproxy', '*', '--max-time', '8', '--cacert', anchors],
          ...(lists === undefined ? [] : ['--crlfile', lists]),
          ...['--resolve', `${host}:${port}:127.0.0.1`, `https://${host}:${port}/`],
        ],
        { cwd: folder },
      )
      if (ok) expect(stdout).toBe('This certificate was accepted.\n')
      return [ok ? 'accepted' : 'refused', output]
    })
    expect(differences('curl', verdicts)).toEqual([])
  })

  it('of Node’s https', async () => {
    const verdicts = await askEach(askByNode)
    expect(differences('node-tls', verdicts)).toEqual([])
  })

  it('of Python’s ssl, by one process', async () => {
    const verdicts = await askAll('/usr/bin/python3', ['-B', join(CLIENTS, 'recipes.py')])
    expect(differences('python', verdicts)).toEqual([])
  })

  it('of Java’s HttpsURLConnection, by one virtual machine', async () => {
    const names = `-Djdk.net.hosts.file=${served.hosts}`
    const verdicts = await askAll('java', [names, join(CLIENTS, 'Recipes.java')])
    expect(differences('java', verdicts)).toEqual([])
  }, 120_000)
})

function askByNode({ host, port, anchors, lists }: Asked): Promise<Verdict> {
  return new Promise((done) => {
    const asking = request({
      ...{ host: '127.0.0.1', port, agent: false, timeout: 8_000, ca: readFileSync(anchors) },
      ...(lists === undefined
        ? {}
        : { crl: readFileSync(lists, 'utf8').split(/(?<=-----END X509 CRL-----\n)/) }),
      ...(addressBytes(host) ? {} : { servername: host }),
    })
    asking.on('response', (answer) => {
      answer.resume()
      answer.on('end', () => done(['accepted', String(answer.statusCode)]))
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer in time')))
    asking.on('error', (error) => done(['refused', error.message]))
    asking.end()
  })
}
