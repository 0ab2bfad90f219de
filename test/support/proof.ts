/** Runs with every secret of theirs, folders of proofs on a disk, and `verify.sh` run there. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromHex, fromUtf8, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import type { CryptoProvider } from '#shared/crypto/provider'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Client } from '#shared/hl1/drivers/client'
import type { ProofFile } from '#shared/proof/folder'
import type { ProofInput } from '#shared/proof/proof'
import { secretsOf, type ProofSecret } from '#shared/proof/secrets'
import { forgetSecrets } from '#shared/record/record'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { mainEnvironment } from '#main/lab/environment'
import { withPrivateLab, type PrivateLab } from '#main/experiments/private-lab'
import { withReadyKeys } from './credentials'

const NEVER = new AbortController().signal
const folders: string[] = []

/** Removes every folder that was written since; for `afterAll`. */
export function removeProofs(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}

/** A run that was made, and what it has left. */
export interface ProvenRun {
  readonly input: Omit<ProofInput, 'secrets'>
  /** Every secret there was, the halves of shares among them. */
  readonly all: readonly ProofSecret[]
  /** Private keys alone, as the app has them when a session is over; `forgotten` has the records of that time. */
  readonly left: readonly ProofSecret[]
  readonly forgotten: readonly Hl1Entry[]
}

/** Makes a run in a lab of its own: registers, and then what `use` does with clients. */
export async function provenRun(
  suite: SuiteName,
  use: (lab: PrivateLab, opened: (changes?: Partial<Settings>) => Promise<Client>) => Promise<unknown>,
  changes: Partial<Settings> = {},
): Promise<ProvenRun> {
  const settings: Settings = { ...DEFAULT_SETTINGS, suite, ...changes }
  const entries: Hl1Entry[] = []
  const watch = new SecretWatch(suite)
  const ready = withReadyKeys(mainEnvironment)
  const environment = { ...ready, crypto: watch.over(ready.crypto) }
  const options = {
    settings: () => settings,
    environment,
    onRecord: (entry: Hl1Entry) => entries.push(entry),
    signal: NEVER,
  }
  return withPrivateLab(options, async (lab) => {
    await lab.register()
    await use(lab, async (more) => {
      const client = await lab.connect(more)
      await client.open()
      return client
    })
    const left: readonly ProofSecret[] = [
      { is: 'private-key', symbol: 'SK_CA', pem: lab.authority.credentials!.keyPair.privateKey.pem },
      { is: 'private-key', symbol: 'SK_S', pem: lab.server.credentials!.privateKey.pem },
    ]
    const connections = [...new Set(entries.map(({ connection }) => connection.id))]
    return {
      input: {
        entries: [...entries],
        authorities: [lab.trustAnchor.pem],
        rules: [
          {
            from: 0,
            value: { maxAge: settings.maxAge, bootstrapKey: fromHex(settings.bootstrapKey)! },
          },
        ],
      },
      all: [
        ...left,
        ...secretsOf(entries),
        ...watch.privateKeys,
        ...connections.flatMap((id) => watch.secrets(id)),
      ],
      left,
      forgotten: entries.map(forgetSecrets),
    }
  })
}

/** Looks on while roles compute, and keeps what they never send. */
class SecretWatch {
  readonly #derived: { readonly symbol: string; readonly value: Bytes }[] = []
  readonly #halves: { readonly share: string; readonly pem: string }[] = []
  readonly #labels = new Map<string, string>()

  /** Every key pair that was made; which is whose their certificates tell. */
  readonly privateKeys: ProofSecret[] = []

  constructor(suite: SuiteName) {
    for (const step of STEP_NUMBERS)
      for (const [symbol, by] of Object.entries(SUITES[suite].sheets[step].derivations))
        if (by.is === 'derived') this.#labels.set(by.label, symbol)
  }

  over(crypto: CryptoProvider): CryptoProvider {
    return {
      ...crypto,
      generateRsaKeyPair: async (bits) => {
        const made = await crypto.generateRsaKeyPair(bits)
        this.privateKeys.push({ is: 'private-key', symbol: 'SK_S', pem: made.privateKey.pem })
        return made
      },
      makeKeyShare: async () => {
        const curve = { name: 'ECDH', namedCurve: 'P-256' }
        const pair = await globalThis.crypto.subtle.generateKey(curve, true, ['deriveBits'])
        const pkcs8 = new Uint8Array(await globalThis.crypto.subtle.exportKey('pkcs8', pair.privateKey))
        // The client makes its share first, the server its own when it answers.
        const share = this.#halves.length % 2 === 0 ? 'Share_C' : 'Share_S'
        this.#halves.push({ share, pem: encodePem('PRIVATE KEY', pkcs8) })
        const made = new Uint8Array(await globalThis.crypto.subtle.exportKey('raw', pair.publicKey))
        return { share: made, privateKey: pair.privateKey }
      },
      agree: async (privateKey, peer) => {
        const value = await crypto.agree(privateKey, peer)
        this.#derived.push({ symbol: 'Z', value })
        return value
      },
      deriveKey: async (input, salt, info) => {
        const value = await crypto.deriveKey(input, salt, info)
        this.#derived.push({ symbol: this.#labels.get(fromUtf8(info))!, value })
        return value
      },
    }
  }

  /** All of them for each connection: which belongs to it is to be found out. Halves only where there is one connection. */
  secrets(connection: string): readonly ProofSecret[] {
    const halves = this.#halves.length === 2 ? this.#halves : []
    return [
      ...this.#derived.map(({ symbol, value }) => ({ is: 'key', symbol, connection, value }) as ProofSecret),
      ...halves.map(({ share, pem }): ProofSecret => ({ is: 'half', symbol: share, connection, pem })),
    ]
  }
}

/** Writes a proof into a folder of its own. */
export function written(files: readonly ProofFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'))
  folders.push(folder)
  for (const { name, bytes } of files) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

export interface Verified {
  readonly code: number
  readonly ok: readonly string[]
  readonly failed: readonly string[]
  readonly skipped: readonly string[]
  readonly last: string
  readonly all: string
}

/** Runs `verify.sh` of a folder from another one. */
export function verify(folder: string, shell = 'sh'): Promise<Verified> {
  return new Promise((resolve) => {
    const script = join(folder, 'verify.sh')
    execFile(shell, [script], { cwd: tmpdir(), maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n')
      const with_ = (word: string): readonly string[] =>
        lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(5))
      resolve({
        code: error ? Number(error.code ?? -1) : 0,
        ok: with_('ok  '),
        failed: with_('FAIL'),
        skipped: with_('skip'),
        last: lines.at(-2) ?? '',
        all: stdout + stderr,
      })
    })
  })
}

/**
 * Turns a bit of a file over in a copy of the folder, and runs the script there. `mended`: the list of sums is made to fit again, as
 * whoever changes a file would.
 */
export async function verifyChanged(
  folder: string,
  { name, at }: { readonly name: string; readonly at: number },
  mended: boolean,
): Promise<Verified> {
  const copy = written([])
  cpSync(folder, copy, { recursive: true })
  const bytes = readFileSync(join(copy, name))
  bytes[at]! ^= 1
  writeFileSync(join(copy, name), bytes)
  if (mended) {
    const sums = readFileSync(join(copy, 'SHA256SUMS'), 'utf8')
    const sum = createHash('sha256').update(bytes).digest('hex')
    const line = new RegExp(`^.*  ${name.replaceAll('.', '\\.')}$`, 'm')
    writeFileSync(join(copy, 'SHA256SUMS'), sums.replace(line, `${sum}  ${name}`))
  }
  const found = await verify(copy)
  rmSync(copy, { recursive: true })
  folders.splice(folders.indexOf(copy), 1)
  return found
}
