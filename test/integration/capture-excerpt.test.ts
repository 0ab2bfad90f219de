/** docs/captures.md shows what tshark prints; `UPDATE_DOCS=1` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { connectionId, writeKeysFile } from '#shared/capture/keys-file'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import { captureOf, fileOf, removeFolders } from '../support/capture'
import { dissectorArguments } from '../support/dissected'
import { runProgram } from '../support/programs'
import { hex, readVector } from '../support/vectors'

afterAll(removeFolders)

const PAGE = resolve(import.meta.dirname, '../../docs/captures.md')
const [BEGIN, END] = ['<!-- excerpt -->\n', '<!-- /excerpt -->'] as const
const STEP = 6
const LONGEST_LINE = 140

it('docs/captures.md shows what tshark prints of a recorded session', async () => {
  const { frames, opened } = readVector('classic')
  const session = frames.slice(2).map(({ step, frame }) => ({
    sender: STEPS[step as StepNumber].from === 'client' ? ('opener' as const) : ('acceptor' as const),
    frame: hex(frame),
  }))
  const from = { address: '127.0.0.1', port: 41_018 }
  const file = fileOf(
    'recorded.pcapng',
    captureOf([{ from, to: { ...from, port: 17_402 }, frames: session }]),
  )
  const key = { symbol: 'K_tmp2', key: hex(opened.find(({ step }) => step === STEP)!.key!) } as const
  const keys = writeKeysFile(
    { keys: [{ ...key, connection: connectionId(session[0]!.frame) }], opened: [] },
    'test',
  )
  const args = ['-r', file, ...dissectorArguments({ keys }), '-Y', `hl1.type == ${STEP}`, '-O', 'hl1']
  const { output } = await runProgram('tshark', args)
  const lines = output.slice(output.indexOf('Handshake Lab,')).trimEnd().split('\n')
  const shown = lines.map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
  expect(shown.join('\n')).toContain('k_sess: 1a62a1c7869e61b0')

  const page = readFileSync(PAGE, 'utf8')
  const [before = '', rest = ''] = page.split(BEGIN)
  const written = `${before}${BEGIN}\n\`\`\`\n${shown.join('\n')}\n\`\`\`\n\n${END}${rest.split(END)[1] ?? ''}`
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, written)
  expect(written).toBe(readFileSync(PAGE, 'utf8'))
})
