import { describe, expect, it } from 'vitest'
import { trialFile } from '#main/ipc/trial-file'
import { fromUtf8 } from '#shared/bytes'
import { toCsv } from '#shared/trial/csv'
import { trialResult } from '../../support/trials'

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])

describe('a trial as a file', () => {
  it('has a name that says what was tried', () => {
    const name = (changes: Parameters<typeof trialResult>[0]): string =>
      trialFile(trialResult(changes), { format: 'svg' }).name
    expect(name({})).toBe('lifetime-trial-10-60-100-classic-simulated.svg')
    expect(name({ lifetimes: [2], suite: 'modern', clock: 'real' })).toBe('lifetime-trial-2-modern-real.svg')
  })

  it('is made in main from what main has seen, but for a picture', () => {
    const result = trialResult()
    expect(fromUtf8(trialFile(result, { format: 'csv' }).bytes)).toBe(toCsv(result))
    const svg = fromUtf8(trialFile(result, { format: 'svg' }).bytes)
    expect(svg).toContain('>Session lifetime trial</text>')
    expect(svg).toContain('2027-01-15 08:00 UTC')
    expect(trialFile(result, { format: 'png', bytes: PNG }).bytes).toBe(PNG)
  })

  it('is no PNG without its signature', () => {
    const wrong = [
      new Uint8Array(),
      PNG.slice(0, 7),
      PNG.map((byte) => byte ^ 1),
      new TextEncoder().encode('<svg/>'),
    ]
    for (const bytes of wrong)
      expect(() => trialFile(trialResult(), { format: 'png', bytes })).toThrow(
        expect.objectContaining({ code: 'bad_argument' }),
      )
  })
})
