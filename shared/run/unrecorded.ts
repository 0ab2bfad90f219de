/** What windows of authority and server showed and no message of the run has made, though nothing of theirs is gone from it. */
import { parseCertificate } from '../crypto/pki/certificate'
import { orUndefined } from '../errors'
import type { Hl1Entry } from '../hl1/types'
import { memberText } from './members'
import type { Run } from './run'

/** A sentence each; for runs from which no record of authority and server is gone. */
export function unrecorded({ authority, server, records }: Run): readonly string[] {
  const given = new Set(certificatesIn(records, 'authority', 'sent'))
  const taken = new Set(certificatesIn(records, 'server', 'received'))
  const { certificate, sessions } = server
  const last = new Map<string, Hl1Entry>()
  const begun = new Set<string>()
  for (const entry of records) {
    const { role, connection, step, outcome } = entry
    if (role !== 'server') continue
    last.set(connection.id, entry)
    if (step === 6 && outcome.ok) begun.add(connection.id)
  }
  return [
    ...authority.issued.flatMap(({ certificate: { pem, serial } }) =>
      given.has(pem)
        ? []
        : [`The certificate ${serial} is listed as issued, and no step 2 of the authority has it.`],
    ),
    ...(!certificate || taken.has(certificate.pem)
      ? []
      : ['The server has a certificate that has not come to it in any step 2.']),
    ...sessions.flatMap(({ id, idC, peer, end }) => {
      const name = `The session of ${idC} at ${peer.address}:${peer.port}`
      if (!begun.has(id)) return [`${name} is listed, and the server has not begun it in any step 6.`]
      const { kind, direction } = last.get(id) ?? {}
      return end?.how !== 'refused' || (kind === 'alert' && direction === 'sent')
        ? []
        : [`${name} has ended as the server has refused a message, and none that it has refused is there.`]
    }),
  ]
}

function certificatesIn(
  records: readonly Hl1Entry[],
  by: Hl1Entry['role'],
  which: Hl1Entry['direction'],
): readonly string[] {
  return records
    .filter(
      ({ role, direction, step, outcome }) => role === by && direction === which && step === 2 && outcome.ok,
    )
    .flatMap((entry) => orUndefined(() => parseCertificate(memberText(entry, 'x509_s')).pem) ?? [])
}
