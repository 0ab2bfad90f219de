/**
 * Every key of a running app, collected while it lives: as a person reveals it, and, for what no window ever shows, as it
 * goes through WebCrypto and Node's cryptography.
 */
import { expect, type Page } from '@playwright/test'
import { readFileSync, writeFileSync } from 'node:fs'
import { ROLES, type Role } from '#shared/hl1/roles'
import type { App } from './app'
import { press } from './person'
import { secretsOfRsaKey, type Secret } from './secret-search'

/** What a call from a window brings: its value, or the code of the error. */
export async function ask<T>(
  page: Page,
  name: string,
  argument?: unknown,
): Promise<{ readonly value?: T; readonly code?: string }> {
  return page.evaluate(
    async ([call, given]) => {
      const lab = window.lab as unknown as {
        call: (
          name: string,
          argument: unknown,
        ) => Promise<{ ok: true; value: T } | { ok: false; error: { code: string } }>
      }
      const answer = await lab.call(call as string, given)
      return answer.ok ? { value: answer.value } : { code: answer.error.code }
    },
    [name, argument] as const,
  )
}

/** Something secret in a record: the calls that reveal it need both names. */
export interface SecretMember {
  readonly id: string
  readonly member: string
}

/** The secret members of the records that a role has made, forgotten ones included. */
export async function secretMembersOf(page: Page, role: Role): Promise<readonly SecretMember[]> {
  const { value: records = [] } = await ask<
    readonly { id: string; role: string; members: { name: string; secret: boolean }[] }[]
  >(page, 'records:list')
  return records
    .filter((record) => record.role === role)
    .flatMap(({ id, members }) =>
      members.filter(({ secret }) => secret).map(({ name }) => ({ id, member: name })),
    )
}

/** Both private keys, and every secret that a record of authority or server still has. */
export async function revealInMain(app: App): Promise<readonly Secret[]> {
  const secrets: Secret[] = []
  for (const [role, key] of [
    ['authority', 'SK_CA'],
    ['server', 'SK_S'],
  ] as const) {
    await press(app[role])
    const { value } = await ask<{ pem: string }>(app[role], 'key:reveal', { key })
    if (value) secrets.push(...secretsOfRsaKey(key, value.pem))
    for (const asked of await secretMembersOf(app[role], role)) {
      const value = await revealMember(app[role], asked)
      if (typeof value === 'string') secrets.push(...secretsOfRsaKey(`${asked.member} of the ${role}`, value))
      else if (value) secrets.push({ name: `${asked.member} of the ${role}`, bytes: Uint8Array.from(value) })
    }
  }
  return secrets
}

async function revealMember(
  page: Page,
  argument: SecretMember,
): Promise<string | readonly number[] | undefined> {
  await press(page)
  return page.evaluate(async (asked) => {
    const lab = window.lab as unknown as {
      call: (name: string, argument: unknown) => Promise<{ value?: string | Uint8Array }>
    }
    const { value } = await lab.call('records:reveal', asked)
    return typeof value === 'object' ? [...value] : value
  }, argument)
}

/** What the client's window shows after *Reveal* on each of its keys; they are hidden again. `K_boot` is known to everybody. */
export async function revealInClient(client: Page): Promise<readonly Secret[]> {
  await client.getByRole('tab', { name: 'Keys' }).click()
  const secrets: Secret[] = []
  const hide = client.getByRole('button', { name: /^Hide the/ })
  for (const reveal of await client.getByRole('button', { name: /^Reveal the (?!bootstrap)/ }).all()) {
    const name = (await reveal.getAttribute('aria-label')) ?? ''
    await reveal.click()
    const row = client.getByRole('listitem').filter({ has: hide }).last()
    const hex = await row.locator('.value').innerText()
    secrets.push({ name: `${name.replace('Reveal the ', '')} of the client`, bytes: Buffer.from(hex, 'hex') })
    await hide.click()
    await expect(hide).toHaveCount(0)
  }
  return secrets
}

/** Has WebCrypto, and Node's ciphers in main, tell what goes through them, in main and in the client's window. */
async function overhear(app: App): Promise<() => Promise<readonly Secret[]>> {
  await app.electron.evaluate((_, source) => void (0, eval)(`(${source})()`), listen.toString())
  await app.client.evaluate(listen, undefined)
  return async () => {
    const heard = [...(await app.electron.evaluate(heardSoFar)), ...(await app.client.evaluate(heardSoFar))]
    return heard.map(asSecret)
  }
}

/** As {@link overhear} in main alone, which keeps nothing of it in memory: it goes to a file. */
export async function overhearToFile({ electron }: App, file: string): Promise<() => readonly Secret[]> {
  writeFileSync(file, '')
  await electron.evaluate((_, given) => void (0, eval)(`(${given.source})`)(given.file), {
    source: listen.toString(),
    file,
  })
  return () => {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => asSecret(JSON.parse(line) as Heard))
  }
}

function asSecret({ name, hex }: Heard): Secret {
  return { name, bytes: Buffer.from(hex, 'hex') }
}

interface Heard {
  readonly name: string
  readonly hex: string
}

/** Runs in the app: it can use nothing from here. With a file, what is heard goes there, a line each. */
function listen(file?: string): void {
  const { subtle } = crypto
  const { deriveBits, generateKey, importKey } = subtle
  const heard: Heard[] = []
  const hear = (name: string, bytes: Uint8Array): void => {
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (file === undefined) heard.push({ name, hex })
    else process.getBuiltinModule('node:fs').appendFileSync(file, `${JSON.stringify({ name, hex })}\n`)
  }
  const nameOf = (algorithm: AlgorithmIdentifier): string =>
    typeof algorithm === 'string' ? algorithm : algorithm.name
  Object.assign(subtle, {
    deriveBits: async (...given: Parameters<typeof deriveBits>) => {
      const bits = await deriveBits.apply(subtle, given)
      hear(`derived by ${nameOf(given[0])}`, new Uint8Array(bits))
      return bits
    },
    importKey: (...given: Parameters<typeof importKey>) => {
      const [format, data, algorithm] = given
      const name = nameOf(algorithm as AlgorithmIdentifier)
      const isSecret = String(format) === 'raw' && name !== 'ECDH'
      if (isSecret) hear(`key for ${name}`, new Uint8Array(data as unknown as Uint8Array))
      return importKey.apply(subtle, given)
    },
    generateKey: async (algorithm: AlgorithmIdentifier, extractable: boolean, usages: KeyUsage[]) => {
      const isShare = nameOf(algorithm) === 'ECDH'
      const made = await generateKey.call(subtle, algorithm, extractable || isShare, usages)
      if (isShare) {
        const { d = '' } = await subtle.exportKey('jwk', (made as CryptoKeyPair).privateKey)
        const binary = atob(d.replaceAll('-', '+').replaceAll('_', '/'))
        hear(
          'ephemeral private key',
          Uint8Array.from(binary, (character) => character.charCodeAt(0)),
        )
      }
      return made
    },
  })
  Object.assign(globalThis, { heard })
  // In main AES-GCM is Node's.
  if (typeof process === 'undefined') return
  const library = process.getBuiltinModule('node:crypto')
  for (const name of ['createCipheriv', 'createDecipheriv'] as const) {
    const original = library[name] as (...given: unknown[]) => unknown
    const listening = (...given: unknown[]): unknown => {
      hear('key for AES-GCM', given[1] as Uint8Array)
      return original(...given)
    }
    Object.assign(library, { [name]: listening })
  }
  process.getBuiltinModule('node:module').syncBuiltinESMExports()
}

function heardSoFar(): readonly Heard[] {
  return (globalThis as unknown as { heard?: readonly Heard[] }).heard ?? []
}

/** Collects from a whole run, again and again; each secret counts once. */
export class KeyCollector {
  readonly #secrets = new Map<string, Secret>()

  private constructor(
    private readonly app: App,
    private readonly heard: () => Promise<readonly Secret[]>,
  ) {}

  static async attach(app: App): Promise<KeyCollector> {
    return new KeyCollector(app, await overhear(app))
  }

  /** Takes down all keys that there are at this moment. */
  async collect(): Promise<void> {
    const revealed = [...(await revealInMain(this.app)), ...(await revealInClient(this.app.client))]
    for (const secret of [...revealed, ...(await this.heard())]) {
      const { name, bytes } = secret
      this.#secrets.set(`${name} ${Buffer.from(bytes).toString('hex')}`, secret)
    }
  }

  get secrets(): readonly Secret[] {
    return [...this.#secrets.values()]
  }

  /** How many different ones there are of each name. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { name } of this.secrets) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }
}

/** Whether nothing can be revealed any more: codes of the answers, each once. */
export async function codesOfRevealing(
  app: App,
  members: Readonly<Record<'authority' | 'server', readonly SecretMember[]>>,
): Promise<readonly string[]> {
  const codes = new Set<string>()
  for (const role of ROLES) {
    if (role === 'client') continue
    const key = role === 'authority' ? 'SK_CA' : 'SK_S'
    await press(app[role])
    codes.add((await ask(app[role], 'key:reveal', { key })).code ?? 'revealed')
    for (const asked of members[role]) {
      await press(app[role])
      codes.add((await ask(app[role], 'records:reveal', asked)).code ?? 'revealed')
    }
  }
  return [...codes].sort()
}
