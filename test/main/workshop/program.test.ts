/** Programs of others are bounded: in time, in what they say, and they end when nobody waits for them. */
import { afterEach, expect, it, vi } from 'vitest'
import { JUDGES } from '#main/workshop/judges/all'
import { runProgram } from '#main/workshop/program'

const NEVER = new AbortController().signal
const node = (code: string, options = {}): ReturnType<typeof runProgram> =>
  runProgram(process.execPath, ['-e', code], { signal: NEVER, ...options })

afterEach(() => vi.unstubAllEnvs())

it('what it says and how it ends', async () => {
  const result = await node('console.log("out"); console.error("err"); process.exitCode = 3')
  expect(result).toMatchObject({ code: 3, late: false })
  expect(result!.output.split('\n').sort()).toEqual(['', 'err', 'out'])
})

it('it has no settings of the person, and nothing to read', async () => {
  vi.stubEnv('SSLKEYLOGFILE', '/tmp/keys')
  const result = await node(
    'process.stdin.on("end", () => console.log(Object.keys(process.env).sort().join())).resume()',
  )
  expect(result!.output.trim()).toBe('LC_ALL,PATH')
})

it('of what it says the first bytes are kept', async () => {
  const result = await node('process.stdout.write("x".repeat(1e6))')
  expect(result).toMatchObject({ code: 0, output: 'x'.repeat(4_096) })
})

it('it is ended when its time is over', async () => {
  const result = await node('setInterval(() => {}, 1e3)', { timeLimit: 300 })
  expect(result).toMatchObject({ code: undefined, late: true })
})

it('it is ended when nobody waits, with the reason', async () => {
  const abort = new AbortController()
  const reason = new Error('given up')
  const running = node('setInterval(() => {}, 1e3)', { signal: abort.signal })
  setTimeout(() => abort.abort(reason), 100)
  await expect(running).rejects.toBe(reason)
  expect(() => node('', { signal: abort.signal })).toThrow(reason)
})

it('one that is not installed is told from one that refuses', async () => {
  expect(await runProgram('no-such-program', [], { signal: NEVER })).toBeUndefined()
  vi.stubEnv('PATH', '/nonexistent')
  const versions = await Promise.all(
    JUDGES.map(async (judge) => [judge.id, await judge.version(NEVER)] as const),
  )
  const missing = versions.filter(([, version]) => version === undefined).map(([id]) => id)
  expect(missing).toEqual(['openssl-verify', 'certtool', 's-client', 'curl'])
})
