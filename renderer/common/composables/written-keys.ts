/** Keys as they are written on the keyboard of this machine. */
import { keyNames } from '#shared/help/key-names'

/** Those of an accelerator, one by one. */
export function writtenKeys(keys: string): readonly string[] {
  return keyNames(keys, navigator.userAgent.includes('Mac'))
}

/** The same in a text: “Ctrl+S”. */
export function keysInText(keys: string): string {
  return writtenKeys(keys).join('+')
}
