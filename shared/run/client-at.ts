/** What a client knew at a moment of its connection, by its own records: without any key, as after it has left. */
import { parseCertificate, type Certificate } from '../crypto/pki/certificate'
import { publicKeyFromPem } from '../crypto/primitives/rsa'
import { orUndefined } from '../errors'
import { fromHex } from '../bytes'
import { startClient } from '../hl1/drivers/session'
import type { ClientState, Session } from '../hl1/state'
import type { Hl1Entry } from '../hl1/types'
import type { Settings } from '../settings'
import { memberNumber, memberText, memberValue } from './members'

const NO_KEY = new Uint8Array()

/** @param own the client's records on one connection, oldest first; undefined where there is none */
export function clientAt(
  own: readonly Hl1Entry[],
  { settings, trustAnchor }: { readonly settings: Settings; readonly trustAnchor: Certificate | undefined },
): ClientState | undefined {
  const [first] = own
  if (!first || !trustAnchor) return undefined
  const state = startClient({
    suite: first.suite ?? settings.suite,
    idC: settings.clientIdentity,
    idS: memberText(first, 'id_s') || settings.serverIdentity,
    trustAnchor,
    kBoot: fromHex(settings.bootstrapKey) ?? NO_KEY,
    server: first.connection.to,
    maxAge: settings.maxAge,
  })
  const taken = own.filter(({ kind, outcome }) => kind === 'message' && outcome.ok)
  const shown = taken.find(({ step }) => step === 4)
  const begun = taken.find(({ step }) => step === 6)
  return { ...state, ...(shown ? shownBy(shown) : {}), session: begun && sessionOf(begun) }
}

function shownBy(entry: Hl1Entry): Partial<ClientState> {
  const serverCertificate = orUndefined(() => parseCertificate(memberText(entry, 'x509_s')))
  const pem = memberText(entry, 'pk_s')
  const certS = memberValue(entry, 'cert_s')
  return {
    serverCertificate,
    serverKey: pem === '' ? serverCertificate?.publicKey : orUndefined(() => publicKeyFromPem(pem)),
    certS: certS instanceof Uint8Array ? certS : undefined,
  }
}

function sessionOf(entry: Hl1Entry): Session {
  return {
    key: NO_KEY,
    idC: memberText(entry, 'id_c'),
    lifetime: memberNumber(entry, 'lifetime_sess'),
    startedAt: memberNumber(entry, 'ts6'),
    startedMonotonic: entry.monotonic ?? 0,
  }
}
