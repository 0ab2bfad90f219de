/** Data: how fast answers of different sizes come through one session. */
import { converse } from '#main/net/converse'
import { connect } from '#main/net/socket-pipe'
import { fromHex } from '#shared/bytes'
import { openSession, sendRequest, startClient } from '#shared/protocol/drivers/session'
import type { Host } from './contenders'
import { spreadOf, type Spread } from './measure'

export interface TransferFigures {
  /** Bytes asked for in one request. */
  readonly size: number
  /** Megabytes of data a second, counted as the bytes asked for. */
  readonly megabytesPerSecond: Spread
}

/** Asks for `bytes N` again and again in one session, each size in turn in every round. */
export async function measureTransfer(
  { authority, server, settings, context }: Host,
  sizes: readonly number[],
  rounds: number,
): Promise<readonly TransferFigures[]> {
  const { certificate } = authority
  const { address } = server
  const kBoot = fromHex(settings.bootstrapKey)
  if (!certificate || !address || !kBoot) throw new Error('The host is not ready.')
  const signal = new AbortController().signal
  const connection = await connect(address, signal)
  const state = startClient({
    suite: settings.suite,
    idC: settings.clientIdentity,
    idS: settings.serverIdentity,
    trustAnchor: certificate,
    kBoot,
    server: connection.peer,
    maxAge: settings.maxAge,
  })
  const conversation = converse(state, connection, connection.local, context, {
    idleSeconds: () => 60,
    signal,
  })
  await openSession(conversation, connection.local)
  const speeds = sizes.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, size] of sizes.entries()) {
      const times = Math.max(2, Math.ceil(1_000_000 / size / 4))
      const started = performance.now()
      for (let time = 0; time < times; time++)
        await sendRequest(conversation, `bytes ${size}`, { force: false })
      const seconds = (performance.now() - started) / 1000
      if (round >= 0) speeds[index]?.push((times * size) / 1e6 / seconds)
    }
  }
  connection.pipe.close()
  return sizes.map((size, index) => ({ size, megabytesPerSecond: spreadOf(speeds[index] ?? []) }))
}
