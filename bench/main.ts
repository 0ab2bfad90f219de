/** `npm run bench`: measures, prints a table, writes bench/results.json. Every comparison is a ratio within one run. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { ATTACKERS, measureAttacks } from './attacks'
import { measureStart, type Runtime, type StartComparison } from './app'
import { contender, handshake, startHost, startTls, type Host } from './contenders'
import { measureJournal, measureSessions } from './growth'
import { measureMatrix } from './matrix'
import { race, type Contender, type Spread, type Timing } from './measure'
import { startPythonPeers } from './python'
import { measureRegistration } from './registration'
import { measureServing } from './serving'
import { measureTransfer } from './transfer'

const AT_ONCE = [1, 8, 64]
const SIZES = [1_024, 65_536, 524_288]
const SESSIONS = [1, 10, 100, 1_000]
const RECORDS = [1_000, 10_000, 100_000]
/** Honest clients during each attack. */
const VISITS = 40

const SECTIONS = [
  'handshakes',
  'serving',
  'registrations',
  'transfers',
  'attacks',
  'matrix',
  'sessions',
  'journal',
  'start',
  'sizes',
] as const
type Section = (typeof SECTIONS)[number]

/** What the script that builds and starts this hands over. */
interface Given {
  readonly root: string
  /** Undefined where there is no display and no Electron to start. */
  readonly electron: Runtime | undefined
  /** One round of everything, to see that it works. */
  readonly brief: boolean
  /** Names of the sections to measure; none for all. */
  readonly only: readonly string[]
}

const given = JSON.parse(process.env['HANDSHAKE_LAB_BENCH'] ?? '{}') as Given
const rounds = given.brief ? 1 : 15
const unknown = given.only.filter((name) => !SECTIONS.some((section) => section === name))
if (unknown.length > 0) {
  process.stderr.write(`There is no section ${unknown.join(', ')}. There are ${SECTIONS.join(', ')}.\n`)
  process.exit(2)
}
const wants = (section: Section): boolean => given.only.length === 0 || given.only.includes(section)

const results = {
  date: new Date().toISOString(),
  machine: {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim(),
  },
  versions: { node: process.versions.node, openssl: process.versions.openssl, v8: process.versions.v8 },
  handshakes: wants('handshakes') ? await measureHandshakes() : [],
  serving: [] as Awaited<ReturnType<typeof measureServing>>[],
  registrations: [] as Awaited<ReturnType<typeof measureRegistration>>[],
  transfers: {} as Record<string, Awaited<ReturnType<typeof measureTransfer>>>,
  attacks: [] as Awaited<ReturnType<typeof measureAttacks>>[number][],
  matrix: wants('matrix') ? await measureMatrix(given.root, given.brief) : undefined,
  sessions: wants('sessions') ? await measureSessions(SESSIONS) : [],
  journal: wants('journal') ? await measureJournal(RECORDS) : [],
  starts: wants('start') && given.electron ? await measureStarts(given.electron) : [],
  sizes: wants('sizes') ? measureSizes(given.root) : {},
}
for (const suite of SUITE_NAMES) {
  if (wants('registrations')) results.registrations.push(await measureRegistration(suite, rounds))
  if (wants('serving')) {
    const program = join(given.root, 'out/main/handshake.js')
    results.serving.push(await measureServing(given.root, program, suite, given.brief ? 5 : 400))
  }
  if (wants('attacks')) results.attacks.push(...(await measureAttacks(suite, given.brief ? 2 : VISITS)))
  if (!wants('transfers')) continue
  const host = await startHost(suite)
  results.transfers[suite] = await measureTransfer(host, SIZES, rounds)
  await host.stop()
}
if (!given.brief && given.only.length === 0)
  writeFileSync(join(given.root, 'bench/results.json'), `${JSON.stringify(results, rounded, 2)}\n`)
print()
process.exit(0)

async function measureHandshakes(): Promise<
  readonly { readonly atOnce: number; readonly timings: readonly Timing[] }[]
> {
  const hosts = { classic: await startHost('classic'), modern: await startHost('modern') }
  const tls = await startTls(hosts.classic)
  const pythons = await Promise.all(
    SUITE_NAMES.map((suite) => startPythonPeers(given.root, suite, hosts[suite])),
  )
  const measured = []
  for (const atOnce of AT_ONCE) {
    const contenders: Contender[] = [
      contender('TLS 1.3 of Node', tls.handshake, atOnce),
      ...SUITE_NAMES.map((suite) => contender(suite, () => handshake(hosts[suite]), atOnce)),
      ...pythons.map(({ suite, handshake: once }) => contender(`${suite}, server in Python`, once, atOnce)),
      ...pythons.map((peers) => peers.contender(atOnce)),
    ]
    const count = given.brief ? 8 : Math.max(32, atOnce * 2)
    measured.push({ atOnce, timings: await race(contenders, { rounds, count }) })
  }
  tls.stop()
  for (const { stop } of pythons) await stop()
  await Promise.all(Object.values(hosts).map(({ stop }: Host) => stop()))
  return measured
}

/** Bytes of the packages and of the unpacked app, where they were built. */
function measureSizes(root: string): Readonly<Record<string, number>> {
  const folder = join(root, 'dist')
  if (!existsSync(folder)) return {}
  const packages = readdirSync(folder).filter((name) => /\.(deb|tar\.gz)$/.test(name))
  const sizes = Object.fromEntries(packages.map((name) => [name, statSync(join(folder, name)).size]))
  const unpacked = join(folder, 'linux-unpacked')
  if (!existsSync(unpacked)) return sizes
  const bytes = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  return { ...sizes, unpacked: bytes }
}

function print(): void {
  const { machine, versions, date } = results
  say(
    `${date}, ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${versions.node}`,
  )
  title(
    'handshakes',
    'Handshake (steps 3 to 6) and one request: milliseconds each (quartiles), per second, times TLS',
  )
  for (const { atOnce, timings } of results.handshakes) {
    for (const { name, each, ratio } of timings) {
      const perSecond = (1000 / each.median).toFixed(0)
      say(
        `${row(`${atOnce} at once, ${name}`)}${text(each)} ms   ${perSecond.padStart(5)}/s   ${text(ratio)}`,
      )
    }
  }
  title(
    'serving',
    'One client in Python, steps 3 to 8: milliseconds, at most in 95 of 100, times the server in Python',
  )
  for (const { suite, servers } of results.serving)
    for (const { name, each, p95, ratio } of servers)
      say(`${row(`${suite}, ${name}`)}${text(each)} ms   ${p95.toFixed(2)} ms   ${ratio.toFixed(2)}`)
  title(
    'registrations',
    'Registration (steps 1 and 2) with a key that lay ready, and making one RSA 2048 key',
  )
  for (const { suite, ready, keyGeneration } of results.registrations)
    say(`${row(suite)}${text(ready)} ms   ${text(keyGeneration)} ms`)
  title('transfers', 'Data, MB/s')
  for (const [suite, figures] of Object.entries(results.transfers))
    for (const { size, megabytesPerSecond } of figures)
      say(`${row(`${suite}, bytes ${size}`)}${text(megabytesPerSecond)}`)
  title(
    'attacks',
    `Honest handshakes beside ${ATTACKERS} attackers: milliseconds idle, attacked, longest; times idle; refused; longest pause, and work in one`,
  )
  for (const { suite, attack, idle, attacked, longest, refused, pause, work, rate } of results.attacks)
    say(
      `${row(`${suite}, ${attack}`)}${idle.median.toFixed(2)}   ${text(attacked)}   ${longest.toFixed(0)} ms   ${(attacked.median / idle.median).toFixed(2)}   ${refused.toFixed(0)} %   ${pause.toFixed(1)} ms   ${work.toFixed(1)} ms   ${rate.toFixed(0)}/s`,
    )
  title('matrix', 'The whole defence matrix: runs, seconds, seconds of the processor, milliseconds of a run')
  if (results.matrix) {
    const { runs, seconds, processor, each } = results.matrix
    say(`${row(String(runs))}${seconds.toFixed(1)} s   ${processor.toFixed(1)} s   ${text(each)} ms`)
  }
  title('sessions', 'Sessions open at once: milliseconds and kilobytes each')
  for (const { sessions, each, kilobytesEach } of results.sessions)
    say(`${row(String(sessions))}${each.toFixed(2)} ms   ${kilobytesEach.toFixed(0)} kB`)
  title('journal', 'Records added to the journal: kept, megabytes, microseconds each')
  for (const { records, kept, megabytes, each } of results.journal)
    say(`${row(String(records))}${kept}   ${megabytes.toFixed(1)} MB   ${each.toFixed(1)} µs`)
  for (const start of results.starts) printStart(start)
  for (const [name, bytes] of Object.entries(results.sizes))
    say(`${row(name)}${(bytes / 2 ** 20).toFixed(1)} MiB`)
}

async function measureStarts(electron: Runtime): Promise<readonly StartComparison[]> {
  const count = given.brief ? 1 : 9
  return [await measureStart(electron, 'first', count), await measureStart(electron, 'later', count)]
}

function printStart(start: StartComparison): void {
  const title = start.kind === 'first' ? 'First start' : 'Later start'
  say(
    `\n${title}: milliseconds until three windows can be used, megabytes of all processes; times those of an empty app`,
  )
  for (const { name, usable, memory } of start.figures)
    say(`${row(name)}${text(usable)} ms   ${text(memory)} MB`)
  say(`${row('ratio')}${text(start.timeRatio)}   ${text(start.memoryRatio)}`)
}

function title(section: Section, text: string): void {
  if (wants(section)) say(`\n${text}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function row(name: string): string {
  return `  ${name.padEnd(40)}`
}

function text({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}

/** Four digits say all there is to say. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
}
