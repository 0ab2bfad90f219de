/** Data: how fast answers of different sizes come through one session. */
import { openClient, type Host } from './contenders'
import { spreadOf, type Spread } from './measure'

export interface TransferFigures {
  /** Bytes asked for in one request. */
  readonly size: number
  /** Megabytes of data a second, counted as the bytes asked for. */
  readonly megabytesPerSecond: Spread
}

/** Asks for `bytes N` again and again in one session, each size in turn in every round. */
export async function measureTransfer(
  host: Host,
  sizes: readonly number[],
  rounds: number,
): Promise<readonly TransferFigures[]> {
  const client = await openClient(host)
  const speeds = sizes.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, size] of sizes.entries()) {
      const times = Math.max(2, Math.ceil(1_000_000 / size / 4))
      const started = performance.now()
      for (let time = 0; time < times; time++) await client.request(`bytes ${size}`)
      const seconds = (performance.now() - started) / 1000
      if (round >= 0) speeds[index]?.push((times * size) / 1e6 / seconds)
    }
  }
  client.close()
  return sizes.map((size, index) => ({ size, megabytesPerSecond: spreadOf(speeds[index] ?? []) }))
}
