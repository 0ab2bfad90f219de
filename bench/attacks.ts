/** How honest clients fare while others ask for as much work as they can get. */
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { SuiteName } from '#shared/hl1/suites'
import { ATTACKS, type Attack, type AttackOrder } from './attack-kinds'
import { handshake, startHost } from './contenders'
import { spreadOf, type Spread } from './measure'

/** Attackers at once. */
export const ATTACKERS = 8
/** Milliseconds from the attack's beginning to the first handshake that counts. */
const WARM_UP_MS = 1_000
/** Milliseconds that are measured, unless a few rounds are asked for. */
const LEAST_MS = 2_500
const MANY = 10

export interface AttackFigures {
  readonly suite: SuiteName
  readonly attack: Attack
  /** Milliseconds of one handshake with one request, nobody attacking. */
  readonly idle: Spread
  /** The same during the attack. */
  readonly attacked: Spread
  /** Milliseconds, the longest that one took. */
  readonly longest: number
  /** Handshakes that were refused, in percent. */
  readonly refused: number
  /** Milliseconds, the longest time between two rounds of the event loop. */
  readonly pause: number
  /** Milliseconds of processor that the main thread had between two rounds at most: its own part of a pause. 0 but on Linux. */
  readonly work: number
  /** Requests, or whatever the attackers send, that they had taken in a second. */
  readonly rate: number
}

/** Each attack on a host of its own; honest clients come one after another. */
export async function measureAttacks(suite: SuiteName, rounds: number): Promise<readonly AttackFigures[]> {
  const figures: AttackFigures[] = []
  for (const attack of Object.keys(ATTACKS) as Attack[])
    figures.push(await measureAttack(suite, attack, rounds))
  return figures
}

async function measureAttack(suite: SuiteName, attack: Attack, rounds: number): Promise<AttackFigures> {
  const host = await startHost(suite, () => undefined, { maxConnections: 256 })
  const { authority, server, settings } = host
  await visits(host, rounds)
  const idle = await visits(host, rounds)
  const order: AttackOrder = {
    attack,
    attackers: ATTACKERS,
    settings,
    trustAnchor: authority.certificate?.pem ?? '',
    authorityPort: authority.address?.port ?? 0,
    serverPort: server.address?.port ?? 0,
  }
  const attackers = fork(fileURLToPath(new URL('./attackers.mjs', import.meta.url)), [JSON.stringify(order)])
  try {
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
    const before = await count(attackers)
    const pulse = takePulse()
    const started = performance.now()
    const attacked = await visits(host, rounds)
    const { pause, work } = pulse()
    const seconds = (performance.now() - started) / 1_000
    const made = (await count(attackers)) - before
    return {
      suite,
      attack,
      idle: spreadOf(idle.times),
      attacked: spreadOf(attacked.times),
      longest: Math.max(...attacked.times),
      refused: (100 * attacked.refused) / attacked.times.length,
      pause,
      work,
      rate: made / seconds,
    }
  } finally {
    attackers.kill('SIGKILL')
    await host.stop()
  }
}

/** Honest clients, one after another. */
async function visits(
  host: Parameters<typeof handshake>[0],
  rounds: number,
): Promise<{ readonly times: readonly number[]; readonly refused: number }> {
  const times: number[] = []
  let refused = 0
  const end = performance.now() + (rounds < MANY ? 0 : LEAST_MS)
  while (times.length < rounds || performance.now() < end) {
    const started = performance.now()
    await handshake(host).catch(() => refused++)
    times.push(performance.now() - started)
  }
  return { times, refused }
}

/**
 * Begins to watch the event loop; the result ends that, and says how long it stood still at most, and how long it worked at most
 * without a round: the rest of a pause the system had given the core to others.
 */
function takePulse(): () => Pick<AttackFigures, 'pause' | 'work'> {
  let [last, lastRun] = [performance.now(), mainThreadMs()]
  let [pause, work] = [0, 0]
  const beat = (): void => {
    const [now, run] = [performance.now(), mainThreadMs()]
    pause = Math.max(pause, now - last)
    work = Math.max(work, run - lastRun)
    ;[last, lastRun] = [now, run]
  }
  const timer = setInterval(beat, 1)
  return () => {
    clearInterval(timer)
    beat()
    return { pause, work }
  }
}

/** Milliseconds of processor that this process's first thread has had (Linux, sched-stats); 0 on other systems. */
function mainThreadMs(): number {
  return process.platform === 'linux' ? Number(readFileSync(SCHEDULED, 'latin1').split(' ')[0]) / 1e6 : 0
}
const SCHEDULED = '/proc/self/schedstat'

async function count(attackers: ChildProcess): Promise<number> {
  const answer = new Promise<number>((resolve, reject) => {
    attackers.once('message', resolve)
    attackers.once('exit', () => reject(new Error('The attackers are gone.')))
  })
  attackers.send('count')
  return answer
}
