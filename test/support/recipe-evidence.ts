/** Where the fault of each recipe stands in the bytes: what reads them must see it, and must not see it in the good chain. */
import { toHex } from '#shared/bytes'
import { readElement } from '#shared/crypto/encodings/der'
import { numberFrom } from '#shared/crypto/encodings/rsa-numbers'
import { verifySignature } from '#shared/crypto/pki/verify'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readRevocationList } from '#shared/inspect/x509/revocation-list'
import type { CertificateDescription } from '#shared/inspect/x509/types'
import type { MadeChain } from '#shared/workshop/make'

type Evidence = (chain: MadeChain) => boolean | Promise<boolean>

const DAY = 86_400_000
const read = (chain: MadeChain, id: string): CertificateDescription =>
  readCertificate(chain.certificates.find((each) => each.id === id)!.der)
const hexOf = (chain: MadeChain, id = 'leaf'): string =>
  toHex(chain.certificates.find((each) => each.id === id)!.der)
const leaf =
  (sees: (certificate: CertificateDescription, chain: MadeChain) => boolean): Evidence =>
  (chain) =>
    sees(read(chain, 'leaf'), chain)
const issuer =
  (sees: (certificate: CertificateDescription, chain: MadeChain) => boolean): Evidence =>
  (chain) =>
    sees(read(chain, 'intermediate'), chain)
/** A time in the leaf, by the characters of its form. */
const timeLike =
  (form: RegExp): Evidence =>
  (chain) =>
    form.test(Buffer.from(hexOf(chain), 'hex').toString('latin1'))
const names = ({ standard }: CertificateDescription): readonly string[] =>
  (standard.subjectAltName ?? []).map(({ kind, value }) => `${kind}:${value}`)
const named =
  (...expected: readonly string[]): Evidence =>
  (chain) =>
    JSON.stringify(names(read(chain, 'leaf'))) === JSON.stringify(expected.map((name) => `DNS:${name}`)) &&
    chain.host !== expected[0]
const purposes = ({ standard }: CertificateDescription): string =>
  (standard.extendedKeyUsage ?? []).map(({ name }) => name).join()
const extension = (
  certificate: CertificateDescription,
  name: string,
): CertificateDescription['extensions'][number] | undefined =>
  certificate.extensions.find((each) => each.name === name)
const times = (certificate: CertificateDescription, oid: string): number =>
  certificate.extensions.filter((each) => each.oid === oid).length
const constraint = (list: 'permitted' | 'excluded', kind: string): Evidence =>
  issuer(({ standard }) => standard.nameConstraints?.[list].some((each) => each.kind === kind) === true)

/** Whether a certificate's signature is its issuer's. */
async function isSigned(chain: MadeChain, id: string, by: string): Promise<boolean> {
  const { signatureAlgorithm, signature, signedPart } = read(chain, id)
  const { spki } = read(chain, by).publicKey
  return (await verifySignature(signatureAlgorithm, spki, signature, signedPart)).result === 'valid'
}
const unsigned =
  (id: string, by: string): Evidence =>
  async (chain) =>
    !(await isSigned(chain, id, by))
const list =
  (at: number, sees: (read: ReturnType<typeof readRevocationList>, chain: MadeChain) => boolean): Evidence =>
  (chain) =>
    sees(readRevocationList(chain.lists[at]!), chain)
const entries = (of: ReturnType<typeof readRevocationList>): string =>
  [...of.entries.values()].map(({ reason }) => reason).join()
async function isListSigned(chain: MadeChain): Promise<boolean> {
  const { signatureAlgorithm, signature, signedPart } = readRevocationList(chain.lists[1]!)
  const { spki } = read(chain, 'intermediate').publicKey
  return (await verifySignature(signatureAlgorithm, spki, signature, signedPart)).result === 'valid'
}

/** By the ids of recipes; those of which nothing is wrong in any bytes have the shape of the chain. */
export const EVIDENCE: Readonly<Record<string, Evidence>> = {
  good: async (chain) =>
    (await isSigned(chain, 'leaf', 'intermediate')) && (await isSigned(chain, 'intermediate', 'root')),
  expired: leaf(({ notAfter }, { now }) => notAfter! < now),
  'not-yet-valid': leaf(({ notBefore }, { now }) => notBefore! > now),
  'validity-reversed': leaf(({ notBefore, notAfter }) => notAfter! < notBefore!),
  'issuer-expired': issuer(({ notAfter }, { now }) => notAfter! < now),
  'root-expired': (chain) => read(chain, 'root').notAfter! < chain.now,
  'utc-time-after-2050': timeLike(/\x17\x0d520101\d{6}Z/),
  'generalized-time-before-2050': timeLike(/\x18\x0f20[234]\d{11}Z/),
  'generalized-time-fraction': timeLike(/\x18\x11\d{14}\.5Z/),
  'utc-time-without-zone': timeLike(/\x17\x0c\d{12}[^Z]/),
  'utc-time-without-seconds': timeLike(/\x17\x0b\d{10}Z/),
  'utc-time-with-offset': timeLike(/\x17\x11\d{12}\+0000/),
  'serial-zero': leaf(({ serial }) => serial === '00'),
  'serial-negative': leaf(({ serial }) => Number.parseInt(serial.slice(0, 2), 16) >= 0x80),
  'serial-too-long': leaf(({ serial }) => serial.length === 66),
  'serial-redundant-zeros': leaf(({ serial }) => /^00[0-7]/.test(serial) && serial.length > 2),
  'no-subject-alt-name': leaf((c) => !extension(c, 'subjectAltName') && c.subject.commonName === 'localhost'),
  'wrong-host': named('elsewhere.test'),
  'address-as-dns-name': leaf((c, { host }) => names(c).join() === `DNS:${host}` && host === '127.0.0.1'),
  'subject-alt-name-empty': leaf((c) => toHex(extension(c, 'subjectAltName')!.value) === '3000'),
  'dns-name-with-nul': leaf((c) =>
    toHex(extension(c, 'subjectAltName')!.value).includes('6c6f63616c686f737400'),
  ),
  'dns-name-not-ascii': (chain) => hexOf(chain).includes('62c3bc63686572'),
  'subject-empty-san-not-critical': leaf(
    (c) => c.subject.text === '' && !extension(c, 'subjectAltName')!.critical,
  ),
  'issuer-subject-empty': leaf(
    (c, chain) => c.issuer.text === '' && read(chain, 'intermediate').subject.text === '',
  ),
  'subject-wrong-string-type': (chain) => hexOf(chain).includes('130a73657276657240'),
  'country-too-long': leaf(({ subject }) => subject.text.startsWith('C=DEU')),
  'common-name-too-long': leaf(({ subject }) => subject.commonName?.length === 65),
  'email-in-subject-not-ia5': (chain) => hexOf(chain).includes('0c0f736572766572406c61622e74657374'),
  'wildcard-partial-label': named('w*.lab.test'),
  'wildcard-two-labels': named('*.*.test'),
  'wildcard-bare': named('*'),
  'wildcard-top-level': named('*.test'),
  'wildcard-inner-label': named('www.*.test'),
  'wildcard-over-two-levels': leaf(
    (c, { host }) => names(c).join() === 'DNS:*.lab.test' && host === 'a.b.lab.test',
  ),
  'wildcard-for-the-domain-itself': leaf(
    (c, { host }) => names(c).join() === 'DNS:*.lab.test' && host === 'lab.test',
  ),
  'extended-key-usage-absent': leaf((c) => !extension(c, 'extKeyUsage')),
  'extended-key-usage-client': leaf((c) => purposes(c) === 'clientAuth'),
  'extended-key-usage-any': leaf((c) => purposes(c) === 'anyExtendedKeyUsage'),
  'extended-key-usage-critical': leaf((c) => extension(c, 'extKeyUsage')!.critical),
  'issuer-extended-key-usage-mail': issuer((c) => purposes(c) === 'emailProtection'),
  'key-usage-wrong': leaf(({ standard }) => standard.keyUsage?.join() === 'dataEncipherment'),
  'key-usage-empty': leaf((c) => toHex(extension(c, 'keyUsage')!.value) === '030100'),
  'key-usage-cert-sign-without-ca': leaf(
    ({ standard }) => standard.keyUsage!.includes('keyCertSign') && !standard.basicConstraints!.authority,
  ),
  'issuer-key-usage-without-cert-sign': issuer(({ standard }) => standard.keyUsage?.join() === 'cRLSign'),
  'issuer-basic-constraints-absent': issuer((c) => !extension(c, 'basicConstraints')),
  'issuer-not-authority': issuer(({ standard }) => standard.basicConstraints?.authority === false),
  'path-length-exceeded': (chain) =>
    read(chain, 'upper').standard.basicConstraints?.pathLength === 0 && chain.sent.length === 2,
  'path-length-negative': issuer(({ standard }) => standard.basicConstraints?.pathLength === -1),
  'path-length-without-ca': leaf(
    ({ standard: { basicConstraints } }) => basicConstraints?.pathLength === 0 && !basicConstraints.authority,
  ),
  'issuer-basic-constraints-not-critical': issuer((c) => !extension(c, 'basicConstraints')!.critical),
  'leaf-is-authority': leaf(({ standard }) => standard.basicConstraints?.authority === true),
  'unknown-critical-extension': leaf((c) => extension(c, '1.2.3.4.5')!.critical),
  'duplicate-extension': leaf((c) => times(c, '2.5.29.17') === 2),
  'duplicate-unknown-extension': leaf((c) => times(c, '1.2.3.4.5') === 2),
  'malformed-extension': leaf((c) => extension(c, 'subjectAltName')!.problem !== undefined),
  'extension-default-encoded': (chain) => hexOf(chain).includes('06042a03040501010004020500'),
  'authority-key-identifier-absent': leaf((c) => !extension(c, 'authorityKeyIdentifier')),
  'authority-key-identifier-critical': leaf((c) => extension(c, 'authorityKeyIdentifier')!.critical),
  'authority-key-identifier-wrong': leaf(
    (c, chain) =>
      toHex(c.standard.authorityKeyIdentifier!.keyIdentifier!) !==
      toHex(read(chain, 'intermediate').standard.subjectKeyIdentifier!),
  ),
  'issuer-subject-key-identifier-absent': issuer((c) => !extension(c, 'subjectKeyIdentifier')),
  'name-constraints-dns-outside': constraint('permitted', 'DNS'),
  'name-constraints-dns-excluded': constraint('excluded', 'DNS'),
  'name-constraints-ip-outside': constraint('permitted', 'IP'),
  'name-constraints-ip-excluded': constraint('excluded', 'IP'),
  'name-constraints-email-outside': constraint('permitted', 'email'),
  'name-constraints-email-excluded': constraint('excluded', 'email'),
  'name-constraints-uri-outside': constraint('permitted', 'URI'),
  'name-constraints-uri-excluded': constraint('excluded', 'URI'),
  'name-constraints-directory-outside': constraint('permitted', 'directoryName'),
  'name-constraints-directory-excluded': constraint('excluded', 'directoryName'),
  'name-constraints-empty': issuer((c) => toHex(extension(c, 'nameConstraints')!.value) === '3000'),
  'name-constraints-in-leaf': leaf((c) => extension(c, 'nameConstraints') !== undefined),
  'signature-broken': unsigned('leaf', 'intermediate'),
  'signature-empty': leaf(({ signature }) => signature.length === 0),
  'issuer-signature-broken': unsigned('intermediate', 'root'),
  'root-signature-broken': unsigned('root', 'root'),
  'signature-algorithm-mismatch': leaf((c) => !c.algorithmsAgree),
  'signature-md5': leaf((c) => c.signatureAlgorithm.hash === 'MD5'),
  'signature-sha1': leaf((c) => c.signatureAlgorithm.name === 'sha1WithRSAEncryption'),
  'signature-ecdsa-sha1': leaf((c) => c.signatureAlgorithm.name === 'ecdsa-with-SHA1'),
  'pss-salt-length-wrong': leaf((c) => toHex(c.signatureAlgorithm.parameters!).endsWith('a203020114')),
  'signature-not-der': leaf(({ signature }) => {
    const r = readElement(signature, readElement(signature).contentStart)
    // 33 bytes at most are 32 and a zero that keeps it positive.
    return (
      signature[r.contentStart] === 0 &&
      (signature[r.contentStart + 1]! < 0x80 || signature[r.contentStart + 1] === 0)
    )
  }),
  'rsa-parameters-absent': leaf(
    (c) => c.signatureAlgorithm.name === 'sha256WithRSAEncryption' && !c.signatureAlgorithm.parameters,
  ),
  'ecdsa-parameters-null': leaf((c) => toHex(c.signatureAlgorithm.parameters ?? new Uint8Array()) === '0500'),
  'rsa-1024': leaf(({ publicKey }) => publicKey.family === 'RSA' && publicKey.bits === 1024),
  'issuer-rsa-1024': issuer(({ publicKey }) => publicKey.family === 'RSA' && publicKey.bits === 1024),
  'rsa-exponent-1': leaf(({ publicKey }) => Number.parseInt(publicKey.rsa!.exponent, 16) === 1),
  'rsa-exponent-3': leaf(({ publicKey }) => Number.parseInt(publicKey.rsa!.exponent, 16) === 3),
  'rsa-even-modulus': leaf(({ publicKey }) => BigInt(`0x${publicKey.rsa!.modulus}`) % 2n === 0n),
  'ec-point-off-curve': leaf(({ publicKey }) => !isOnP256(publicKey.keyBytes)),
  'ed25519-key': leaf(({ publicKey }) => publicKey.family === 'Ed25519'),
  'version-1-with-extensions': leaf(({ version, extensions }) => version === 1 && extensions.length > 0),
  'version-2-with-extensions': leaf(({ version, extensions }) => version === 2 && extensions.length > 0),
  'version-4': leaf(({ version }) => version === 4),
  'trailing-byte': ({ leaf: { der } }) => readElement(der).end === der.length - 1 && der.at(-1) === 0,
  'length-not-minimal': ({ leaf: { der } }) => der[1]! > 0x80 && der[2] === 0,
  'intermediate-missing': ({ sent }) => sent.length === 0,
  'unknown-root': (chain) => !chain.anchors.some(({ id }) => id === 'root'),
  'issuer-same-name-other-key': (chain) =>
    read(chain, 'stranger').subject.text === read(chain, 'root').subject.text &&
    chain.anchors[0]!.id === 'stranger',
  'issuer-name-mismatch': leaf((c, chain) => c.issuer.text !== read(chain, 'intermediate').subject.text),
  'cross-signed-cycle': async (chain) =>
    (await isSigned(chain, 'first', 'second')) && (await isSigned(chain, 'second', 'first')),
  'chain-order-wrong': ({ sent }) => sent.map(({ id }) => id).join() === 'upper,intermediate',
  'chain-with-stranger': ({ sent }) => sent.some(({ id }) => id === 'stranger'),
  'root-sent-too': ({ sent }) => sent.some(({ id }) => id === 'root'),
  'self-signed-leaf': (chain) => isSigned(chain, 'leaf', 'leaf'),
  'self-signed-leaf-trusted': async (chain) =>
    (await isSigned(chain, 'leaf', 'leaf')) && chain.anchors[0]!.id === 'leaf',
  'anchor-is-intermediate': ({ anchors }) => anchors.map(({ id }) => id).join() === 'intermediate',
  'not-revoked': ({ lists }) => lists.every((der) => readRevocationList(der).entries.size === 0),
  revoked: list(1, (of) => entries(of) === 'keyCompromise'),
  'revoked-on-hold': list(1, (of) => entries(of) === 'certificateHold'),
  'issuer-revoked': list(0, (of) => entries(of) === 'cACompromise'),
  'crl-expired': list(1, ({ nextUpdate }, { now }) => nextUpdate! < now),
  'crl-not-yet-valid': list(1, ({ thisUpdate }, { now }) => thisUpdate! > now + DAY / 2),
  'crl-signed-by-another': async (chain) =>
    !(await isListSigned(chain)) &&
    readRevocationList(chain.lists[1]!).issuer.text === read(chain, 'intermediate').subject.text,
  'crl-signature-broken': async (chain) => !(await isListSigned(chain)),
  'crl-unknown-critical-extension': ({ lists }) => toHex(lists[1]!).includes('06042a0304050101ff'),
  'crl-missing': ({ lists }) => lists.length === 1,
}

const [P, B] = [
  2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  BigInt('0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b'),
]

/** y² = x³ - 3x + b, by itself: the program’s own judge is not asked. */
function isOnP256(point: Uint8Array): boolean {
  const [x, y] = [numberFrom(point.subarray(1, 33)), numberFrom(point.subarray(33))]
  return (y * y - (x ** 3n - 3n * x + B)) % P === 0n
}
