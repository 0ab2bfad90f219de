/** What is done with runs from a window: one is opened, or something of it is saved for another program. */
import type { CallName, CaptureFile } from '#shared/ipc/contract'
import { call, faultOf } from './call'
import { openingFault, savedPath } from './recorded'

const SAVES = {
  capture: 'capture:save',
  keys: 'capture:save-keys',
  dissector: 'capture:save-dissector',
  proof: 'capture:save-proof',
} as const satisfies Record<CaptureFile, CallName>

/** Has main save something for another program. */
export async function save(what: CaptureFile): Promise<void> {
  openingFault.value = undefined
  savedPath.value = undefined
  try {
    savedPath.value = (await call(SAVES[what]))?.path
  } catch (error) {
    openingFault.value = faultOf(error)
  }
}

/** Has main open a run: one that the person chooses there, or one that was dropped here. */
export async function openRun(file?: File): Promise<void> {
  openingFault.value = undefined
  try {
    if (!file) await call('run:open')
    else await call('run:open-given', { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code !== 'cancelled') openingFault.value = fault
  }
}
