/** Claims on what is worked out: keys from secrets, the shared secret from shares, and what signatures are made over. */
import { AES_KEY_BYTES } from '../crypto/primitives/aead'
import { fromHex } from '../bytes'
import type { Derivation } from '../record/derivation'
import { claim, skip, type Item } from './claim'
import type { ProofMessage } from './run'
import type { Subject } from './proving'
import { hexOf, isFile, literal, literalText, quoted, together, word, worked } from './shell'
import { sheetOfMessage, type Thing } from './things'
import { transcriptBefore } from './transcript'

/** A value as a source, with what it needs and the files that it is in. */
export interface Value {
  readonly source: string
  readonly files: readonly string[]
  readonly needs: readonly string[]
}

/** Why a value can't be made: “for want of Z: both ends had forgotten it”. */
export interface Missing {
  readonly why: string
}

/**
 * A derivation as a source; signatures and keys have claims of their own.
 * @param symbolOf what a symbol stands for
 */
export function valueFrom(
  derivation: Derivation,
  symbolOf: (symbol: string) => Value | Missing,
  { view }: Pick<Subject, 'view'>,
): Value | Missing {
  switch (derivation.is) {
    case 'symbol':
      return symbolOf(derivation.symbol)
    case 'text':
      return { source: literalText(derivation.text), files: [], needs: [] }
    case 'transcript': {
      const name = transcriptBefore(view, derivation.step)
      if (name === undefined) return { why: 'for want of the frames before it' }
      return { source: `cat ${worked(name)}`, files: [], needs: [name] }
    }
    case 'concatenation': {
      const parts = derivation.parts.map((part) => valueFrom(part, symbolOf, { view }))
      const missing = parts.find((part) => 'why' in part)
      if (missing) return missing
      const values = parts.filter((part) => 'source' in part)
      return {
        source: together(...values.map(({ source }) => source)),
        files: values.flatMap(({ files }) => files),
        needs: values.flatMap(({ needs }) => needs),
      }
    }
    default:
      return { why: `for want of a way to write down a ${derivation.is}` }
  }
}

/** What stands in a file. */
export function fileValue(file: string): Value {
  return { source: `cat ${word(file)}`, files: [file], needs: [] }
}

/** The claims on what a message's step is the first to need, as its sheet says. */
export function derivationItems(subject: Subject): readonly Item[] {
  const { message, view } = subject
  const first = view.frames.find(
    (frame) => frame.message.kind === 'message' && frame.message.step === message.step,
  )
  if (first?.message !== message) return []
  return Object.entries(sheetOfMessage(message)?.derivations ?? {}).flatMap(([symbol, derivation]) => {
    switch (derivation.is) {
      case 'derived':
        return [derivedItem(symbol, derivation, subject)]
      case 'agreement':
        return agreementItems(symbol, derivation, subject)
      default:
        return []
    }
  })
}

function derivedItem(
  symbol: string,
  { input, salt, label }: Derivation & { readonly is: 'derived' },
  subject: Subject,
): Item {
  const { message, view, keys } = subject
  const key = keys.of(view, symbol)
  const about = `${message.label}: ${symbol} is HKDF-SHA-256 of ${wordsOf(input)}, the transcript and “${label}”`
  if (!key) return skip(about, keys.why(view, symbol))
  const keyValue = (name: string): Value | Missing => {
    const found = keys.of(view, name)
    return found ? fileValue(found.file) : { why: keys.why(view, name) }
  }
  const secret = valueFrom(input, keyValue, subject)
  const salted = valueFrom(salt, keyValue, subject)
  if ('why' in secret) return skip(about, secret.why)
  if ('why' in salted) return skip(about, salted.why)
  const line = `openssl kdf -binary -keylen ${AES_KEY_BYTES} -kdfopt digest:SHA256 -kdfopt hexkey:${hexOf(secret.source)} -kdfopt hexsalt:${hexOf(salted.source)} -kdfopt info:${quoted(label)} HKDF`
  return claim(about, [key.file, ...secret.files], isFile(line, word(key.file)), {
    needs: [...secret.needs, ...salted.needs],
  })
}

/** SubjectPublicKeyInfo of a point on P-256, before the point (RFC 5480). */
const P256_BEFORE = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200') ?? new Uint8Array()
const POINT_BYTES = 65

function agreementItems(
  symbol: string,
  { shares }: Derivation & { readonly is: 'agreement' },
  subject: Subject,
): readonly Item[] {
  const { message, view, keys } = subject
  const symbols = shares.flatMap((share) => (share.is === 'symbol' ? [share.symbol] : []))
  const key = keys.of(view, symbol)
  const halves = symbols.flatMap((own) => {
    const half = keys.half(view, own)
    const mine = shareFile(subject, own)
    return half && mine !== undefined ? [{ own, half, mine }] : []
  })
  const about = `${message.label}: ${symbol} is what ${symbols.join(' and ')} lead to (ECDH on P-256)`
  if (halves.length === 0) return [skip(about, keys.why(view, 'the secret halves of the shares'))]
  return halves.flatMap(({ own, half, mine }): readonly Item[] => {
    const other = symbols.find((each) => each !== own) ?? ''
    const theirs = shareFile(subject, other)
    const made = `openssl pkey -in ${word(half.file)} -pubout -outform DER | tail -c ${POINT_BYTES}`
    const pair = claim(
      `${message.label}: the secret half of ${own} belongs to it`,
      [half.file, mine],
      isFile(made, word(mine)),
    )
    const form = half.isUsual
      ? [
          claim(
            `${message.label}: the secret half of ${own} is written as OpenSSL writes it`,
            [half.file],
            isFile(`openssl pkey -in ${word(half.file)}`, word(half.file)),
          ),
        ]
      : []
    if (!key || theirs === undefined) return [pair, ...form]
    const name = `${view.name}-${other}.der`
    const peer = `${together(literal(P256_BEFORE), `cat ${word(theirs)}`)} >${worked(name)}`
    const derive = `openssl pkeyutl -derive -inkey ${word(half.file)} -peerkey ${worked(name)} -peerform DER`
    const agreed = claim(
      `${about}, with the half of ${own}`,
      [key.file, half.file, theirs],
      `${peer} && ${isFile(derive, word(key.file))}`,
    )
    return [pair, ...form, agreed]
  })
}

function shareFile({ view, things }: Subject, symbol: string): string | undefined {
  return ownerOf(
    view.frames.map(({ message }) => message),
    symbol,
    things.of,
  )?.file
}

/** The file of a value that one of these messages has brought, by its symbol. */
export function ownerOf(
  messages: readonly ProofMessage[],
  symbol: string,
  of: (message: ProofMessage, member: string) => Thing | undefined,
): Thing | undefined {
  for (const message of messages) {
    const spec = sheetOfMessage(message)?.members.find((each) => each.symbol === symbol)
    const thing = spec && of(message, spec.name)
    if (thing) return thing
  }
  return undefined
}

/** “K_tmp2 and Z”. */
function wordsOf(input: Derivation): string {
  if (input.is === 'symbol') return input.symbol
  return input.is === 'concatenation' ? input.parts.map(wordsOf).join(' and ') : ''
}
