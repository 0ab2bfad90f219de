/** Claims on certificates, requests and signatures. Nobody needs a secret for them. */
import { isIdentity } from '../hl1/identity'
import { KEY_SYMBOLS, KEYS } from '../hl1/keys'
import { ROLE_NAMES, type Role } from '../hl1/roles'
import { X509_CHECKS, type CheckId } from '../hl1/check-table'
import type { Derivation } from '../record/derivation'
import { claim, skip, type Item } from './claim'
import type { KeyFile } from './keys'
import { fileValue, ownerOf, valueFrom, type Missing, type Value } from './derivations'
import { verdict, type Subject } from './proving'
import type { ProofMessage } from './run'
import { hexOfFile, isFile, not, quoted, same, word, worked } from './shell'
import { sheetOfMessage, valueOf, type Thing } from './things'

/** What a shell line may name as it is: an address of IPv4. */
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

/** Whether a file's form was claimed already: each is once. */
export type Told = Set<string>

/** The claims on all that a message has brought. */
export function certificateItems(subject: Subject, told: Told): readonly Item[] {
  const { message, things } = subject
  return (sheetOfMessage(message)?.members ?? []).flatMap((spec) => {
    const thing = things.of(message, spec.name)
    if (!thing) return []
    const about = `${message.label}: ${spec.name}`
    switch (spec.nature.is) {
      case 'certificate':
        return [...form(about, 'openssl x509', thing, told), ...x509Items(about, thing, subject)]
      case 'request':
        return [...form(about, 'openssl req', thing, told), ...requestItems(about, thing, subject)]
      case 'public-key':
        return form(about, 'openssl pkey -pubin', thing, told)
      case 'bare-certificate':
        return signatureItems(about, thing, spec.nature, 'cert_s_signature', subject)
      case 'signature':
        return signatureItems(about, thing, spec.nature, 'proof', subject)
      default:
        return []
    }
  })
}

/** The claims on the authorities' own certificates, each of which may have come into force long after the first message. */
export function anchorItems({ things }: Pick<Subject, 'things'>): readonly Item[] {
  return things.anchors.flatMap(({ file }): readonly Item[] => {
    const path = word(file)
    const about = `the authority’s certificate${things.anchors.length > 1 ? ` ${file}` : ''}`
    return [
      claim(`${about} is written as OpenSSL writes it`, [file], isFile(`openssl x509 -in ${path}`, path)),
      claim(
        `${about} has its own signature`,
        [file],
        `openssl verify -check_ss_sig -no_check_time -CAfile ${path} ${path}`,
      ),
    ]
  })
}

/** The claims on a view's own keys: private ones, with the certificates that they belong to, and what everybody knows. */
export function keyItems({ view, keys, things }: Omit<Subject, 'message'>, told: Told): readonly Item[] {
  return [
    ...OPEN.flatMap((symbol): readonly Item[] => {
      const { file, known } = keys.of(view, symbol) ?? {}
      if (file === undefined || known === undefined || told.has(file)) return []
      told.add(file)
      return [
        claim(
          `${symbol} is ${known}, which everybody knows`,
          [file],
          `[ ${hexOfFile(word(file))} = ${known} ]`,
        ),
      ]
    }),
    ...privateKeyItems('SK_CA', things.anchorOf(view)?.file, keys.of(view, 'SK_CA'), told),
    ...privateKeyItems('SK_S', things.certificateIn(view)?.file, keys.of(view, 'SK_S'), told),
  ]
}

/** Keys that everybody has, and that are in no message. */
const OPEN = KEY_SYMBOLS.filter((symbol) => KEYS[symbol].known === true)

function privateKeyItems(
  symbol: string,
  certificate: string | undefined,
  key: KeyFile | undefined,
  told: Told,
): readonly Item[] {
  if (!key || certificate === undefined || told.has(`${key.file} ${certificate}`)) return []
  const path = word(key.file)
  const isNew = !told.has(key.file)
  told.add(key.file)
  told.add(`${key.file} ${certificate}`)
  const written = `openssl pkey -in ${path}`
  return [
    ...(isNew && key.isUsual
      ? [claim(`${symbol} is written as OpenSSL writes it`, [key.file], isFile(written, path))]
      : []),
    ...(isNew
      ? [claim(`${symbol}: its numbers belong together`, [key.file], `${written} -check -noout`)]
      : []),
    claim(
      `${symbol} belongs to ${certificate}`,
      [key.file, certificate],
      same(`${written} -pubout`, `openssl x509 -in ${word(certificate)} -noout -pubkey`),
    ),
  ]
}

function form(about: string, program: string, { file, isUsual }: Thing, told: Told): readonly Item[] {
  if (!isUsual || told.has(file)) return []
  told.add(file)
  return [
    claim(
      `${about} is written as OpenSSL writes it`,
      [file],
      isFile(`${program} -in ${word(file)}`, word(file)),
    ),
  ]
}

function x509Items(about: string, { file }: Thing, subject: Subject): readonly Item[] {
  const { message, view, things } = subject
  const path = word(file)
  const anchor = things.anchorOf(view)
  const entry = message.received ?? message.sent
  const { address } = view.connection.to
  const items: Item[] = []
  const whole = verdict(message, X509_CHECKS)
  const isForged =
    verdict(message, ['x509_signature']) === 'fails' || verdict(message, ['validity']) === 'fails'
  if (!anchor) items.push(skip(`${about} is the authority’s`, 'for want of the authority’s certificate'))
  else if (entry && (whole === 'holds' || isForged)) {
    const place = IPV4.test(address) ? ` -verify_ip ${address}` : ''
    const line = `openssl verify -attime ${seconds(entry.at)} -purpose sslserver${place} -no-CApath -no-CAstore -CAfile ${word(anchor.file)} ${path}`
    const words = isForged
      ? 'is not one of the authority’s that was valid then'
      : `is the authority’s, was valid then, and is for a server at ${IPV4.test(address) ? address : 'its address'}`
    items.push(claim(`${about} ${words} (openssl verify)`, [file, anchor.file], isForged ? not(line) : line))
  }
  const idS = identityIn(subject, 'server')
  if (idS !== undefined && verdict(message, ['subject']) === 'holds')
    items.push(
      claim(
        `${about}: its subject is ID_S`,
        [file],
        same(`name subject <${path}`, `printf '%s' ${quoted(idS)}`),
      ),
    )
  const other = sameKeyAs(subject)
  const sameKey = verdict(message, ['same_key'])
  if (other && sameKey !== undefined) {
    const line = same(`openssl x509 -in ${path} -noout -pubkey`, other.line)
    const words = `${about}: its key is ${sameKey === 'holds' ? '' : 'not '}that of ${other.file}`
    items.push(claim(words, [file, other.file], sameKey === 'holds' ? line : not(line)))
  }
  return items
}

/** What else speaks of the certificate's key: the public key beside it, or the request before it. */
function sameKeyAs({
  message,
  view,
  things,
}: Subject): { readonly file: string; readonly line: string } | undefined {
  const before = view.frames.map((frame) => frame.message)
  for (const each of [message, ...before.slice(0, Math.max(0, before.indexOf(message)))]) {
    for (const { name, nature } of sheetOfMessage(each)?.members ?? []) {
      const file = things.of(each, name)?.file
      if (file === undefined) continue
      if (nature.is === 'public-key') return { file, line: `openssl pkey -pubin -in ${word(file)}` }
      if (nature.is === 'request') return { file, line: `openssl req -in ${word(file)} -noout -pubkey` }
    }
  }
  return undefined
}

/** OpenSSL 3.0 says of a request's signature only in words whether it fits. */
function requestItems(about: string, { file }: Thing, subject: Subject): readonly Item[] {
  const { message } = subject
  const path = word(file)
  const signature = verdict(message, ['request_signature'])
  const line = `openssl req -in ${path} -noout -verify 2>&1 | grep -q 'verify OK'`
  const idS = identityIn(subject, 'server')
  const isNamed = idS !== undefined && verdict(message, ['request_subject']) === 'holds'
  const named = `openssl req -in ${path} -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *commonName *= //p'`
  return [
    ...(signature === undefined
      ? []
      : [
          claim(
            `${about}: its own signature ${signature === 'holds' ? 'verifies' : 'does not verify'}`,
            [file],
            signature === 'holds' ? line : not(line),
          ),
        ]),
    ...(isNamed
      ? [claim(`${about}: its subject is ID_S`, [file], same(named, `printf '%s' ${quoted(idS)}`))]
      : []),
  ]
}

/** Verification of the signatures that the sheets describe, by the algorithm's name. */
const VERIFIES: Readonly<Record<string, string>> = {
  'RSA-PKCS1': 'openssl dgst -sha256',
  'RSA-PSS':
    'openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sigopt rsa_mgf1_md:sha256',
}

function signatureItems(
  about: string,
  { file }: Thing,
  { made, certificate }: { readonly made: Derivation; readonly certificate: string },
  check: CheckId,
  subject: Subject,
): readonly Item[] {
  const { message, view, things } = subject
  const found = verdict(message, [check])
  if (made.is !== 'signature' || found === undefined) return []
  const words = `${about}: the signature of ${made.key} (${made.algorithm.full}) ${found === 'holds' ? 'verifies' : 'does not verify'}`
  const signer = made.key === 'SK_CA' ? things.anchorOf(view)?.file : things.of(message, certificate)?.file
  const verifies = VERIFIES[made.algorithm.name]
  if (signer === undefined || verifies === undefined)
    return [skip(words, 'for want of the signer’s certificate')]
  const over = valueFrom(made.over, (symbol) => signedValue(symbol, certificate, subject), subject)
  if ('why' in over) return [skip(words, over.why)]
  const name = `${message.id}-${made.key}.pem`
  const line = `${over.source} | ${verifies} -verify ${worked(name)} -signature ${word(file)}`
  return [
    claim(
      words,
      [file, signer, ...over.files],
      `openssl x509 -in ${word(signer)} -noout -pubkey >${worked(name)} && ${found === 'holds' ? line : not(line)}`,
      { needs: over.needs },
    ),
  ]
}

/** What a signature is over: names, the key beside it, or what the messages of its connection have brought. */
function signedValue(symbol: string, certificate: string, subject: Subject): Value | Missing {
  const { message, view, things } = subject
  const named = (file: string): Value => ({
    source: `printf '%s' "$(name subject <${word(file)})"`,
    files: [file],
    needs: [],
  })
  if (symbol === identitySymbol('authority')) {
    const anchor = things.anchorOf(view)
    return anchor ? named(anchor.file) : { why: 'for want of the authority’s certificate' }
  }
  if (symbol === identitySymbol('server')) {
    const said = identityIn(subject, 'server')
    if (said !== undefined) return { source: `printf '%s' ${quoted(said)}`, files: [], needs: [] }
    const own = things.of(message, certificate)
    return own ? named(own.file) : { why: `for want of ${symbol}` }
  }
  const found = ownerOf([message, ...view.frames.map((frame) => frame.message)], symbol, things.of)
  return found ? fileValue(found.file) : { why: `for want of ${symbol}` }
}

function identitySymbol(role: Role): string {
  return `ID_${ROLE_NAMES[role].symbol}`
}

/** The name of a role as the first message of a view has it. */
function identityIn({ view }: Pick<Subject, 'view'>, role: Role): string | undefined {
  for (const { message } of view.frames) {
    const value = idIn(message, role)
    if (value !== undefined) return value
  }
  return undefined
}

function idIn(message: ProofMessage, role: Role): string | undefined {
  const spec = sheetOfMessage(message)?.members.find(
    ({ nature }) => nature.is === 'identity' && nature.of === role,
  )
  const value = spec && valueOf(message, spec.name)
  return typeof value === 'string' && isIdentity(value) ? value : undefined
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
