import { describe, expect, it } from 'vitest'
import { KeyPool } from '#main/lab/key-pool'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { systemEnvironment } from '#shared/hl1/environment'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import { keyPair } from '../../support/credentials'
import { until } from '../../support/wait'

/** A pool whose key pairs are told apart by their size and number, and are made when the test says so. */
async function makePool() {
  const template = await keyPair('server')
  const waiting: { readonly bits: RsaBits; readonly finish: (error?: Error) => void }[] = []
  const made: RsaKeyPair[] = []
  const pool = new KeyPool(
    (bits) =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error): void => {
          if (error) return reject(error)
          const pair = { ...template }
          made.push(pair)
          resolve(pair)
        }
        waiting.push({ bits, finish })
      }),
    systemEnvironment,
  )
  const finish = async (error?: Error): Promise<RsaBits> => {
    await until(() => waiting.length > 0)
    const next = waiting.shift()!
    next.finish(error)
    await new Promise((resolve) => setImmediate(resolve))
    return next.bits
  }
  return { pool, waiting, made, finish }
}

describe('a pool of key pairs', () => {
  it('makes one at a time until two lie ready, and gives each out once', async () => {
    const { pool, waiting, made, finish } = await makePool()
    pool.prepare(2048)
    expect(waiting).toHaveLength(1)
    await finish()
    await finish()
    await pool.settled()
    expect([pool.size, waiting.length]).toEqual([2, 0])
    const taken = [await pool.take(2048), await pool.take(2048)]
    expect(taken[0]).toBe(made[0])
    expect(taken[1]).toBe(made[1])
    expect(pool.size).toBe(0)
  })

  it('is filled again after one was taken, once that one has had its time', async () => {
    const { pool, waiting, finish } = await makePool()
    pool.prepare(2048)
    await finish()
    await finish()
    await pool.settled()
    await pool.take(2048)
    await new Promise((resolve) => setImmediate(resolve))
    expect(waiting).toHaveLength(0)
    await finish()
    await pool.settled()
    expect(pool.size).toBe(2)
  })

  it('that is empty, or of another size, has one made for whoever asks', async () => {
    const { pool, made, finish } = await makePool()
    const first = pool.take(2048)
    expect(await finish()).toBe(2048)
    expect(await first).toBe(made[0])
    pool.prepare(2048)
    await finish()
    await finish()
    const larger = pool.take(4096)
    expect(await finish()).toBe(4096)
    expect(await larger).toBe(made[3])
    expect(await finish()).toBe(4096)
  })

  it('makes nothing ahead before it is asked to, and forgets all when it is cleared', async () => {
    const { pool, waiting, finish } = await makePool()
    const alone = pool.take(2048)
    await finish()
    await alone
    expect(waiting).toHaveLength(0)
    pool.prepare(2048)
    await finish()
    pool.clear()
    // The one that was under way is not kept.
    await finish()
    await pool.settled()
    expect([pool.size, waiting.length]).toEqual([0, 0])
  })

  it('leaves a failure to whoever takes the next one', async () => {
    const { pool, finish } = await makePool()
    pool.prepare(2048)
    await finish(new Error('No entropy.'))
    await pool.settled()
    expect(pool.size).toBe(0)
    const taken = pool.take(2048).catch((error: unknown) => String(error))
    await finish(new Error('No entropy.'))
    expect(await taken).toBe('Error: No entropy.')
  })
})
