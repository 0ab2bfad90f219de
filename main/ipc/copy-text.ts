/** A text on its way from a window to the clipboard, whether its page asks for that or the window's own menu does. */
import type { WindowName } from '#shared/windows'
import type { Person } from '../windows/person'
import type { SecretClipboard } from './clipboard'
import { holdsPrivateKey, QUESTION_OF_KEY_TEXT } from './questions'

/**
 * Puts it there: for a minute where it is secret, or a private key as main can tell, which the person has to agree to.
 * @returns false where they did not
 */
export async function copyText(
  { text, secret = false }: { readonly text: string; readonly secret?: boolean },
  window: WindowName,
  { clipboard, person }: { readonly clipboard: SecretClipboard; readonly person: Pick<Person, 'agrees'> },
): Promise<boolean> {
  const isKey = holdsPrivateKey(text)
  if (isKey && !(await person.agrees(window, QUESTION_OF_KEY_TEXT))) return false
  await clipboard.copy(text, secret || isKey)
  return true
}
