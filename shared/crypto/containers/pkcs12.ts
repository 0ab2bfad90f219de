/**
 * PKCS#12 files (RFC 7292) read: what OpenSSL, keytool, browsers and older tools write. `pkcs12-write.ts` writes them.
 * Everything a passphrase protects is opened. A part that can't be read, or is no certificate, list or private key, is
 * passed over and told: it takes no other along.
 */
import type { Bytes } from '../../bytes'
import { isForeseen, LabError, messageOf, orUndefined, passOwnFault } from '../../errors'
import {
  bmpTextOf,
  bytesOf,
  isContext,
  numberOf,
  octetsOf,
  oidOf,
  parseBer,
  partsOf,
  type Ber,
} from '../encodings/ber'
import { oidName, oidNamed } from '../encodings/oids'
import { openLocked } from './passphrase'
import { requirePrivateKeyInfo } from './pkcs8'
import { verifyMac } from './pkcs12-mac'
import { endsOpening, unlockingFor, unsupported, type Unlock, type Unlocking } from './unlocking'

/** What a tool calls an entry, and the number that ties a key to its certificate. */
export interface Pkcs12Attributes {
  readonly friendlyName: string | undefined
  readonly localKeyId: Bytes | undefined
}

/** An entry: a certificate, PrivateKeyInfo, EncryptedPrivateKeyInfo of one that stays locked, or CertificateList, DER. */
export interface Pkcs12Entry extends Pkcs12Attributes {
  readonly der: Bytes
}

/** Each in the order of the file. */
export interface Pkcs12Contents {
  readonly certificates: readonly Pkcs12Entry[]
  readonly keys: readonly Pkcs12Entry[]
  readonly lockedKeys: readonly Pkcs12Entry[]
  readonly lists: readonly Pkcs12Entry[]
  /** What was passed over: place and reason, each a sentence. */
  readonly passedOver: readonly string[]
}

const DATA = oidNamed('data')
const ENCRYPTED_DATA = oidNamed('encryptedData')
const KEY_BAG = oidNamed('keyBag')
const SHROUDED_KEY_BAG = oidNamed('pkcs8ShroudedKeyBag')
const CERTIFICATE_BAG = oidNamed('certBag')
const CRL_BAG = oidNamed('crlBag')
const SECRET_BAG = oidNamed('secretBag')
const SAFE_CONTENTS_BAG = oidNamed('safeContentsBag')
const X509_CERTIFICATE = oidNamed('x509Certificate')
const X509_CRL = oidNamed('x509Crl')
const FRIENDLY_NAME = oidNamed('friendlyName')
const LOCAL_KEY_ID = oidNamed('localKeyId')

const FILE = 'The PKCS#12 file'
/** Bags inside bags: more than any tool makes. */
const MAX_DEPTH = 8
/** Bags that are read. */
const MAX_BAGS = 10_000

/**
 * Reads a file.
 * @param unlock is asked for the file as a whole where it has a MAC, and for every part that is locked
 * @throws LabError `unsupported_encryption`; `bad_pkcs12` when the bytes are no such file, are damaged, or ask for too much
 *   work; and what `unlock` throws
 */
export async function readPkcs12(der: Bytes, unlock: Unlock): Promise<Pkcs12Contents> {
  try {
    return await new Reading(unlock).read(der)
  } catch (error) {
    passOwnFault(error)
    if (error instanceof LabError) throw error
    const message = `The bytes are not a PKCS#12 file (RFC 7292) that can be read: ${messageOf(error)}`
    throw new LabError('bad_pkcs12', message, { cause: error })
  }
}

/** One file while it is read. */
class Reading {
  readonly #certificates: Pkcs12Entry[] = []
  readonly #keys: Pkcs12Entry[] = []
  readonly #lockedKeys: Pkcs12Entry[] = []
  readonly #lists: Pkcs12Entry[] = []
  readonly #passedOver: string[] = []
  /** Of the whole file, and its bytes as its MAC took them. */
  #verified: { readonly passphrase: string; readonly utf16: Bytes } | undefined
  /** True when nobody wants it opened: then nobody is asked for its parts. */
  #staysLocked = false
  #bags = 0
  /** Of the first part that could not be read. */
  #fault: unknown

  constructor(private readonly unlock: Unlock) {}

  /** PFX (section 4): version 3, the authenticated safe, and the MAC over it unless it was left out. */
  async read(der: Bytes): Promise<Pkcs12Contents> {
    const [version, safe, mac] = partsOf(parseBer(der), 'sequence')
    if (numberOf(version) !== 3) throw new SyntaxError('It is not of version 3.')
    const [type, content] = partsOf(safe, 'sequence')
    if (oidOf(type) !== DATA) throw unsupported(FILE, 'a public key')
    const authenticated = octetsOf(partsOf(content, 0)[0])
    if (mac) {
      const unlocked = await this.unlock(FILE, async (passphrase, work) => {
        const unlocking = unlockingFor(passphrase, FILE, work)
        return { passphrase, utf16: await verifyMac(mac, authenticated, unlocking) }
      })
      this.#verified = unlocked
      this.#staysLocked = unlocked === undefined
    }
    for (const [at, part] of partsOf(parseBer(authenticated), 'sequence').entries()) {
      const place = `Part ${at + 1} of the PKCS#12 file`
      await this.#tolerate(place, async () => {
        const bags = await this.#openPart(part, place)
        if (bags) await this.#readBags(bags, place, 0)
      })
    }
    const found = [this.#certificates, this.#keys, this.#lockedKeys, this.#lists].flat()
    if (found.length === 0 && this.#fault !== undefined) throw this.#fault
    return {
      certificates: this.#certificates,
      keys: this.#keys,
      lockedKeys: this.#lockedKeys,
      lists: this.#lists,
      passedOver: this.#passedOver,
    }
  }

  /** A ContentInfo of the authenticated safe (section 4.1): SafeContents in plain, or encrypted; undefined when they stay so. */
  async #openPart(part: Ber, place: string): Promise<Ber | undefined> {
    const [type, content] = partsOf(part, 'sequence')
    const name = oidOf(type)
    if (name === DATA) return parseBer(octetsOf(partsOf(content, 0)[0]))
    if (name !== ENCRYPTED_DATA) throw unsupported(place, 'a public key')
    const [, info] = partsOf(partsOf(content, 0)[0], 'sequence')
    const [, algorithm, ciphertext] = partsOf(info, 'sequence')
    const opened = await this.#open(place, algorithm, octetsOf(ciphertext, 0))
    return opened && parseBer(opened)
  }

  #open(what: string, algorithm: Ber | undefined, ciphertext: Bytes): Promise<Bytes | undefined> {
    if (this.#staysLocked) return Promise.resolve(undefined)
    return this.unlock(what, (passphrase, work) => {
      const unlocking: Unlocking = unlockingFor(passphrase, what, work)
      const isFiles = this.#verified?.passphrase === passphrase
      return openLocked(algorithm, ciphertext, isFiles ? { ...unlocking, ...this.#verified } : unlocking)
    })
  }

  /** SafeContents (section 4.2). */
  async #readBags(bags: Ber, place: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw new SyntaxError('Its parts are inside each other too deeply.')
    for (const [at, bag] of partsOf(bags, 'sequence').entries()) {
      if (++this.#bags > MAX_BAGS)
        throw new SyntaxError(`More than ${MAX_BAGS.toLocaleString('en-GB')} bags are not read.`)
      const where = `${place}, bag ${at + 1}`
      await this.#tolerate(where, () => this.#readBag(bag, where, depth))
    }
  }

  async #readBag(bag: Ber, place: string, depth: number): Promise<void> {
    const [type, wrapped, attributeSet] = partsOf(bag, 'sequence')
    const [value] = isContext(wrapped, 0) ? partsOf(wrapped, 0) : []
    const attributes = readAttributes(attributeSet)
    const name = attributes.friendlyName ? `${place} (${attributes.friendlyName})` : place
    const oid = oidOf(type)
    switch (oid) {
      case KEY_BAG:
        if (!value) throw new SyntaxError('It is empty.')
        this.#keys.push({ der: bytesOf(value), ...attributes })
        break
      case SHROUDED_KEY_BAG: {
        if (!value) throw new SyntaxError('It is empty.')
        const der = await this.#openKey(value, name)
        if (der) this.#keys.push({ der, ...attributes })
        else this.#lockedKeys.push({ der: bytesOf(value), ...attributes })
        break
      }
      case CERTIFICATE_BAG:
        this.#certificates.push({ der: heldIn(value, X509_CERTIFICATE), ...attributes })
        break
      case CRL_BAG:
        this.#lists.push({ der: heldIn(value, X509_CRL), ...attributes })
        break
      case SECRET_BAG:
        this.#passedOver.push(
          `${name} was passed over: it is ${await this.#secretText(value, name)}, and those of key stores are not shown here. keytool -list -v names them.`,
        )
        break
      case SAFE_CONTENTS_BAG:
        if (value) await this.#readBags(value, place, depth + 1)
        break
      default:
        throw new SyntaxError(`Its kind ${oidName(oid) ?? oid} is not known here.`)
    }
  }

  /** An EncryptedPrivateKeyInfo (RFC 5958 section 3); undefined when it stays locked. */
  async #openKey(value: Ber, place: string): Promise<Bytes | undefined> {
    const what = `The private key in ${place.charAt(0).toLowerCase()}${place.slice(1)}`
    const [algorithm, ciphertext] = partsOf(value, 'sequence')
    const pkcs8 = await this.#open(what, algorithm, octetsOf(ciphertext))
    if (pkcs8) requirePrivateKeyInfo(pkcs8, what)
    return pkcs8
  }

  /** What kind of secret it is; Java locks a symmetric key as if it were a private one. */
  async #secretText(value: Ber | undefined, place: string): Promise<string> {
    const [type, wrapped] = partsOf(value, 'sequence')
    if (oidOf(type) !== SHROUDED_KEY_BAG) return 'a secret'
    const locked = parseBer(octetsOf(partsOf(wrapped, 0)[0]))
    const [algorithm, ciphertext] = partsOf(locked, 'sequence')
    const opened = await this.#open(`The secret key in ${place}`, algorithm, octetsOf(ciphertext))
    if (!opened) return 'a symmetric key'
    return (
      orUndefined(() => {
        const [, identifier] = partsOf(parseBer(opened), 'sequence')
        const oid = oidOf(partsOf(identifier, 'sequence')[0])
        return `a symmetric key (${oidName(oid) ?? oid})`
      }) ?? 'a symmetric key'
    )
  }

  /** Does something with a part; what can't be read of it is told. */
  async #tolerate(place: string, read: () => Promise<void>): Promise<void> {
    try {
      await read()
    } catch (error) {
      passOwnFault(error)
      if (isForeseen(error) && endsOpening(error)) throw error
      this.#fault ??= error
      this.#passedOver.push(`${place} was passed over. ${messageOf(error)}`)
    }
  }
}

/** What a bag holds in an OCTET STRING, if it is of this kind. */
function heldIn(value: Ber | undefined, kind: string): Bytes {
  const [type, held] = partsOf(value, 'sequence')
  const oid = oidOf(type)
  if (oid !== kind) throw new SyntaxError(`It holds ${oidName(oid) ?? oid}, which is not known here.`)
  return octetsOf(partsOf(held, 0)[0])
}

/** PKCS12Attributes (section 4.2): of each the first value. Names that can't be read are none. */
function readAttributes(attributes: Ber | undefined): Pkcs12Attributes {
  const values = new Map<string, Ber | undefined>()
  for (const attribute of orUndefined(() => partsOf(attributes, 'set')) ?? []) {
    orUndefined(() => {
      const [type, held] = partsOf(attribute, 'sequence')
      values.set(oidOf(type), partsOf(held, 'set')[0])
    })
  }
  const id = values.get(LOCAL_KEY_ID)
  return {
    friendlyName: bmpTextOf(values.get(FRIENDLY_NAME)),
    localKeyId: id && orUndefined(() => octetsOf(id)),
  }
}
