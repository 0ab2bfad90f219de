/**
 * Keys of a run by the files that hold them: those that somebody has kept, and those that follow from them. What follows is found by
 * listening with what is there, so the folder has every key that its claims can use.
 */
import { equalBytes, toHex, type Bytes } from '../bytes'
import { listen, type Heard, type ReadFrame } from '../adversary/eavesdropper'
import { readChildren, readElement } from '../crypto/encodings/der'
import { decodePem, encodePem } from '../crypto/encodings/pem'
import { requirePrivateKeyOf } from '../crypto/pki/rsa-key'
import { readShareHalf } from '../crypto/primitives/aead'
import { privateKeyFromPem, type RsaPrivateKey, type RsaPublicKey } from '../crypto/primitives/rsa'
import type { CryptoProvider } from '../crypto/provider'
import { orUndefined, otherwise } from '../errors'
import type { Since } from '../held'
import { isKeySymbol, KEYS, type KeySymbol } from '../hl1/keys'
import type { Hl1Sheet } from '../hl1/types'
import { isOpenKey } from '../record/key'
import { hearBest, type Best, type Candidates } from './candidates'
import type { Folder } from './folder'
import { bootstrapMark, rulesOf, type Rules } from './rules'
import type { ProofMessage, ProofRun, View } from './run'
import type { ProofSecret } from './secrets'
import { markOf, sheetOfMessage, symbolsIn, type Things } from './things'

/** The file of a key. */
export interface KeyFile {
  readonly file: string
  /** Of a key in PEM: whether it is laid out as OpenSSL lays it out, and ends in a line feed. */
  readonly isUsual: boolean
  readonly endsInLine: boolean
  /** Its value in hex, where everybody knows it. */
  readonly known?: string
}

export interface Keys {
  /** The file of a view's key, or of `Z`; undefined where nobody has it. */
  readonly of: (view: View, symbol: string) => KeyFile | undefined
  /** The file of the secret half of a view's share, by the share's symbol. */
  readonly half: (view: View, share: string) => KeyFile | undefined
  /** What was read in a message with these keys; undefined where that was not tried. */
  readonly heard: (message: ProofMessage) => ReadFrame | undefined
  /** Why a key is not there. */
  readonly why: (view: View, symbol: string) => string
}

export interface KeySources {
  readonly run: ProofRun
  readonly things: Things
  /** Undefined where none are wanted. */
  readonly secrets: readonly ProofSecret[] | undefined
  readonly rules: readonly Since<Rules>[]
  readonly crypto: CryptoProvider
}

/** Every key as if it were there, by the name that its file would have. */
export function everyKey(things: Things, rules: readonly Since<Rules>[]): Keys {
  const all = (file: string): KeyFile => ({ file, isUsual: true, endsInLine: true })
  return {
    of: (view, symbol) => all(keyName(view, symbol, things, rules)),
    half: () => undefined,
    heard: () => undefined,
    why: () => '',
  }
}

/**
 * Finds a run's keys and puts them into the folder.
 * @throws LabError `bad_pem`, `bad_private_key` for a secret that can't be read
 */
export async function keysOf(sources: KeySources, folder: Folder): Promise<Keys> {
  const { run, things, secrets, rules } = sources
  const pool = (secrets ?? []).flatMap((secret): readonly PrivateKey[] =>
    secret.is === 'private-key' ? [{ ...secret, key: privateKeyFromPem(secret.pem) }] : [],
  )
  const files = new KeyFiles(folder, things, rules)
  const readings = new Map<ProofMessage, ReadFrame>()
  for (const view of run.views) {
    const kept = await keptFor(view, sources)
    const owners = ownersIn(view, things)
    const { heard, chosen } = await hearView(view, { ...kept, pool, owners }, sources)
    for (const [index, { message }] of view.frames.entries()) {
      const read = heard.frames[index]
      if (read && run.viewOf.get(message) === view) readings.set(message, read)
      // As it was sent comes before as it was kept.
      if (read) pool.unshift(...learnt(read, message))
    }
    for (const { symbol, owner } of owners) {
      const found = fitting(pool, symbol, owner)
      if (found) files.addPrivate(view, symbol, found.pem)
    }
    for (const [symbol, value] of heard.keys)
      // Where what was kept is not what the messages carry, it is shown as it was kept, and its claims fail.
      if (value instanceof Uint8Array) files.addSymmetric(view, symbol, chosen.get(symbol) ?? value)
    for (const [share, pem] of kept.pems) files.addHalf(view, share, pem)
  }
  return {
    of: (view, symbol) => files.find(view, symbol),
    half: (view, share) => files.find(view, halfOf(share)),
    heard: (message) => readings.get(message),
    why: (view, symbol) => whyNot(view, symbol, secrets !== undefined),
  }
}

/** Keys' files by view and symbol, as they are put into the folder. */
class KeyFiles {
  readonly #files = new Map<string, KeyFile>()

  constructor(
    private readonly folder: Folder,
    private readonly things: Things,
    private readonly rules: readonly Since<Rules>[],
  ) {}

  find(view: View, symbol: string): KeyFile | undefined {
    return this.#files.get(`${view.name} ${symbol}`)
  }

  /** A private key that messages of the view open with, or carry. */
  addPrivate(view: View, symbol: string, pem: string): void {
    if (!view.frames.some(({ message }) => isAbout(message, symbol))) return
    const file = this.folder.add(keyName(view, symbol, this.things, this.rules), pem, true)
    this.#files.set(`${view.name} ${symbol}`, { file, ...layoutOf(pem) })
  }

  /** A symmetric key, or shared secret, that messages of the view take. */
  addSymmetric(view: View, symbol: string, value: Bytes): void {
    if (!isUsedIn(view, symbol)) return
    const isOpen = isOpenSymbol(symbol)
    const file = this.folder.add(keyName(view, symbol, this.things, this.rules), value, !isOpen)
    const known = isOpen ? { known: toHex(value) } : {}
    this.#files.set(`${view.name} ${symbol}`, { file, isUsual: true, endsInLine: true, ...known })
  }

  /** The secret half of a share. */
  addHalf(view: View, share: string, pem: string): void {
    const half = halfOf(share)
    const file = this.folder.add(`keys/${view.name}-${half}.pem`, pem, true)
    const endsInLine = pem.endsWith('\n')
    this.#files.set(`${view.name} ${half}`, { file, isUsual: isPemUsual(pem), endsInLine })
  }
}

function halfOf(share: string): string {
  return `half-of-${share}`
}

/** Whose private keys a view is about. */
interface Owner {
  readonly symbol: KeySymbol
  readonly owner: RsaPublicKey | undefined
}

function ownersIn(view: View, things: Things): readonly Owner[] {
  return [
    { symbol: 'SK_CA', owner: things.anchorOf(view)?.certificate.publicKey },
    { symbol: 'SK_S', owner: things.certificateIn(view)?.certificate?.publicKey },
  ]
}

type Kept = Awaited<ReturnType<typeof keptFor>>

/** Listens to what a view saw, with all that was kept for it. */
function hearView(
  view: View,
  {
    candidates,
    keys,
    pool,
    owners,
  }: Kept & { readonly pool: readonly PrivateKey[]; readonly owners: readonly Owner[] },
  { crypto }: KeySources,
): Promise<Best> {
  const { suite, frames } = view
  const fixed = owners.flatMap(({ symbol, owner }) => {
    const found = fitting(pool, symbol, owner)
    return found ? [[symbol, found.key] as const] : []
  })
  const bytes = frames.map((frame) => frame.bytes)
  return hearBest(view, candidates, async (own) => {
    const all = new Map([...fixed, ...own])
    const nothing: Heard = { frames: [], keys: all }
    if (suite === undefined) return nothing
    // What a peer has sent may be no key where the listener takes it for one.
    return listen([bytes], { suite, keys: all, halves: keys, crypto, without: new Set() }).catch(
      otherwise(nothing),
    )
  })
}

interface PrivateKey {
  readonly symbol: string
  readonly pem: string
  readonly key: RsaPrivateKey
}

/** The name of a key's file, which two keys never share. A private key has the number of the certificate that it belongs to. */
function keyName(view: View, symbol: string, things: Things, rules: readonly Since<Rules>[]): string {
  if (symbol === 'SK_CA') return `keys/${symbol}${things.anchorOf(view)?.mark ?? ''}.pem`
  if (symbol === 'SK_S') return `keys/${symbol}${markOf(things.certificateIn(view)?.file ?? '')}.pem`
  return isOpenSymbol(symbol)
    ? `keys/${symbol}${bootstrapMark(view, rules)}.bin`
    : `keys/${view.name}-${symbol}.bin`
}

/** What was kept for a view: symmetric secrets by symbol, and halves of shares. */
async function keptFor(view: View, { secrets = [], rules }: KeySources) {
  const bootstrapKey = rulesOf(view, rules)?.bootstrapKey
  const candidates: Candidates = new Map()
  if (bootstrapKey) candidates.set('K_boot', [bootstrapKey])
  const keys = new Map<string, CryptoKey>()
  const pems = new Map<string, string>()
  for (const secret of secrets) {
    if (secret.is === 'private-key' || secret.connection !== view.connection.id) continue
    if (secret.is === 'key') {
      const others = (candidates.get(secret.symbol) ?? []).filter((each) => !equalBytes(each, secret.value))
      candidates.set(secret.symbol, [...others, secret.value])
    } else if (isShareOf(view, secret.symbol)) {
      keys.set(secret.symbol, await readShareHalf(decodePem('PRIVATE KEY', secret.pem)))
      pems.set(secret.symbol, secret.pem)
    }
  }
  return { candidates, keys, pems }
}

/** The private key of that symbol that belongs to a public one. */
function fitting(
  pool: readonly PrivateKey[],
  symbol: string,
  owner: RsaPublicKey | undefined,
): PrivateKey | undefined {
  return owner && pool.find((each) => each.symbol === symbol && belongs(owner, each.key))
}

function belongs(owner: RsaPublicKey, key: RsaPrivateKey): boolean {
  return (
    orUndefined(() => {
      requirePrivateKeyOf(owner, key)
      return true
    }) ?? false
  )
}

/** Private keys that a message has brought. */
function learnt({ members }: ReadFrame, message: ProofMessage): readonly PrivateKey[] {
  return (sheetOfMessage(message) ?? NO_SHEET).members.flatMap(({ name, nature }): readonly PrivateKey[] => {
    const pem = members[name]
    if (nature.is !== 'private-key' || typeof pem !== 'string') return []
    const key = orUndefined(() => privateKeyFromPem(pem))
    return key ? [{ symbol: nature.key, pem, key }] : []
  })
}

/** Whether a message opens with a private key, or carries it. */
function isAbout(message: ProofMessage, symbol: string): boolean {
  const { layers, members } = sheetOfMessage(message) ?? NO_SHEET
  return (
    layers.some(({ opensWith }) => opensWith === symbol) ||
    members.some(({ nature }) => nature.is === 'private-key' && nature.key === symbol)
  )
}

/** Whether messages of a view open with a symmetric key, carry it, or take it to work out another one. */
function isUsedIn({ frames }: View, symbol: string): boolean {
  return frames.some(({ message }) => {
    const { layers, derivations, members } = sheetOfMessage(message) ?? NO_SHEET
    return (
      layers.some(({ opensWith }) => opensWith === symbol) ||
      members.some(({ nature }) => nature.is === 'key' && nature.key === symbol) ||
      Object.entries(derivations).some(([made, by]) => made === symbol || symbolsIn(by).includes(symbol))
    )
  })
}

const NO_SHEET: Pick<Hl1Sheet, 'layers' | 'derivations' | 'members'> = {
  layers: [],
  derivations: {},
  members: [],
}

/** True for a key that everybody has. */
function isOpenSymbol(symbol: string): boolean {
  return isKeySymbol(symbol) && isOpenKey(KEYS[symbol])
}

function isShareOf({ frames }: View, symbol: string): boolean {
  return frames.some(({ message }) =>
    (sheetOfMessage(message) ?? NO_SHEET).members.some(
      (spec) => spec.nature.is === 'share' && spec.symbol === symbol,
    ),
  )
}

/** Of a private key's PEM (RFC 5958 allows more inside than OpenSSL writes). */
function layoutOf(pem: string): Pick<KeyFile, 'isUsual' | 'endsInLine'> {
  const isPlain = orUndefined(() => {
    const der = decodePem('PRIVATE KEY', pem)
    return readChildren(der, readElement(der)).length === PLAIN_PARTS
  })
  return { isUsual: isPlain === true && isPemUsual(pem), endsInLine: pem.endsWith('\n') }
}

/** Version, algorithm, key. */
const PLAIN_PARTS = 3

function isPemUsual(pem: string): boolean {
  return orUndefined(() => encodePem('PRIVATE KEY', decodePem('PRIVATE KEY', pem))) === pem
}

function whyNot({ isWhole }: View, symbol: string, areWanted: boolean): string {
  const want = `for want of ${symbol}`
  if (!areWanted) return `${want}: this folder was made without secrets`
  if (isKeySymbol(symbol) && KEYS[symbol].kind === 'private key') return `${want}: nobody had kept it`
  return `${want}: ${isWhole ? 'both ends had' : 'its end had'} forgotten it`
}
