/** The client of a run that is open, at its moment. */
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { orUndefined } from '#shared/errors'
import type { ClientState } from '#shared/hl1/state'
import type { Hl1Entry } from '#shared/hl1/types'
import { clientAt } from '#shared/run/client-at'
import type { RecordingView } from '#shared/run/view'

/** What it knew, without keys. @param own its records on its last connection of the moment */
export function clientOf(
  own: readonly Hl1Entry[],
  { settings, clientAnchor }: RecordingView,
): ClientState | undefined {
  const trustAnchor =
    clientAnchor === undefined ? undefined : orUndefined(() => parseCertificate(clientAnchor))
  return clientAt(own, { settings, trustAnchor })
}
