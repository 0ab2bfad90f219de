/** Turns the lab into what windows may see of it. */
import type { Bytes } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { RsaPublicKey } from '#shared/crypto/primitives/rsa'
import {
  describeCertificate,
  describeCertS,
  describeKey,
  type CertificateView,
  type PublicKeyView,
} from '#shared/inspect/describe'
import type { IssuedView, LabView, RevokedView } from '#shared/lab'
import type { Settings } from '#shared/settings'
import type { Lab } from './lab'

const certificateViews = new WeakMap<Certificate, Promise<CertificateView>>()
const keyViews = new WeakMap<RsaPublicKey, Promise<PublicKeyView>>()

/** Everything but private parts of keys. */
export async function viewLab(
  lab: Lab,
  settings: Settings,
  {
    listFile,
    ...surroundings
  }: Pick<
    LabView,
    'isOnWire' | 'heldOnWire' | 'dropped' | 'trustAnchorFile' | 'notices' | 'commandLine' | 'versions'
  > & {
    /** Where the revocation list was written as a file. */
    readonly listFile?: string | undefined
  },
): Promise<LabView> {
  const { authority, server } = lab
  const { revocations } = authority
  const credentials = server.credentials
  return {
    authority: {
      status: authority.status,
      identity: authority.credentials?.identity ?? settings.authorityIdentity,
      address: authority.address,
      fault: lab.authorityFault,
      certificate: await viewOf(authority.certificate),
      issued: await viewIssued(authority.issued, (serial) => revocations?.of(serial)),
      signed: (authority.requests?.signed ?? []).map((signed) => ({
        ...signed,
        revoked: revocations?.of(signed.id),
      })),
      list: revocations && {
        ...revocations.view,
        url: lab.listAt,
        fault: lab.listFault,
        file: listFile,
      },
      names: authority.desk.given,
      questions: authority.desk.questions,
      connections: authority.connections,
    },
    server: {
      status: server.status,
      identity: credentials?.identity ?? settings.serverIdentity,
      address: server.address,
      fault: lab.serverFault,
      registration: lab.registration,
      outdated: lab.outdated,
      ...(await viewCredentials(credentials?.certificate, credentials?.certS, credentials?.publicKey)),
      sessions: server.sessions.views(),
      connections: server.connections,
    },
    walk: lab.walkView,
    ...surroundings,
  }
}

/** Certificates that an authority has issued. */
export function viewIssued(
  issued: readonly { readonly at: number; readonly certificate: Certificate }[],
  revokedSince: (serial: string) => RevokedView | undefined = () => undefined,
): Promise<readonly IssuedView[]> {
  return Promise.all(
    issued.map(async ({ at, certificate }) => ({
      id: certificate.serial,
      at,
      certificate: await describeOnce(certificate),
      revoked: revokedSince(certificate.serial),
    })),
  )
}

/** What a registered server has to show. `key`: as it came, where that is not known to be the certificate's own. */
export async function viewCredentials(
  certificate: Certificate | undefined,
  certS: Bytes | undefined,
  key: RsaPublicKey | undefined = certificate?.publicKey,
): Promise<Pick<LabView['server'], 'key' | 'certificate' | 'certS'>> {
  const { subject, issuer } = certificate ?? {}
  const signed = key && {
    idS: subject?.commonName ?? '',
    idCa: issuer?.commonName ?? '',
    pkS: key.pem,
  }
  return {
    key: key && (await once(keyViews, key, describeKey)),
    certificate: await viewOf(certificate),
    certS: certS && signed && describeCertS(signed, certS),
  }
}

/** A certificate as windows see it. */
export async function viewOf(certificate: Certificate | undefined): Promise<CertificateView | undefined> {
  return certificate && describeOnce(certificate)
}

function describeOnce(certificate: Certificate): Promise<CertificateView> {
  return once(certificateViews, certificate, describeCertificate)
}

function once<K extends object, V>(
  known: WeakMap<K, Promise<V>>,
  key: K,
  make: (key: K) => Promise<V>,
): Promise<V> {
  const value = known.get(key) ?? make(key)
  known.set(key, value)
  return value
}
