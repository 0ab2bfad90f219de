/** The checks that a receiver makes on a message: what each asks, and what it would have meant to go on without it. */
import type { CheckInfo } from '../record/checks'

/** Every check by its identifier (protocol.md section 7). */
export const CHECKS = {
  frame: {
    title: 'Frame',
    ifIgnored:
      'The receiver would read bytes of another protocol, or reserve memory for a length that a stranger chose.',
  },
  session_alive: {
    title: 'Session lifetime',
    ifIgnored: 'A key could be used for ever, and whoever finds it later could still speak as the client.',
  },
  decryption: {
    title: 'Decryption',
    ifIgnored:
      'The receiver would work with noise: the message was made with another key or changed on the way.',
  },
  members: {
    title: 'Members and their types',
    ifIgnored: 'The receiver would act on a value that is missing or means something else.',
  },
  identity: {
    title: 'Identity',
    ifIgnored: 'A message meant for someone else, or made by someone else, would be taken as one’s own.',
  },
  name: {
    title: 'Whose name it is',
    ifIgnored:
      'Anyone could have the server’s name certified for a key of their own, and clients would take them for the server.',
  },
  key_pair: {
    title: 'Private key belongs to public key',
    ifIgnored: 'The server would hold a certificate for a key that it can’t use: no client could reach it.',
  },
  cert_s_signature: {
    title: 'Signature of Cert_S',
    ifIgnored: 'Anyone could put their own public key in the server’s place and read what the client sends.',
  },
  same_key: {
    title: 'Same key in both certificates',
    ifIgnored:
      'The two certificates could speak of different keys, and each check would be about the wrong one.',
  },
  x509_signature: {
    title: 'Signature of the X.509 certificate',
    ifIgnored:
      'The certificate could have been written by anyone: nobody the receiver trusts vouches for it.',
  },
  issuer: {
    title: 'Issuer',
    ifIgnored: 'A certificate of one authority would be taken for one of another.',
  },
  validity: {
    title: 'Validity dates',
    ifIgnored: 'A key that its owner gave up long ago would still be trusted.',
  },
  subject: {
    title: 'Subject',
    ifIgnored: 'A true certificate of some other server would do, and that server could pose as this one.',
  },
  basic_constraints: {
    title: 'Not an authority',
    ifIgnored: 'A certificate that may itself issue certificates would be used as a server’s.',
  },
  certificate_key: {
    title: 'Key in the certificate',
    ifIgnored:
      'A key that can be broken, or that protects nothing, would be used for what has to stay secret.',
  },
  critical_extensions: {
    title: 'No unknown critical extension',
    ifIgnored: 'The certificate could be limited in a way that its issuer wanted nobody to overlook.',
  },
  key_usage: {
    title: 'Key usage',
    ifIgnored: 'The key would be used for something its issuer did not allow.',
  },
  extended_key_usage: {
    title: 'Extended key usage',
    ifIgnored: 'A certificate for another purpose, for instance mail, would pass as a server’s.',
  },
  subject_alt_name: {
    title: 'Address in the certificate',
    ifIgnored: 'A certificate for another place would be accepted for the address that was connected to.',
  },
  request_signature: {
    title: 'Signature of the request',
    ifIgnored: 'Anyone could have someone else’s public key certified in their own name.',
  },
  request_subject: {
    title: 'Subject of the request',
    ifIgnored: 'The certificate would be issued in another name than the one that asked.',
  },
  request_key_size: {
    title: 'Key in the request',
    ifIgnored: 'A key that can be broken, or that protects nothing, would be certified as good.',
  },
  not_seen: {
    title: 'Not seen before',
    ifIgnored: 'A recorded request could be sent again, and the authority would issue again.',
  },
  nonce: {
    title: 'Own nonce comes back',
    ifIgnored: 'An answer to an earlier request could be taken for the answer to this one.',
  },
  proof: {
    title: 'Proof of the server',
    ifIgnored: 'Anyone who has seen the certificate could stand in the server’s place until step 6.',
  },
  sequence: {
    title: 'Sequence number',
    ifIgnored: 'A message could be sent twice, left out or moved, and would be taken as it comes.',
  },
  lifetime: {
    title: 'Lifetime in range',
    ifIgnored: 'A session could last for ever or end before it starts.',
  },
  address: {
    title: 'Address and port of the client',
    ifIgnored:
      'By default nothing more than now: address and port are only recorded. Where the server enforces them, a message that was carried to another connection is refused.',
  },
  freshness: {
    title: 'Freshness',
    ifIgnored: 'A recorded message could be sent again at any later time and be taken as new.',
  },
} as const satisfies Readonly<Record<string, CheckInfo>>

export type CheckId = keyof typeof CHECKS
export const CHECK_IDS = Object.keys(CHECKS) as CheckId[]

/** The checks of every message before those of its step, and after them. */
export const CHECKS_OF_ALL = {
  before: ['frame', 'decryption', 'members'],
  after: ['freshness'],
} as const satisfies { readonly before: readonly CheckId[]; readonly after: readonly CheckId[] }

/** The checks of the server's X.509 certificate, in order. */
export const X509_CHECKS = [
  'x509_signature',
  'issuer',
  'validity',
  'subject',
  'basic_constraints',
  'critical_extensions',
  'certificate_key',
  'key_usage',
  'extended_key_usage',
  'subject_alt_name',
] as const satisfies readonly CheckId[]
