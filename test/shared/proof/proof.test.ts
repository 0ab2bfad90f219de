/** What is in a proof, and what never is; that its lines hold is for test/integration/proof.test.ts. */
import { beforeAll, describe, expect, it } from 'vitest'
import { fromUtf8 } from '#shared/bytes'
import { ProtocolError } from '#shared/hl1/alerts'
import { closeFrame } from '#shared/hl1/close-frame'
import { accept, build, buildAlert } from '#shared/hl1/message'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { messageCommands, proofFiles, type ProofInput } from '#shared/proof/proof'
import { secretsOf, type ProofSecret } from '#shared/proof/secrets'
import { forgetSecrets, withoutSecrets } from '#shared/record/record'
import { K_BOOT } from '../../support/handshake'
import { entryOf, recordedRun, type RecordedRun } from '../../support/proof-records'

/** What a file's name may have. */
const SAFE = /^(?:(?:frames|keys|certificates|expected)\/)?[A-Za-z0-9][\w.-]*$/

function inputOf({ run, entries }: RecordedRun, more: Partial<ProofInput> = {}): ProofInput {
  return {
    entries,
    authorities: [run.authority.certificate.pem],
    rules: [{ from: 0, value: { maxAge: 10, bootstrapKey: K_BOOT } }],
    ...more,
  }
}

function everySecret({ run, entries }: RecordedRun): readonly ProofSecret[] {
  const { acceptor } = run.moments[6]
  const shared = acceptor.role === 'client' ? acceptor.modern?.shared : undefined
  return [
    ...secretsOf(entries),
    { is: 'private-key', symbol: 'SK_CA', pem: run.authority.keyPair.privateKey.pem },
    { is: 'private-key', symbol: 'SK_S', pem: run.server.privateKey.pem },
    ...(shared ? [{ is: 'key', symbol: 'Z', connection: 'second', value: shared } as const] : []),
  ]
}

describe.each(SUITE_NAMES)('a proof in suite %s', (suite) => {
  let recorded: RecordedRun
  beforeAll(async () => {
    recorded = await recordedRun(suite)
  })
  const scriptOf = async (input: ProofInput): Promise<string> => {
    const script = (await proofFiles(input)).find(({ name }) => name === 'verify.sh')
    return fromUtf8(script!.bytes)
  }

  it('has a line for every layer, object and derivation that the sheets have', async () => {
    const script = await scriptOf(inputOf(recorded, { secrets: everySecret(recorded) }))
    for (const step of STEP_NUMBERS) {
      const { layers, objects, derivations } = SUITES[suite].sheets[step]
      for (const { opensWith } of layers) expect(script).toContain(`step ${step}: opens with ${opensWith}`)
      for (const [symbol, by] of Object.entries(derivations))
        if (by.is === 'derived') expect(script).toContain(`step ${step}: ${symbol} is HKDF-SHA-256 of`)
        else if (by.is === 'agreement') expect(script).toContain(`step ${step}: ${symbol} is what `)
      for (const members of objects)
        expect(script).toContain(
          `exactly the recorded members (${members.map(({ name }) => name).join(', ')})`,
        )
    }
  })

  it('has the lines that the app shows for a message, letter by letter', async () => {
    const input = inputOf(recorded, { secrets: everySecret(recorded) })
    const script = await scriptOf(input)
    for (const { id, step } of recorded.entries) {
      const [, ...commands] = await messageCommands(
        { ...input, entries: input.entries.map(withoutSecrets) },
        id,
      )
      expect(commands.length, `step ${step}`).toBeGreaterThan(2)
      for (const { line } of commands) expect(script).toContain(`{ ${line}; }`)
    }
  })

  it('without secrets has none of those that its records hold', async () => {
    const files = await proofFiles(inputOf(recorded))
    const secrets = recorded.entries.flatMap(({ members }) => members.filter(({ secret }) => secret))
    expect(secrets.length).toBeGreaterThan(0)
    for (const { name, bytes, secret } of files) {
      expect(secret, name).toBe(false)
      for (const { value } of secrets) {
        const needle = value instanceof Uint8Array ? Buffer.from(value) : String(value).split('\n')[3]!
        expect(Buffer.from(bytes).includes(needle), name).toBe(false)
        if (value instanceof Uint8Array)
          expect(Buffer.from(bytes).includes(needle.toString('base64')), name).toBe(false)
      }
    }
  })

  it('says of each file whether it is secret', async () => {
    const files = await proofFiles(inputOf(recorded, { secrets: everySecret(recorded) }))
    const secret = files.filter((file) => file.secret).map(({ name }) => name)
    expect(secret).toContain('keys/SK_CA.pem')
    expect(secret).toContain('expected/01-step1.json')
    for (const { name } of files)
      if (/^(?:frames|certificates)|^keys\/(?:PK|K_boot)|^[A-Z]|sh$/.test(name))
        expect(secret).not.toContain(name)
  })

  it('is of the same name in full and in short records, and of safe names alone', async () => {
    const full = (await proofFiles(inputOf(recorded))).map(({ name }) => name)
    const short = await proofFiles(inputOf(recorded, { entries: recorded.entries.map(forgetSecrets) }))
    expect(short.map(({ name }) => name)).toEqual(full)
    for (const name of full) expect(name).toMatch(SAFE)
  })

  it('has nothing that a peer has chosen in a line, nor in a name', async () => {
    const { run, environment } = recorded
    const hostile = `pwned'; touch pwned; $(pwned) \`pwned\` "pwned"\npwned`
    const entries: Hl1Entry[] = [...recorded.entries]
    const [seven, eight] = [run.moments[7], run.moments[8]]
    const asked = await build(7, seven.builder as never, { request: hostile }, environment)
    const answered = await build(8, eight.builder as never, { data: hostile }, environment)
    entries.push(entryOf(asked.record), entryOf(answered.record))
    const values = { id_c: hostile, id_s: hostile, ts3: environment.now(), nonce_c: K_BOOT, share_c: K_BOOT }
    const { crypto, random } = environment
    const frame = await closeFrame(suite, 3, values, {
      key: () => K_BOOT,
      transcript: () => new Uint8Array(32),
      random,
      crypto,
    })
    const refusal: unknown = await accept(3, run.moments[3].acceptor as never, frame, environment).catch(
      (error: unknown) => error,
    )
    if (!(refusal instanceof ProtocolError)) throw refusal
    expect(refusal.code).toBe('malformed')
    entries.push(entryOf(refusal.record!))
    const alert = { code: 'malformed', step: 3, message: hostile } as const
    entries.push(entryOf(buildAlert({ role: 'server', suite }, alert, environment).record))
    const files = await proofFiles(inputOf({ ...recorded, entries }, { secrets: everySecret(recorded) }))
    for (const { name } of files) expect(name).toMatch(SAFE)
    for (const name of ['verify.sh', 'README.txt', 'SHA256SUMS'])
      expect(fromUtf8(files.find((file) => file.name === name)!.bytes)).not.toContain('pwned')
    for (const { id } of entries)
      for (const { line, purpose } of await messageCommands(inputOf({ ...recorded, entries }), id))
        expect(line + purpose).not.toContain('pwned')
  })

  it.each([
    ['no records', { entries: [] }, 'bad_argument'],
    ['an authority that is none', { authorities: ['none'] }, 'bad_certificate_text'],
    [
      'a private key that is none',
      { secrets: [{ is: 'private-key', symbol: 'SK_S', pem: 'none' }] },
      'bad_pem',
    ],
  ] as const)('can’t be made of %s', async (_what, change, code) => {
    await expect(proofFiles(inputOf(recorded, change as Partial<ProofInput>))).rejects.toMatchObject({ code })
  })

  it('shows no lines for a record that it does not have', async () => {
    await expect(messageCommands(inputOf(recorded), 'none')).rejects.toMatchObject({ code: 'unknown_record' })
  })
})

it('a half of a share that is none is refused', async () => {
  const recorded = await recordedRun('modern')
  const pem = recorded.run.server.privateKey.pem
  const secrets: readonly ProofSecret[] = [{ is: 'half', symbol: 'Share_C', connection: 'second', pem }]
  await expect(proofFiles(inputOf(recorded, { secrets }))).rejects.toMatchObject({ code: 'bad_private_key' })
})

describe('the secrets of records', () => {
  it('are those that they still hold, each once', async () => {
    const { entries } = await recordedRun('classic')
    const symbols = secretsOf(entries).map(({ symbol }) => symbol)
    expect(symbols).toEqual(['K_tmp1', 'SK_S', 'K_tmp2', 'K_sess'])
    expect(secretsOf([...entries, ...entries])).toEqual(secretsOf(entries))
    expect(secretsOf(entries.map(forgetSecrets))).toEqual([])
    const left = entries.map((entry) => (entry.role === 'server' ? forgetSecrets(entry) : entry))
    expect(secretsOf(left)).toEqual(secretsOf(entries))
  })
})
