/** What the adversary reads, with frames that pass on no socket. */
import { expect, it } from 'vitest'
import { Insight } from '#main/adversary/insight'
import type { Line } from '#main/adversary/line'
import { Lines } from '#main/adversary/lines'
import { SeenFrame, SeenFrames } from '#main/adversary/seen-frame'
import { mainEnvironment } from '#main/lab/environment'
import { makeFrame } from '#shared/adversary/moves'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { expectNone } from '../../support/context'
import { SILENT_LINE } from '../../support/silent-line'

const K_SESS = new Uint8Array(8).fill(1)

/** What reads frames, and a held step 7 of a connection. */
async function insightOf() {
  const lines = new Lines({ onChange: () => undefined })
  const frames = new SeenFrames()
  const insight = new Insight({
    settings: () => DEFAULT_SETTINGS,
    publicKeys: () => ({}),
    environment: mainEnvironment,
    frames,
    lines,
    onChange: () => undefined,
    onFailure: expectNone,
  })
  const line = lines.add(SILENT_LINE)
  const { random, crypto } = mainEnvironment
  const hands = {
    keys: new Map([['K_sess', K_SESS] as const]),
    publicKeys: {},
    transcripts: new Map(),
    random,
    crypto,
  }
  const bytes = await makeFrame('classic', 7, { req: 'time', ts7: 1 }, hands)
  const frame = new SeenFrame(1, 0, line, 'opener', bytes, false)
  frame.release = () => undefined
  line.note('opener', bytes)
  frames.add(frame)
  return { insight, lines, line, frame }
}

/** Has something happen while a connection is listened to. */
function meanwhile(line: Line, happens: () => void): void {
  const listen = line.listen.bind(line)
  line.listen = (...how) => {
    const listening = listen(...how)
    line.listen = listen
    happens()
    return listening
  }
}

it('what was being read when everything was forgotten is not kept', async () => {
  const { insight, lines, line, frame } = await insightOf()
  line.given.set('K_sess', { key: K_SESS, from: 'leaked' })
  insight.read(frame)
  await insight.settled
  expect(frame.read?.members).toHaveLength(2)
  frame.read = undefined
  insight.read(frame)
  meanwhile(line, () => {
    lines.forget()
    insight.forget()
  })
  await insight.settled
  expect(frame.read).toBeUndefined()
  expect(insight.keyRows().map(({ name }) => name)).toEqual(['K_boot'])
})
