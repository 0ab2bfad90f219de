/** Programs that are not ours, through the adversary's relays: as without them, and attacking through them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { closeAdversaries, judged, labWithAdversary, seen } from '../support/adversary'
import { closeLabs } from '../support/lab'
import { linesOf, PEER_EXIT, portOfPeer, runPeer, startPeer } from '../support/python-peers'
import { endProgram, type Running } from '../support/terminal-program'

let folder: string
const running: Running[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-wire-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map(endProgram))
  await closeAdversaries()
  await closeLabs()
  await rm(folder, { recursive: true, force: true })
})

/** A lab with an adversary, its trust anchor as a file, and where its relays are. */
async function wires() {
  const made = await labWithAdversary()
  const file = join(folder, 'ca.pem')
  await writeFile(file, made.lab.authority.certificate!.pem)
  const at = (wire: string): string => {
    const { port } = made.adversary.view.wires.find((each) => each.wire === wire)!.at!
    return `127.0.0.1:${port}`
  }
  return { ...made, file, authority: at('authority'), server: at('server') }
}

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  it('their client walks through the wire, and each of its frames is told of', async () => {
    const { adversary, file, lab, server } = await wires()
    await lab.register()
    const options = ['--suite', suite, '--server', server, '--trust-anchor', file]
    const client = await runPeer('client', ...options, '--request', 'echo hello', '--request', 'time')
    expect(linesOf(client).at(-1)).toMatchObject({ ok: true })
    expect(client.code).toBe(PEER_EXIT.fine)
    const frames = adversary.view.frames.filter(({ wire }) => wire === 'server')
    expect(frames.map(({ step }) => step)).toEqual([3, 4, 5, 6, 7, 8, 7, 8])
    // Theirs says nothing but over the wire: of the last answer nobody knows.
    const fates = frames.map(({ fate }) => fate.is)
    expect(fates.slice(0, -1).every((is) => is === 'accepted')).toBe(true)
  })

  it('their server registers through the wire', async () => {
    const { adversary, authority, file } = await wires()
    const options = [
      '--suite',
      suite,
      '--authority',
      authority,
      '--trust-anchor',
      file,
      '--listen',
      '127.0.0.1:0',
    ]
    const peer = startPeer('server', ...options, '--id-s', 'Their_Server')
    running.push(peer)
    await portOfPeer(peer)
    const request = await judged(adversary, (await seen(adversary, 1)).id)
    expect(request.fate).toMatchObject({ is: 'accepted', by: 'authority' })
    adversary.leak('SK_CA')
    const { came } = await adversary.frame(request.id)
    expect(came.members.find(({ name }) => name === 'id_s')?.value).toBe('Their_Server')
  })

  it('their step 7 sent twice is served twice in classic, and refused in modern', async () => {
    const { adversary, file, lab, server } = await wires()
    await lab.register()
    const peer = await runPeer(
      'tamper',
      'replay-7',
      '--suite',
      suite,
      '--server',
      server,
      '--trust-anchor',
      file,
    )
    const last = linesOf(peer).at(-1)
    if (suite === 'classic') expect(last).toMatchObject({ served: 2 })
    else expect(last).toMatchObject({ alert: { code: 'replayed' } })
    const step7 = await judged(adversary, (await seen(adversary, 7)).id)
    expect(step7.fate.is).toBe(suite === 'classic' ? 'accepted' : 'refused')
  })

  it('their flipped bit in step 5 is refused, and the adversary is told by which check', async () => {
    const { adversary, file, lab, server } = await wires()
    await lab.register()
    const peer = await runPeer(
      'tamper',
      'flip-5',
      '--suite',
      suite,
      '--server',
      server,
      '--trust-anchor',
      file,
    )
    expect(linesOf(peer).at(-1)).toMatchObject({ alert: { code: 'decrypt_failed' } })
    const step5 = await judged(adversary, (await seen(adversary, 5)).id)
    expect(step5.fate).toMatchObject({ is: 'refused', by: 'server', check: { id: 'decryption' } })
  })

  it('a bit that the adversary flips is refused by their client, which only the wire tells', async () => {
    const { adversary, file, lab, server } = await wires()
    await lab.register()
    const pem = { step: 4, direction: 'server_to_client', nth: 1 } as const
    const rules = [{ on: pem, do: [{ does: 'flip', byte: 400, bit: 0 }] }]
    const script = { format: 'handshake-lab-adversary', version: 1, title: 'x', rules }
    adversary.openScript(new TextEncoder().encode(JSON.stringify(script)))
    adversary.runScript(true)
    const peer = await runPeer('client', '--suite', suite, '--server', server, '--trust-anchor', file)
    expect(peer.code).toBe(PEER_EXIT.ownCheck)
    const { fate } = await judged(adversary, (await seen(adversary, 4)).id)
    expect(fate).toMatchObject({ is: 'refused', by: 'client', check: undefined })
  })
})
