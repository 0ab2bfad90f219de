/** What the person has the adversary do stands in the script where it was done, however long it took. */
import { expect, it } from 'vitest'
import { Acts, type ActsOptions } from '#main/adversary/acts'
import { Line } from '#main/adversary/line'
import { Playbook } from '#main/adversary/playbook'
import { SeenFrame, SeenFrames } from '#main/adversary/seen-frame'
import { encodeFrame } from '#shared/hl1/frame'
import { SILENT_LINE } from '../../support/silent-line'

const line = new Line({ ...SILENT_LINE, number: 1 })

/** Acts whose frames of their own are sent only once something has happened meanwhile. */
function actsOf() {
  const frames = new SeenFrames()
  const playbook = new Playbook(frames)
  let count = 0
  const frameOf = (step: number, isOwn: boolean): SeenFrame => {
    const frame = new SeenFrame(++count, 0, line, 'opener', encodeFrame(step, 1, new Uint8Array(8)), isOwn)
    frames.add(frame)
    return frame
  }
  const see = (step: number): SeenFrame => {
    const frame = frameOf(step, false)
    playbook.meet(frame)
    return frame
  }
  const told: (number | undefined)[] = []
  const during: (() => void)[] = []
  const send = async () => {
    const frame = frameOf(7, true)
    await Promise.resolve()
    for (const happens of during.splice(0)) happens()
    return { line, frame }
  }
  const deeds = { tell: (_: string, frame?: SeenFrame) => void told.push(frame?.id) }
  const options = { frames, playbook, deeds, injection: { send, forge: send } }
  return { acts: new Acts(options as unknown as ActsOptions), playbook, see, during, told }
}

it.each(['send', 'forge'] as const)(
  'after the frame that had come last when it was begun (%s), and told of the frame that was sent',
  async (does) => {
    const { acts, playbook, see, during, told } = actsOf()
    const seen = see(7)
    const act = () =>
      does === 'send'
        ? acts.send(seen.id, { connection: 1, to: 'acceptor' })
        : acts.forge('classic', 7, { req: 'time', ts7: 1 }, { connection: 1, to: 'acceptor' })
    during.push(() => void see(3))
    await act()
    expect(playbook.recorded).toHaveLength(1)
    expect(playbook.recorded[0]).toContain('At the first step 7 from client to server')
    expect(told).toEqual([2])
    // Nor anywhere where all was forgotten meanwhile.
    during.push(() => playbook.forget())
    await act()
    expect(playbook.recorded).toEqual([])
  },
)
