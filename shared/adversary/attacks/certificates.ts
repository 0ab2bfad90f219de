/**
 * Attacks with certificates that the authority has honestly issued, for something else than to be this server here and now: the
 * adversary has the key of one of them. Each is stopped by the one check that asks what the certificate is for.
 */
import { oidNamed } from '../../crypto/encodings/oids'
import {
  issue,
  issueServerCertificate,
  serverExtensions,
  type ExtensionTemplate,
} from '../../crypto/pki/issue'
import type { RsaKeyPair } from '../../crypto/primitives/rsa'
import type { RemovableCheck } from '../../hl1/defences'
import type { Attack } from '../attack'
import { secret } from '../oracles'
import type { Stage } from '../stage'
import { certify, standInBetween } from '../tools'

const YEAR = 31_557_600_000

/** A certificate that says something else in one place. */
interface Purpose {
  readonly check: RemovableCheck
  readonly title: string
  /** Whose key it is, and how the adversary has come by it. */
  readonly has: string
  /** Why the authority has issued it, in a sentence. */
  readonly because: string
  readonly issue: (stage: Stage) => typeof issueServerCertificate
  readonly keyPair?: (stage: Stage) => Promise<RsaKeyPair>
}

/** The usual certificate with one extension replaced, or one more. */
function withExtension(extension: ExtensionTemplate): Purpose['issue'] {
  return () => (issuer, request, crypto) => {
    const usual = serverExtensions(issuer)
    const isThere = usual.some(({ name }) => name === extension.name)
    const extensions = isThere
      ? usual.map((each) => (each.name === extension.name ? extension : each))
      : [...usual, extension]
    const template = {
      ...request,
      subject: request.identity,
      issuer: issuer.certificate.subject.commonName ?? '',
      extensions,
    }
    return issue(request.publicKey, issuer.privateKey, template, crypto)
  }
}

const PURPOSES: readonly Purpose[] = [
  {
    check: 'validity',
    title: 'A certificate that has expired',
    has: 'A private key that the server gave up two years ago, when its certificate had ended.',
    because: 'The authority certified that key until then, and not a day longer.',
    issue:
      ({ environment }) =>
      (issuer, request, crypto) => {
        const now = environment.now()
        const validity = { notBefore: now - 3 * YEAR, notAfter: now - 2 * YEAR }
        return issueServerCertificate(issuer, { ...request, validity }, crypto)
      },
  },
  {
    check: 'issuer',
    title: 'A certificate by a careless sister of the authority',
    has: 'A key that another authority has certified in the server’s name: it asks nobody, and uses the same key as the true one.',
    because: 'The same key signs for two authorities; only one of them is the trust anchor.',
    issue: () => (issuer, request, crypto) => {
      const template = {
        ...request,
        subject: request.identity,
        issuer: 'ID-Other-CA',
        extensions: serverExtensions(issuer),
      }
      return issue(request.publicKey, issuer.privateKey, template, crypto)
    },
  },
  {
    check: 'basic_constraints',
    title: 'The certificate of an authority below',
    has: 'The key of a department that may issue certificates itself, and is called like the server.',
    because: 'The authority certified it to issue others, not to be reached.',
    issue: withExtension({ name: 'basicConstraints', critical: true, cA: true }),
  },
  {
    check: 'critical_extensions',
    title: 'A certificate with a limit',
    has: 'The key of a certificate in the server’s name that is limited to names of another network.',
    because: 'The authority wrote the limit into an extension that nobody may overlook.',
    // nameConstraints (RFC 5280 section 4.2.1.10): permitted is example.net alone.
    issue: withExtension({
      id: oidNamed('nameConstraints'),
      name: 'nameConstraints',
      critical: true,
      value: '\x30\x11\xa0\x0f\x30\x0d\x82\x0bexample.net',
    }),
  },
  {
    check: 'certificate_key',
    title: 'A certificate for a key that is too short',
    has: 'A private key of 1,792 bits that it has found by factoring; here it is handed over, as that takes longer than a run.',
    because: 'The authority certified the key when it still seemed long enough.',
    issue: () => issueServerCertificate,
    keyPair: (stage) => stage.shortKeyPair(),
  },
  {
    check: 'key_usage',
    title: 'A certificate for signing documents',
    has: 'The key that the server’s owner signs documents with.',
    because: 'The authority allowed that key to sign, and to protect no other key.',
    issue: withExtension({ name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true }),
  },
  {
    check: 'extended_key_usage',
    title: 'A certificate for mail',
    has: 'The key of the server’s mailbox.',
    because: 'The authority certified that key for mail.',
    issue: withExtension({ name: 'extKeyUsage', emailProtection: true }),
  },
  {
    check: 'subject_alt_name',
    title: 'A certificate for another address',
    has: 'The key of a server with the same name on a test machine.',
    because: 'The authority certified it for the address of that machine.',
    issue: withExtension({ name: 'subjectAltName', altNames: [{ type: 7, ip: '10.0.0.7' }] }),
  },
]

export const certificateAttacks: readonly Attack[] = PURPOSES.map(
  ({ check, title, has, because, issue: issuing, keyPair = (stage) => stage.keyPair() }) => ({
    id: `certificate-${check.replaceAll('_', '-')}`,
    title,
    has,
    wants: 'What a client asks of the server.',
    story: [
      because,
      'A client comes, and the adversary answers in the server’s place with that certificate.',
      'If the client goes on, it tells the adversary what it wants.',
    ],
    oracle: secret(),
    stoppedBy: { classic: [check], modern: [check] },
    async run(stage) {
      await stage.register()
      const own = await certify(stage, stage.leaks.authority(), await keyPair(stage), issuing(stage))
      return standInBetween(stage, own)
    },
  }),
)
