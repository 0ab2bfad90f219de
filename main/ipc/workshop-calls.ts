/** What calls of the certificate workshop do. It knows nothing of the lab: chains and keys are its own. */
import { join } from 'node:path'
import { fileTime } from '#shared/time'
import type { WorkshopDesk } from '../workshop/workshop-desk'
import type { Topic } from './answer'
import type { ExportService } from './export'

export interface WorkshopServices {
  readonly workshop: WorkshopDesk
  readonly exports: Pick<ExportService, 'choosePlace' | 'made'>
}

/** The handlers of `workshop:…`. */
export function workshopHandlers({ workshop, exports }: WorkshopServices): Topic<'workshop'> {
  return {
    'workshop:view': () => workshop.view(),
    'workshop:keep': ({ plan }) => {
      workshop.keep(plan)
      return undefined
    },
    'workshop:judge': (chosen) => workshop.judge(chosen).then(() => undefined),
    'workshop:cancel': () => {
      workshop.cancel()
      return undefined
    },
    'workshop:open': (chosen) => workshop.open(chosen),
    'workshop:serve': (request) => workshop.serve(request),
    'workshop:stop': () => workshop.stop().then(() => undefined),
    'workshop:write': async (chosen, window) => {
      const place = await exports.choosePlace(
        'Folder in which the chains are written, with their private keys',
        window,
      )
      if (place === undefined) return undefined
      const folder = join(place, `handshake-lab-recipes-${fileTime(Date.now())}`)
      const { folder: path, files } = await workshop.write(chosen, folder)
      exports.made(path)
      return { path, files: files.length }
    },
  }
}
