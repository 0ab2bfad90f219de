/**
 * Runs over real sockets, proven by OpenSSL and a shell: with all secrets, with those that an app still has when a session is over, and
 * with none; honest runs, attacked ones, and hostile texts. Any file that is changed makes a claim fail that names it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AttackKeys } from '#main/adversary/attack-keys'
import { onStage } from '#main/adversary/stage'
import { ATTACKS } from '#shared/adversary/attacks'
import { encodeFrame, TYPE_ALERT } from '#shared/hl1/frame'
import { toUtf8 } from '#shared/bytes'
import { SUITE_NAMES, SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { messageCommands, proofFiles, type ProofInput } from '#shared/proof/proof'
import { secretsOf, type ProofSecret } from '#shared/proof/secrets'
import { forgetSecrets } from '#shared/record/record'
import { closeAdversaries, held, labWithAdversary } from '../support/adversary'
import { authorityCredentials } from '../support/credentials'
import { closeLabs } from '../support/lab'
import {
  provenRun,
  removeProofs,
  verify,
  verifyChanged,
  written,
  type ProvenRun,
  type Verified,
} from '../support/proof'
import { RawPeer } from '../support/raw-peer'
import { ALL, sample } from '../support/sample'

const NEVER = new AbortController().signal
afterAll(removeProofs)
afterEach(async () => {
  await closeAdversaries()
  await closeLabs()
})

/** Texts that a shell would do something with; what they would do leaves a file. */
const HOSTILE = [
  `'; touch PWNED; '`,
  '$(touch PWNED) `touch PWNED` ${x} "; touch PWNED; "',
  `\\'; touch PWNED #\n&& touch PWNED\r\n\u0000%s%n\\0`,
  '"k_sess":"AAAA","req":"x"} <<END\nEND\ntouch PWNED',
  '\u202e☃ ½ \ud83d\ude00',
]

async function proven(input: ProofInput, shell?: string): Promise<Verified & { readonly folder: string }> {
  const folder = written(await proofFiles(input))
  const found = await verify(folder, shell)
  expect(found.failed, found.all).toEqual([])
  expect(found.code, found.all).toBe(0)
  expect(found.last).toBe(`${found.ok.length} claims hold, 0 fail, ${found.skipped.length} skipped`)
  expect(everyFile(folder).filter((name) => name.includes('PWNED'))).toEqual([])
  expect(existsSync('PWNED')).toBe(false)
  return { ...found, folder }
}

const everyFile = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  let run: ProvenRun
  beforeAll(async () => {
    run = await provenRun(suite, async (_lab, opened) => {
      const client = await opened()
      for (const text of ['hello', ...HOSTILE]) expect(await client.request(`echo ${text}`)).toBe(text)
    })
  })

  it('with every secret all is claimed, and nothing is skipped', async () => {
    const { skipped, ok } = await proven({ ...run.input, secrets: run.all })
    expect(skipped).toEqual([])
    for (const step of [1, 2, 3, 4, 5, 6])
      expect(ok.some((line) => line.startsWith(`step ${step}: opens with `) || step === 3)).toBe(true)
    if (suite === 'modern') {
      expect(ok).toContain(
        'step 4: Z is what Share_C and Share_S lead to (ECDH on P-256), with the half of Share_S',
      )
      expect(ok.filter((line) => line.includes('its tag fits'))).toHaveLength(
        3 + 2 + 2 * (1 + HOSTILE.length),
      )
    }
  })

  it('with what an app has left when the session is over, the rest is skipped by the key that it wants', async () => {
    const input = { ...run.input, entries: run.forgotten, secrets: run.left }
    const { skipped, ok } = await proven(input, 'bash')
    expect(ok).toContain('step 1: k_tmp1 is the K_tmp1 of the folder')
    if (suite === 'classic') {
      // Without forward secrecy the server's key opens all of it again.
      expect(skipped).toEqual([])
      expect(ok).toContain('step 6: k_sess is the K_sess of the folder')
    } else {
      expect(skipped).toContain('step 6: opens with K_6, for want of K_6: both ends had forgotten it')
      expect(ok).toContain(
        'step 4: proof: the signature of SK_S (RSASSA-PSS with SHA-256, salt of 32 bytes) verifies',
      )
    }
  })

  it('with no secret it claims what everybody can see, and gives none away', async () => {
    const files = await proofFiles(run.input)
    expect(files.filter(({ secret }) => secret)).toEqual([])
    const { skipped, ok } = await proven(run.input)
    const key = suite === 'classic' ? 'SK_S' : 'K_hs'
    const why = `for want of ${key}: this folder was made without secrets`
    expect(skipped).toContain(`step 5: opens with ${key}, ${why}`)
    expect(ok.some((line) => /x509_s is the authority’s/.test(line))).toBe(true)
    const signature =
      suite === 'classic' ? 'step 2: cert_s: the signature of SK_CA' : 'step 4: proof: the signature of SK_S'
    expect(ok.some((line) => line.startsWith(signature))).toBe(true)
    for (const secret of run.all) {
      const needle = 'pem' in secret ? toUtf8(secret.pem.split('\n')[2]!) : secret.value
      for (const { name, bytes } of files)
        expect(Buffer.from(bytes).includes(Buffer.from(needle)) && name).toBe(false)
    }
  })

  it('a secret that is not the run’s is shown as it was kept, and fails', async () => {
    const symbol = suite === 'classic' ? 'K_tmp2' : 'K_6'
    const secrets = run.all.map((secret): ProofSecret =>
      secret.is === 'key' && secret.symbol === symbol
        ? { ...secret, value: secret.value.map((byte) => byte ^ 2) }
        : secret,
    )
    const found = await verify(written(await proofFiles({ ...run.input, secrets })))
    expect(found.code).toBe(1)
    expect(
      found.failed.some((line) => line.includes(`keys/connection2-${symbol}.bin`)),
      found.all,
    ).toBe(true)
  })

  it('the lines for a message, as the app shows them, run in the folder', async () => {
    const folder = written(await proofFiles({ ...run.input, secrets: run.all }))
    const script = readFileSync(join(folder, 'verify.sh'), 'utf8')
    const records = sample('messages', run.input.entries, 12, ({ step }) => String(step % 2))
    for (const { id, step } of records) {
      const commands = await messageCommands(run.input, id)
      expect(commands.length, `step ${step}`).toBeGreaterThan(3)
      for (const { line } of commands.slice(1)) expect(script).toContain(`{ ${line}; }`)
      const lines = commands.map(({ line }) => `{ ${line}\n} >/dev/null || { echo FAILED; exit 1; }`)
      const output = await new Promise((resolve) =>
        execFile('sh', ['-c', lines.join('\n')], { cwd: folder }, (error, out, err) =>
          resolve([error?.code, out + err]),
        ),
      )
      expect(output, lines.join('\n')).toEqual([undefined, ''])
    }
  })
})

describe.each(SUITE_NAMES)('a file that was changed, in suite %s', (suite) => {
  let folder: string
  let files: readonly string[]
  beforeAll(async () => {
    const run = await provenRun(suite, async (_lab, opened) => {
      await (await opened()).request('time')
    })
    folder = written(await proofFiles({ ...run.input, secrets: run.all }))
    files = everyFile(folder)
  })
  const lengthOf = (name: string): number => readFileSync(join(folder, name)).length

  it.each(['certificates', 'expected', 'frames', 'keys'])(
    'of %s is told by a claim about that very file, even where its sum was made to fit',
    async (kind) => {
      const cases = files
        .filter((name) => name.startsWith(`${kind}/`))
        .flatMap((name) => [0, 0.5, 1].map((part) => ({ name, at: Math.floor(part * (lengthOf(name) - 1)) })))
      const some = sample(`changed ${kind} in ${suite}`, cases, 250, ({ name }) => name.replace(/^.*\./, ''))
      for (const changed of some) {
        const { code, failed, all } = await verifyChanged(folder, changed, true)
        const what = `byte ${changed.at} of ${changed.name}\n${all}`
        expect(code, what).toBe(1)
        expect(
          failed.filter((line) => line.includes(changed.name)),
          what,
        ).not.toEqual([])
      }
    },
    3_600_000,
  )

  it('is told by its sum where nothing else would', async () => {
    for (const name of ALL ? files : ['README.txt', 'SHA256SUMS', 'verify.sh']) {
      const inComment = readFileSync(join(folder, name)).indexOf('Does every step')
      const at = name === 'verify.sh' ? inComment : lengthOf(name) - 1
      const { code, failed } = await verifyChanged(folder, { name, at }, false)
      expect(code, name).toBe(1)
      expect(
        failed.some((line) => line.includes('SHA256SUMS') && line.includes(name)),
        name,
      ).toBe(true)
    }
  }, 3_600_000)

  it('is told by the tag alone where nothing but the tag was changed', async () => {
    if (suite === 'classic') return
    const name = files.find((each) => each.startsWith('frames/07-'))!
    const { failed } = await verifyChanged(folder, { name, at: lengthOf(name) - 1 }, true)
    expect(failed).toEqual([
      expect.stringMatching(/^step 7: its tag fits K_c2s, .*frames\/07-step7-client-server\.bin/),
    ])
  })

  it('and a script that was cut off does not succeed', async () => {
    const path = join(folder, 'verify.sh')
    const whole = readFileSync(path, 'utf8')
    try {
      for (const part of [0.3, 0.9, 0.999]) {
        writeFileSync(path, whole.slice(0, Math.floor(whole.length * part)))
        expect((await verify(folder)).code).not.toBe(0)
      }
    } finally {
      writeFileSync(path, whole)
    }
  })
})

describe('runs of many kinds', () => {
  it.each(SUITE_NAMES)('several connections, clients and registrations, in suite %s', async (suite) => {
    const run = await provenRun(suite, async (lab, opened) => {
      const [one, two] = await Promise.all([opened(), opened({ clientIdentity: 'ID-Other' })])
      await Promise.all([one.request('time'), two.request('whoami')])
      await lab.register()
      await (await opened()).request('bytes 100000')
    })
    // An authority that came long after the first message, with another key.
    const later = await authorityCredentials(Date.now() + 90 * 60_000, 'stranger')
    const authorities = [...run.input.authorities, later.certificate.pem]
    const { ok, skipped } = await proven({ ...run.input, authorities, secrets: run.all })
    expect(ok).toContain('SK_S belongs to certificates/x509_s-2.pem')
    expect(ok).toContain('the authority’s certificate certificates/authority-2.pem has its own signature')
    expect(ok.some((line) => line.startsWith('step 7 (message '))).toBe(true)
    // Halves of shares are kept here for one connection alone.
    expect(skipped.every((line) => line.includes('the secret halves of the shares'))).toBe(true)
  })

  it('a client of someone else whose texts are hostile, and records of one end alone', async () => {
    for (const suite of SUITE_NAMES) {
      const run = await provenRun(suite, async ({ addresses, connect }) => {
        for (const text of HOSTILE) {
          const peer = await RawPeer.connect(addresses.server.port)
          const alert = toUtf8(JSON.stringify({ code: 'malformed', step: 4, message: text }))
          peer.socket.write(encodeFrame(TYPE_ALERT, SUITES[suite].byte, alert))
          await peer.socket.end()
          const other = await RawPeer.connect(addresses.server.port)
          const members = JSON.stringify({ id_s: text, id_c: text, [text]: text, ts3: Date.now() })
          other.socket.write(encodeFrame(3, SUITES[suite].byte, toUtf8(members)))
          await new Promise((resolve) => other.socket.once('close', resolve).end())
        }
        const client = await connect()
        await client.open()
      })
      const { ok } = await proven({ ...run.input, secrets: run.all })
      expect(ok.some((line) => line.startsWith('alert (message'))).toBe(true)
      const own = run.input.entries.filter(({ role }) => role === 'client')
      await proven({ ...run.input, entries: own.map(forgetSecrets), secrets: run.left })
    }
  })
})

describe('with somebody in between', () => {
  it.each(SUITE_NAMES)('a frame that was changed is proven as it came, in suite %s', async (suite) => {
    const made = await labWithAdversary({ suite })
    const { adversary, lab, told } = made
    await lab.register()
    adversary.setRule({ hold: 'all', step: 5, patient: true })
    const records: Hl1Entry[] = []
    const client = await lab.roles.connect(NEVER)
    const opening = client.open().catch(() => undefined)
    const { id, length } = await held(adversary, 5)
    await adversary.flip(id, length - 1, 0)
    adversary.pass(id)
    await opening
    records.push(...told)
    const secrets: readonly ProofSecret[] = [
      { is: 'private-key', symbol: 'SK_CA', pem: lab.authority.credentials!.keyPair.privateKey.pem },
      { is: 'private-key', symbol: 'SK_S', pem: lab.server.credentials!.privateKey.pem },
    ]
    const { settings } = made
    const { ok } = await proven({
      entries: records,
      authorities: [lab.authority.certificate!.pem],
      rules: [{ from: 0, value: { maxAge: settings.current.maxAge } }],
      secrets,
    })
    expect(ok).toContain(
      'step 5, refused as decrypt_failed: the frame that was sent is another one, so somebody has changed it on the way',
    )
    if (suite === 'classic')
      expect(ok).toContain(
        'step 5, refused as decrypt_failed: does not open with SK_S (RSAES-OAEP, SHA-1, MGF1-SHA-1)',
      )
  })

  const cases = SUITE_NAMES.flatMap((suite) =>
    ATTACKS.filter(({ notIn }) => notIn?.[suite] === undefined).map((attack) => ({ suite, attack })),
  )
  let keys: AttackKeys
  beforeAll(async () => {
    keys = await AttackKeys.make()
  })
  it.each(
    sample('attacked runs', cases, 42, ({ suite }) => suite).map((each) => ({
      ...each,
      name: each.attack.id,
    })),
  )(
    'what came of $name in suite $suite can be proven',
    async ({ attack, suite }: { readonly attack: (typeof ATTACKS)[number]; readonly suite: SuiteName }) => {
      const given = await onStage(
        { suite, without: new Set(), attack, keys, signal: NEVER },
        async (stage, evidence) => {
          await attack.run(stage)
          await stage.settle()
          return { records: evidence().records, stage, leaks: stage.leaks.authority().keyPair.privateKey.pem }
        },
      )
      const { records, stage, leaks } = given
      await proven({
        entries: records,
        authorities: [stage.trustAnchor.pem],
        rules: [{ from: 0, value: { maxAge: stage.settings.maxAge, bootstrapKey: stage.kBoot } }],
        secrets: [...secretsOf(records), { is: 'private-key', symbol: 'SK_CA', pem: leaks }],
      })
    },
  )
})
