/** Turns the lab into what windows may see of it. */
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { RsaPublicKey } from '#shared/crypto/primitives/rsa'
import {
  describeCertificate,
  describeCertS,
  describeKey,
  type CertificateView,
  type PublicKeyView,
} from '#shared/inspect/describe'
import type { LabView } from '#shared/lab'
import type { Settings } from '#shared/settings'
import type { Lab } from './lab'

const certificateViews = new WeakMap<Certificate, Promise<CertificateView>>()
const keyViews = new WeakMap<RsaPublicKey, Promise<PublicKeyView>>()

/** Everything but private parts of keys. */
export async function viewLab(
  lab: Lab,
  settings: Settings,
  surroundings: Pick<LabView, 'trustAnchorFile' | 'notices' | 'commandLine' | 'versions'>,
): Promise<LabView> {
  const { authority, server } = lab
  const credentials = server.credentials
  const certS = credentials && {
    idS: credentials.identity,
    idCa: credentials.certificate.issuer.commonName ?? '',
    pkS: credentials.publicKey.pem,
  }
  return {
    authority: {
      status: authority.status,
      identity: authority.credentials?.identity ?? settings.authorityIdentity,
      address: authority.address,
      fault: lab.authorityFault,
      certificate: await viewCertificate(authority.certificate),
      issued: await Promise.all(
        authority.issued.map(async ({ at, certificate }) => ({
          id: certificate.serial,
          at,
          certificate: await describeOnce(certificate),
        })),
      ),
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
      key: credentials && (await once(keyViews, credentials.publicKey, describeKey)),
      certificate: await viewCertificate(credentials?.certificate),
      certS: credentials?.certS && certS && describeCertS(certS, credentials.certS),
      sessions: server.sessions.views(),
      connections: server.connections,
    },
    walk: lab.walkView,
    ...surroundings,
  }
}

async function viewCertificate(certificate: Certificate | undefined): Promise<CertificateView | undefined> {
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
