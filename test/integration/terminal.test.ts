/** `npm run handshake` as a program: what it prints, writes and exits with. */
import { access, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openssl } from '../support/open-ssl'
import { occupy } from '../support/ports'
import { RawPeer } from '../support/raw-peer'
import { faultsOf, textOf } from '../support/report'
import { buildTerminal, endProgram, runProgram, startProgram, type Ended } from '../support/terminal-program'

let built: Awaited<ReturnType<typeof buildTerminal>>
beforeAll(async () => {
  built = await buildTerminal()
})
afterAll(() => built.remove())

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-terminal-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const FREE_PORTS = ['--ca-port', '0', '--server-port', '0']
const handshake = (...args: readonly string[]): Promise<Ended> =>
  runProgram(process.execPath, [built.program, ...FREE_PORTS, ...args], { cwd: folder })

/** A record as `--json` prints it. */
interface JsonRecord {
  readonly id: string
  readonly step: number
  readonly role: string
  readonly direction: string
  readonly frame: string
  readonly outcome: { readonly ok: boolean }
  readonly members: readonly { readonly name: string; readonly value: unknown }[]
  readonly checks: readonly { readonly result: string }[]
}

const records = ({ stdout }: Ended): JsonRecord[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonRecord)

describe('without options', () => {
  it('runs all eight steps, says what each side sees, and that every check passed: exit code 0', async () => {
    const { code, stdout, stderr } = await handshake()
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const messages = [...stdout.matchAll(/^\[(.*?)\] (sends|receives) step (\d):/gm)].map(
      ([, who, verb, step]) => `${who} ${verb} ${step}`,
    )
    expect(messages).toEqual([
      'Application Server sends 1',
      'Certificate Authority receives 1',
      'Certificate Authority sends 2',
      'Application Server receives 2',
      'Client sends 3',
      'Application Server receives 3',
      'Application Server sends 4',
      'Client receives 4',
      'Client sends 5',
      'Application Server receives 5',
      'Application Server sends 6',
      'Client receives 6',
      'Client sends 7',
      'Application Server receives 7',
      'Application Server sends 8',
      'Client receives 8',
    ])
    expect(stdout).toMatch(/^Answer to “time”: \d{4}-\d\d-\d\dT/m)
    expect(stdout).toMatch(/\nEvery check passed\.\n$/)
    expect(stdout).not.toContain('REFUSED')
    const checks = [...stdout.matchAll(/^ {4}check {5}(\S+(?: made)?)/gm)].map(([, result]) => result)
    expect(checks.length).toBeGreaterThan(30)
    expect(new Set(checks)).toEqual(new Set(['passed']))
  })

  it('writes no file', async () => {
    await handshake()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('--request', () => {
  it('can be given several times, and each gets its answer', async () => {
    const { code, stdout } = await handshake(
      '--request',
      'echo größer € 𝄞',
      '--request=whoami',
      '--request',
      'hm',
    )
    expect(code).toBe(0)
    expect(stdout).toContain('Answer to “echo größer € 𝄞”: größer € 𝄞\n')
    expect(stdout).toMatch(/^Answer to “whoami”: ID-Client at 127\.0\.0\.1:\d+, session age \d/m)
    expect(stdout).toContain('Answer to “hm”: Unknown request.')
  })

  it('may ask for as much as the protocol carries', async () => {
    const { code, stdout } = await handshake('--json', '--request', 'bytes 524288')
    expect(code).toBe(0)
    expect(stdout.length).toBeGreaterThan(1_000_000)
  })
})

describe('--json', () => {
  it('prints one record a line and nothing else, two for each message', async () => {
    const run = await handshake('--json', '--request', 'time', '--request', 'whoami')
    expect(run.code).toBe(0)
    const all = records(run)
    const steps = [1, 2, 3, 4, 5, 6, 7, 8, 7, 8]
    expect(all.map(({ step }) => step)).toEqual(steps.flatMap((step) => [step, step]))
    expect(all.map(({ direction }) => direction)).toEqual(steps.flatMap(() => ['sent', 'received']))
    for (let index = 0; index < all.length; index += 2) {
      expect(all[index]!.frame).toBe(all[index + 1]!.frame)
      expect(all[index]!.frame).toMatch(/^[0-9a-f]{16,}$/)
      expect(all[index]!.members).toEqual(all[index + 1]!.members)
    }
    expect(
      all.every(({ outcome, checks }) => outcome.ok && checks.every(({ result }) => result === 'passed')),
    ).toBe(true)
    expect(run.stderr).toContain('Every check passed.')
  })
})

describe('--lifetime and --max-age', () => {
  it('are what the session gets', async () => {
    const run = await handshake('--json', '--lifetime', '100', '--max-age', '3600')
    const lifetime = records(run)
      .find(({ step }) => step === 6)
      ?.members.find(({ name }) => name === 'lifetime_sess')
    expect(lifetime?.value).toBe(100)
  })
})

describe('--out', () => {
  it('exports everything, and OpenSSL verifies it', async () => {
    const out = join(folder, 'keys')
    const { code, stdout } = await handshake('--out', out)
    expect(code).toBe(0)
    expect(stdout).toContain(`Exported to ${out}:`)
    const names = await readdir(out)
    const certificates: string[] = []
    for (const name of names) {
      const content = await readFile(join(out, name), 'utf8')
      if (content.startsWith('-----BEGIN CERTIFICATE-----')) certificates.push(name)
      if (/PRIVATE KEY/.test(content)) expect((await stat(join(out, name))).mode & 0o777, name).toBe(0o600)
    }
    const authority = certificates.find((name) => /^ca/.test(name))!
    const server = certificates.find((name) => /^server/.test(name))!
    const judged = await openssl([
      'verify',
      '-x509_strict',
      '-no-CApath',
      '-no-CAstore',
      '-purpose',
      'sslserver',
      '-verify_ip',
      '127.0.0.1',
      '-CAfile',
      join(out, authority),
      join(out, server),
    ])
    expect(judged.output).toContain(': OK')
    expect(judged.ok).toBe(true)
  })

  it('replaces no file without being told to: exit code 1, and everything is as it was', async () => {
    const out = join(folder, 'keys')
    expect((await handshake('--out', out)).code).toBe(0)
    const before = await contents(out)
    const refused = await handshake('--out', out)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/^export_exists: /)
    expect(refused.stdout).not.toContain('Every check passed.')
    expect(await contents(out)).toEqual(before)
    expect((await handshake('--out', out, '--replace')).code).toBe(0)
    const after = await contents(out)
    expect(Object.keys(after)).toEqual(Object.keys(before))
    expect(after).not.toEqual(before)
  })

  it('into a folder that can’t be made is refused: exit code 1', async () => {
    const { code, stderr } = await handshake('--out', join(folder, 'not', 'there'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^export_folder_missing: /)
  })
})

async function contents(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path)).sort()
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'latin1')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

describe('--trial', () => {
  const trial = (...args: readonly string[]): Promise<Ended> =>
    runProgram(process.execPath, [built.program, '--trial', ...args], { cwd: folder })

  it('prints the table of a lifetime trial, and that all is as the protocol demands: exit code 0', async () => {
    const { code, stdout, stderr } = await trial('10,60,100', '--simulated')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Lifetime trial: 10, 60, 100 s, suite classic, simulated clock\.\n/)
    const rows = [...stdout.matchAll(/^ +(\d+) s {2}(.{14}) +([\d.]+) +([\d.]+) +([\d.]+) {2}(.+)$/gm)]
    expect(rows).toHaveLength(21)
    const of60 = rows
      .filter(([, lifetime]) => lifetime === '60')
      .map(([, , , , sent, , outcome]) => `${sent} ${outcome}`)
    expect(of60).toEqual([
      '15.000 accepted',
      '30.000 accepted',
      '45.000 accepted',
      '60.000 accepted',
      '60.001 refused: session_expired',
      '63.000 refused: session_expired',
      '66.000 refused: session_expired',
    ])
    expect(stdout).toMatch(/\n12 accepted, 9 refused\. All as section 5 of the protocol demands\.\n$/)
  })

  it('with --json prints one row a line and nothing else, in either suite', async () => {
    const { code, stdout, stderr } = await trial('5', '--simulated', '--json', '--suite', 'modern')
    expect(code).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows).toHaveLength(7)
    expect(rows[3]).toEqual({
      lifetime: 5,
      phase: 'at',
      planned: 5_000,
      outcome: { is: 'accepted', session: 1, sent: 5_000, answered: 5_000 },
      asDemanded: true,
      suite: 'modern',
      clock: 'simulated',
    })
    expect(rows[4]).toMatchObject({ planned: 5_001, outcome: { is: 'refused', code: 'session_expired' } })
    expect(stderr).toContain('All as section 5 of the protocol demands.')
  })

  it('in real time prints each row when it is there, and ends on an interrupt: exit code 1', async () => {
    const running = startProgram(process.execPath, [built.program, '--trial', '1,600'])
    try {
      await running.line((line) => line.includes('refused: session_expired'))
      running.child.kill('SIGINT')
      const { code, stdout, stderr } = await running.ended
      expect(code).toBe(1)
      expect(stderr).toBe('interrupted: The run was interrupted.\n')
      expect(stdout).not.toContain('All as section 5')
    } finally {
      await endProgram(running)
    }
  })

  it.each([
    [['10,x'], '“x” is not a lifetime. A lifetime is a whole number of seconds from 1 to 86,400.'],
    [['0'], 'A lifetime is a whole number of seconds from 1 to 86,400.'],
    [['10', '--serve'], '--serve has no meaning with --trial'],
  ])('%j is a wrong option: exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await trial(...args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })
})

describe('a wrong option', () => {
  it.each([
    [['--colour'], '--colour'],
    [['--lifetime', '0'], 'The session lifetime in seconds is at least 1.'],
    [['--lifetime', 'x'], '--lifetime takes a whole number, not “x”.'],
    [['--suite', 'rot13'], 'The suite is one of'],
    [['extra'], 'extra'],
    [['--out'], '--out'],
  ])('%j is said with the help on stderr: exit code 2, and nothing was done', async (args, message) => {
    const { code, stdout, stderr } = await handshake(...args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).toContain('Usage: npm run handshake -- [options]')
  })

  it('--help is none', async () => {
    const { code, stdout, stderr } = await handshake('--help')
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: npm run handshake -- [options]')
    expect(stderr).toBe('')
  })
})

describe('a port that is in use', () => {
  it.each(['--ca-port', '--server-port'])('for %s is named with a free one: exit code 1', async (option) => {
    const { port, stop } = await occupy()
    try {
      const { code, stdout, stderr } = await handshake(option, String(port))
      expect(code).toBe(1)
      expect(stderr).toMatch(
        new RegExp(`^port_in_use: Port ${port} is in use by another program\\. Port \\d+ is free\\.\\n$`),
      )
      expect(stdout).not.toContain('sends step')
    } finally {
      await stop()
    }
  })
})

describe('a check that fails', () => {
  it('has its code and step on stderr: exit code 1', async () => {
    // A session of one second, and more requests than fit into it.
    const requests = Array.from({ length: 400 }, () => ['--request', 'bytes 524288']).flat()
    const { code, stdout, stderr } = await handshake('--lifetime', '1', ...requests)
    expect(stderr).toMatch(/^session_expired at step 7: .+\n$/)
    expect(code).toBe(1)
    expect(stdout).not.toContain('Every check passed.')
  })
})

describe('--serve', () => {
  it('says on its first line where it serves and whom to trust, until it is told to end', async () => {
    const serving = startProgram(process.execPath, [built.program, ...FREE_PORTS, '--serve'])
    try {
      const first = await serving.line(() => true)
      const { authority, server, trustAnchor } = JSON.parse(first) as {
        authority: { port: number }
        server: { port: number }
        trustAnchor: string
      }
      expect(Object.keys(JSON.parse(first) as object)).toEqual(['authority', 'server', 'trustAnchor'])
      expect(first).toMatch(
        /^\{"authority":\{"port":\d+\},"server":\{"port":\d+\},"trustAnchor":".*\/ca\.pem"\}$/,
      )
      expect(authority.port).not.toBe(server.port)
      expect(await readFile(trustAnchor, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
      expect((await openssl(['x509', '-noout', '-subject', '-in', trustAnchor])).output).toMatch(/ID-CA/)
      await serving.line((line) => line.includes('receives step 2'))
      expect(serving.child.exitCode).toBeNull()

      const told = Date.now()
      serving.child.kill('SIGTERM')
      const { code } = await serving.ended
      expect(code).toBe(0)
      expect(Date.now() - told).toBeLessThan(2_000)
      await expect(access(dirname(trustAnchor))).rejects.toMatchObject({ code: 'ENOENT' })
    } finally {
      await endProgram(serving)
    }
  })

  it('ends the same way on an interrupt from the keyboard, with connections open', async () => {
    const serving = startProgram(process.execPath, [built.program, ...FREE_PORTS, '--serve', '--json'])
    try {
      const { server, trustAnchor } = JSON.parse(await serving.line(() => true)) as {
        server: { port: number }
        trustAnchor: string
      }
      // At once: who reads the first line can count on a server that is registered.
      const peer = await RawPeer.connect(server.port)
      await new Promise((resolve) => setTimeout(resolve, 200))
      serving.child.kill('SIGINT')
      expect((await serving.ended).code).toBe(0)
      await peer.end()
      peer.close()
      await expect(access(trustAnchor)).rejects.toMatchObject({ code: 'ENOENT' })
    } finally {
      await endProgram(serving)
    }
  })
})

describe.runIf(process.platform === 'linux')('a place without room', () => {
  const run = (shell: string, ...args: readonly string[]) =>
    runProgram('/bin/sh', ['-c', shell, process.execPath, built.program, ...FREE_PORTS, ...args])

  it.each([[], ['--json'], ['--serve'], ['--help']])(
    'for the output is named: exit code 1 (%s)',
    async (...args) => {
      const { code, stderr } = await run('exec "$0" "$@" > /dev/full', ...args)
      expect(stderr).toMatch(
        /^output_not_written: There is no room left for the output: .*run it again\.\n$/m,
      )
      expect(code).toBe(1)
    },
  )

  it('for what goes to standard error is none of the run’s matter', async () => {
    const { code, stdout } = await run('exec "$0" "$@" 2> /dev/full', '--json')
    expect(code).toBe(0)
    expect(stdout.trim().split('\n').length).toBeGreaterThan(8)
  })

  it('for the export is named, and nothing is left of it', async () => {
    // A disk of its own, smaller than any file, for this program alone.
    const script = `mount -t tmpfs -o size=4k,nr_inodes=20 none '${folder}' && printf x > '${folder}/other' && exec "$0" "$@"`
    const args = [
      '--mount',
      'sh',
      '-c',
      script,
      process.execPath,
      built.program,
      ...FREE_PORTS,
      '--out',
      folder,
    ]
    const { code, stderr } = await runProgram('unshare', args)
    if (/unshare|mount:/.test(stderr)) return
    expect(stderr).toContain(`export_disk_full: There is no room left in ${folder}. No file was changed.`)
    expect(code).toBe(1)
  })

  it('for temporary files, which --serve needs, is named', async () => {
    const env = { ...process.env, TMPDIR: '/none' }
    const { code, stderr } = await runProgram(process.execPath, [built.program, ...FREE_PORTS, '--serve'], {
      env,
    })
    expect(stderr).toContain('temporary_folder_not_usable: The folder for temporary files, /none, ')
    expect(code).toBe(1)
  })
})

describe('an interrupt while it runs', () => {
  it('ends the run: exit code 1', async () => {
    const requests = Array.from({ length: 400 }, () => ['--request', 'bytes 524288']).flat()
    const running = startProgram(process.execPath, [built.program, ...FREE_PORTS, ...requests])
    try {
      await running.line((line) => line.includes('receives step 8'))
      running.child.kill('SIGINT')
      const { code, stderr } = await running.ended
      expect(code).toBe(1)
      expect(stderr).toBe('interrupted: The run was interrupted.\n')
    } finally {
      await endProgram(running)
    }
  })

  it('of its output, by whoever reads it, ends it too', async () => {
    const { code } = await runProgram('/bin/sh', [
      '-c',
      `"$0" "$1" ${FREE_PORTS.join(' ')} --json --request 'bytes 524288' --request 'bytes 524288' | head -n 1 >/dev/null`,
      process.execPath,
      built.program,
    ])
    expect(code).toBe(0)
  })
})

describe('--report', () => {
  it('writes a run as one page of HTML, and that of one that was kept; nothing is replaced, and keys only with --secrets', async () => {
    const made = await handshake(
      '--suite',
      'modern',
      '--report',
      'run',
      '--save',
      'kept.hlrun',
      '--secrets',
      '--bytes',
    )
    expect(made.stderr).toBe('')
    expect(made.code).toBe(0)
    expect(made.stdout).toContain('Report written to run.html.')
    const html = await readFile(join(folder, 'run.html'), 'utf8')
    expect(faultsOf(html)).toEqual([])
    expect(html).toContain('PRIVATE KEY')
    expect(html).toContain('Appendix: every byte')
    expect((await stat(join(folder, 'run.html'))).mode & 0o777).toBe(0o600)

    const open = (...args: readonly string[]): Promise<Ended> =>
      runProgram(process.execPath, [built.program, '--open', 'kept.hlrun', ...args], { cwd: folder })
    const opened = await open('--report', 'opened.html')
    expect(opened.code).toBe(0)
    const text = textOf(await readFile(join(folder, 'opened.html'), 'utf8'))
    expect(text).toContain('the run kept.hlrun, saved ')
    expect(text).toContain('Step 8: Data')
    expect(text).not.toContain('PRIVATE KEY')
    const again = await open('--report', 'opened.html')
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^export_exists: /)
    for (const refused of [await open('--report', 'opened.PDF'), await handshake('--report', 'run.pdf')]) {
      expect(refused.code).toBe(1)
      expect(refused.stderr).toMatch(/^pdf_needs_the_app: /)
      expect(refused.stdout).toBe('')
    }
  })
})

describe('--attacks', () => {
  const attacks = (...args: readonly string[]): Promise<Ended> =>
    runProgram(process.execPath, [built.program, '--attacks', ...args], { cwd: folder })

  it('with --json prints a run a line, each as docs/attacks.md says: exit code 0', async () => {
    const { code, stdout, stderr } = await attacks('--suite', 'classic', '--without', 'freshness', '--json')
    expect(stderr).toMatch(/^47 runs in [\d.]+ s\.\nAll as docs\/attacks\.md says\.\n$/)
    expect(code).toBe(0)
    const cells = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(cells).toHaveLength(47)
    expect(
      cells.every(({ asExpected, without }) => asExpected === true && String(without) === 'freshness'),
    ).toBe(true)
    const late = cells.find(({ attack }) => attack === 'deliver-late')
    expect(late).toMatchObject({ suite: 'classic', outcome: { is: 'succeeded' } })
  })

  it('with --csv prints a table', async () => {
    const { code, stdout } = await attacks('--suite', 'modern', '--without', 'proof', '--csv')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split(/\r?\n/)
    expect(lines[0]).toBe('attack,suite,without,outcome,check,step,code,milliseconds,as expected')
    expect(lines).toHaveLength(48)
  })

  it.each([
    [['--without', 'decryption'], 'There is no defence “decryption” to be taken away'],
    [['--serve'], '--serve has no meaning with --attacks'],
    [['--json', '--csv'], 'Choose one of --json and --csv.'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await attacks(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
