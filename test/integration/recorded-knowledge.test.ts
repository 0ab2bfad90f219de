/** Who knows what of a recording: what is deduced for its handshake, and what really opens with the secrets of its file. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRun } from '#main/recording/read-run'
import { readRecorded, recordedKnowledge } from '#main/recording/recorded-knowledge'
import { HL1 } from '#shared/hl1/protocol'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { readingOf } from '#shared/knowledge/abilities'
import { deduce, EAVESDROPPER } from '#shared/knowledge/deduce'
import { labAt } from '#shared/run/moment'

const RUNS = join(import.meta.dirname, '../vectors/runs')

describe.each(SUITE_NAMES)('a recording in %s', (suite) => {
  it('opens by what the deduction says, for every secret in its file, after every step', async () => {
    const { run } = await readRun(new Uint8Array(await readFile(join(RUNS, `version-1-${suite}.hlrun`))))
    expect(labAt(run, 0).authority.issued).toEqual([])
    expect(recordedKnowledge(run, 0)).toBeUndefined()
    const all = recordedKnowledge(run, run.records.length)!
    expect([all.suite, all.sent, all.taken]).toEqual([suite, 8, 8])
    expect(all.secrets).toEqual(expect.arrayContaining(['SK_CA', 'SK_S']))
    for (const { step, moment } of all.moments) {
      const then = recordedKnowledge(run, moment)!
      expect(then.sent).toBe(step)
      for (const secret of then.secrets) {
        const knowledge = deduce(HL1, suite, [{ secret, when: 'during' }], then)
        const { frames } = await readRecorded(run, moment, [secret], step)
        expect(frames.map((frame) => frame.step)).toEqual(then.frames.map((frame) => frame.step))
        for (const frame of frames) {
          const isOpen = readingOf(knowledge, EAVESDROPPER, frame.step, step).is === 'opens'
          expect(frame.missing.length === 0, `${secret}, step ${frame.step} after ${step}`).toBe(isOpen)
        }
      }
    }
    // What the page is told has none of the secrets' values.
    const { frames } = await readRecorded(run, run.records.length, all.secrets, 8)
    expect(frames.flatMap(({ hidden = [] }) => hidden)).toContain('k_tmp1')
    const told = frames.flatMap(({ members }) => Object.keys(members))
    expect(told).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(k_|sk_)/)]))
    // A key of a session that leaks is no other session's.
    const begins = run.records.find(({ step }) => step === 3)!.at
    const leakAt = (at: number): readonly string[] => {
      const deeds = [{ at, does: 'leak', key: 'K_sess' } as const]
      return recordedKnowledge({ ...run, adversary: { lines: [], frames: [], deeds } }, run.records.length)!
        .leaked
    }
    expect([leakAt(begins - 1), leakAt(begins)]).toEqual([[], ['K_sess']])
    await expect(readRecorded(run, run.records.length, ['none'], 8)).rejects.toMatchObject({
      code: 'bad_argument',
    })
  })
})
