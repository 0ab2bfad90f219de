/** Somebody who has one passphrase for everything. */
import { Work, type Unlock } from '#shared/crypto/containers/unlocking'

export function always(passphrase: string): Unlock {
  return (_what, open) => open(passphrase, new Work())
}
