// Renders icon.svg to the sizes that desktops ask for, into icons/. Run it after changing the drawing:
//
//   node scripts/packaging/render-icons.mjs     needs rsvg-convert (Debian package librsvg2-bin)
import '../setup/node-version.mjs'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { hasProgram, run, runScript, say, SetUpError } from '../setup/run.mjs'

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const SOURCE = join(import.meta.dirname, 'icon.svg')
const FOLDER = join(import.meta.dirname, 'icons')

await runScript(async () => {
  if (!hasProgram('rsvg-convert'))
    throw new SetUpError('This needs rsvg-convert, from the package librsvg2-bin.')
  mkdirSync(FOLDER, { recursive: true })
  for (const size of SIZES) {
    const output = join(FOLDER, `${size}x${size}.png`)
    const args = ['--width', String(size), '--height', String(size), '--output', output, SOURCE]
    if (!run('rsvg-convert', args))
      throw new SetUpError(`rsvg-convert could not render ${output}; see above.`)
  }
  say(`Rendered ${SIZES.length} sizes to ${FOLDER}.`)
  return 0
})
