/** The certificates of a run in words, and its keys: public ones by fingerprint, all by where they came from. */
import { toHex } from '../bytes'
import { HL1 } from '../hl1/protocol'
import { KEYS, KEY_SYMBOLS, type KeySymbol } from '../hl1/keys'
import { SUITE_NAMES, SUITES, type SuiteName } from '../hl1/suites'
import type { Certificate } from '../crypto/pki/certificate'
import { describeCertificate, describeKey, type CertificateView } from '../inspect/describe'
import { keyAlgorithm, keySource, keyStory, stepsUnder, stepWords } from '../record/key-story'
import type { Run } from '../run/run'
import { OTHER_KEYS } from '../run/secrets-in'
import { nextTurn } from '../turn'
import { dayText } from '../words'
import { markup, lines, type Html, type Part } from './html'
import { firstRows, type ReportWishes } from './source'
import { asRoomAllows, facts, more, table, timeText, type Room } from './words'

/** A certificate with what it is to the run. */
export interface ReportCertificate {
  readonly title: string
  readonly view: CertificateView
}

/** The certificates of a run, each once. */
export async function certificatesOf({
  anchors,
  server,
  authority,
}: Run): Promise<readonly ReportCertificate[]> {
  const found = new Map<string, { readonly title: string; readonly certificate: Certificate }>()
  const add = (title: string, certificate: Certificate | undefined): void => {
    if (certificate && !found.has(certificate.pem)) found.set(certificate.pem, { title, certificate })
  }
  for (const { from, value } of anchors)
    add(
      `Trust anchor: the authority’s own certificate${anchors.length > 1 ? `, since ${timeText(from)}` : ''}`,
      value,
    )
  add('The certificate of the server', server.certificate)
  for (const { at, certificate } of firstRows(authority.issued).rows)
    add(`Certificate issued ${timeText(at)}`, certificate)
  const described: ReportCertificate[] = []
  for (const { title, certificate } of found.values()) {
    await nextTurn()
    described.push({ title, view: await describeCertificate(certificate) })
  }
  return described
}

/** Certificates in words. */
export function* certificatesPart(
  certificates: readonly ReportCertificate[],
  { server, authority }: Run,
  { unfolded }: ReportWishes,
  room: Room,
): Iterable<Html> {
  if (certificates.length === 0) yield markup`<p>No certificate is known of this run.</p> `
  yield* asRoomAllows(certificates, room, ({ title, view }) => certificatePart(title, view, unfolded), {
    what: 'certificate',
    more: firstRows(authority.issued).more,
  })
  if (server.certS)
    yield markup`<h3>Cert_S of the server</h3>
      <p>
        The bare signature that is a certificate in suite classic: of the authority’s key over the names of
        both and the server’s public key.
      </p>
      <pre class="bytes">${lines(toHex(server.certS))}</pre> `
}

function* certificatePart(title: string, view: CertificateView, unfolded: boolean): Iterable<Html> {
  const {
    subject,
    issuer,
    selfSigned,
    serial,
    version,
    notBefore,
    notAfter,
    signatureName,
    key,
    fingerprint,
    pem,
  } = view
  const says = selfSigned
    ? `${subject} vouches for itself: whoever trusts it has got it from outside the protocol.`
    : `${issuer} says that this key of ${key.bits} bits belongs to ${subject}, from ${dayText(notBefore)} to ${dayText(notAfter)}.`
  yield markup`<h3>${title}</h3>
    <p>${says}</p>
    ${facts([
      ['Subject', subject],
      ['Issuer', selfSigned ? 'itself' : issuer],
      ['Valid', `${timeText(notBefore)} to ${timeText(notAfter)}`],
      ['Serial number', markup`<code>${serial}</code>`],
      ['Version', version],
      ['Signed with', signatureName],
      ['Public key', `RSA, ${key.bits} bits`],
      ['Key’s SHA-256', markup`<code>${key.fingerprint}</code>`],
      ['Certificate’s SHA-256', markup`<code>${fingerprint}</code>`],
    ])}`
  if (view.extensions.length > 0)
    yield table(
      'Extensions',
      ['Extension', 'Critical', 'What it says'],
      firstRows(view.extensions, 50).rows.map(({ name, critical, text }) => [
        name,
        critical ? 'yes' : 'no',
        text,
      ]),
    )
  const text = markup`<pre class="bytes">${lines(pem.trimEnd())}</pre> `
  yield unfolded
    ? text
    : markup`<details>
        <summary>As PEM</summary>
        ${text}
      </details> `
}

/** The keys of each suite that the run has, and, where they are wished for, the secrets themselves. */
export async function* keysPart(
  { records, anchors, server, secrets }: Run,
  wishes: ReportWishes,
): AsyncIterable<Html> {
  const prints: Partial<Record<KeySymbol, Part>> = {}
  const anchor = anchors.at(-1)?.value
  if (anchor) prints.PK_CA = markup`<code>${(await describeKey(anchor.publicKey)).fingerprint}</code>`
  if (server.certificate)
    prints.PK_S = markup`<code>${(await describeKey(server.certificate.publicKey)).fingerprint}</code>`
  for (const suite of SUITE_NAMES) {
    if (!records.some((entry) => entry.suite === suite)) continue
    yield table(
      `Keys of suite ${SUITES[suite].title}`,
      ['Key', 'What it is', 'Where it comes from, and what for', 'Fingerprint (SHA-256 of the public key)'],
      KEY_SYMBOLS.filter((symbol) => isKeyOf(suite, symbol)).map((symbol) => [
        markup`<code>${symbol}</code>`,
        [KEYS[symbol].name, keyAlgorithm(HL1, suite, symbol)].filter((word) => word !== undefined).join('; '),
        `${keyStory(HL1, suite, symbol)} ${useOf(suite, symbol)}`,
        KEYS[symbol].kind === 'public key'
          ? (prints[symbol] ?? 'not known of this run')
          : 'none: it is no public key',
      ]),
      'keys',
    )
  }
  if (wishes.secrets && secrets) yield* secretsPart(secrets)
}

/** Whether a suite has a key: it protects or comes with a message, is derived, or is of a key pair. */
function isKeyOf(suite: SuiteName, symbol: KeySymbol): boolean {
  const { kind } = KEYS[symbol]
  return (
    kind !== 'symmetric key' ||
    keySource(HL1, suite, symbol) !== undefined ||
    stepsUnder(HL1, suite, symbol).length > 0
  )
}

function useOf(suite: SuiteName, symbol: KeySymbol): string {
  const steps = stepsUnder(HL1, suite, symbol)
  const about = keyStory(HL1, suite, symbol)
  return steps.length === 0 || about.includes(stepWords(steps)) ? '' : `Closes ${stepWords(steps)}.`
}

function* secretsPart({
  privateKeys,
  connections,
  others = [],
}: NonNullable<Run['secrets']>): Iterable<Html> {
  yield markup`<h3>Secrets that were still there</h3>
    <p>
      <strong>Whoever has these can read what they open, and act in their owner’s name.</strong> Those that
      messages carry stand with them.
    </p> `
  for (const [symbol, pem] of Object.entries(privateKeys))
    yield markup`<h4>${symbol}</h4>
      <pre class="bytes">${lines(pem.trimEnd())}</pre> `
  for (const pem of others)
    yield markup`<h4>${OTHER_KEYS}</h4>
      <pre class="bytes">${lines(pem.trimEnd())}</pre> `
  const { rows, more: rest } = firstRows(connections)
  const keys = rows.flatMap(({ connection, role, keys: own }) =>
    Object.entries(own).map(([symbol, key]) => [
      markup`<code>${symbol}</code>`,
      role,
      connection,
      markup`<code>${toHex(key)}</code>`,
    ]),
  )
  if (keys.length > 0) yield table('Keys of connections', ['Key', 'Whose', 'Connection', 'Value'], keys)
  yield markup`${more(rest, 'connection')}`
}
