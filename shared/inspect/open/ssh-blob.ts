/** SSH's own encoding (RFC 4251 section 5) of keys, read into SubjectPublicKeyInfo. */
import { toBinaryString, type Bytes } from '../../bytes'
import { writeElement } from '../../crypto/encodings/der'
import { LabError } from '../../errors'
import type { KeyDetail } from '../artifact'
import { rsaSpki, spkiOf, unsigned } from '../x509/keys'
import { algorithmOf, bareAlgorithm, curveAlgorithm } from './key-forms'

const SEQUENCE = 0x30

/** Curves by OpenSSH's names of the keys on them. */
export const SSH_CURVES: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'secp256r1',
  'ecdsa-sha2-nistp384': 'secp384r1',
  'ecdsa-sha2-nistp521': 'secp521r1',
}

/** Reads numbers and strings, each string with its length before it. */
export class SshReader {
  readonly #view: DataView
  #at = 0

  /** @param subject what is read, for messages: `The OpenSSH key in line 1` */
  constructor(
    private readonly bytes: Bytes,
    readonly subject: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** @throws LabError `bad_openssh_key` when fewer than 4 bytes are left */
  number(): number {
    if (this.#at + 4 > this.bytes.length) throw this.#cutShort()
    this.#at += 4
    return this.#view.getUint32(this.#at - 4)
  }

  /** @throws LabError `bad_openssh_key` when it goes past the end */
  string(): Bytes {
    const length = this.number()
    if (this.#at + length > this.bytes.length) throw this.#cutShort()
    this.#at += length
    return this.bytes.slice(this.#at - length, this.#at)
  }

  /** @throws LabError `bad_openssh_key` at the end */
  byte(): number {
    const value = this.bytes[this.#at]
    if (value === undefined) throw this.#cutShort()
    this.#at += 1
    return value
  }

  /** A number of 8 bytes. */
  long(): bigint {
    return (BigInt(this.number()) << 32n) | BigInt(this.number())
  }

  /** What is left. */
  rest(): Bytes {
    return this.bytes.slice(this.#at)
  }

  /** Bytes from a place up to here. */
  since(start: number): Bytes {
    return this.bytes.slice(start, this.#at)
  }

  get at(): number {
    return this.#at
  }

  /** A string of ASCII. */
  text(): string {
    return toBinaryString(this.string())
  }

  #cutShort(): LabError {
    return new LabError('bad_openssh_key', `${this.subject} is cut short at byte ${this.#at} of its content.`)
  }
}

/** True for kinds of keys whose private half is in a security key (PROTOCOL.u2f of OpenSSH’s sources). */
export function isSecurityKey(name: string): boolean {
  return name.startsWith('sk-')
}

/**
 * Reads a public key (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4); of security keys the key without the
 * application that it is for.
 * @returns SubjectPublicKeyInfo, DER
 * @throws LabError `bad_openssh_key`, `unsupported_openssh_key` for other kinds and for certificates
 */
export function readPublicBlob(reader: SshReader): Bytes {
  return readPublicFields(reader.text(), reader)
}

/** Reads what comes after the kind: the numbers of the key. */
export function readPublicFields(kind: string, reader: SshReader): Bytes {
  const name = kind.replace(/^sk-/, '').replace(/@openssh\.com$/, '')
  const curve = Object.hasOwn(SSH_CURVES, name) ? SSH_CURVES[name] : undefined
  if (curve !== undefined) {
    reader.string()
    return spkiOf(curveAlgorithm(curve), reader.string())
  }
  switch (name) {
    case 'ssh-rsa': {
      const exponent = reader.string()
      return rsaSpki(reader.string(), exponent)
    }
    case 'ssh-ed25519':
      return spkiOf(bareAlgorithm('Ed25519'), reader.string())
    case 'ssh-ed448':
      return spkiOf(bareAlgorithm('Ed448'), reader.string())
    case 'ssh-dss': {
      const parameters = [reader.string(), reader.string(), reader.string()].map(unsigned)
      return spkiOf(dsaAlgorithm(parameters), unsigned(reader.string()))
    }
    default:
      throw unsupportedKind(reader.subject, kind)
  }
}

/** AlgorithmIdentifier of DSA with p, q and g, each an INTEGER. */
export function dsaAlgorithm(parameters: readonly Bytes[]): Bytes {
  return algorithmOf('id-dsa', writeElement(SEQUENCE, ...parameters))
}

/** What is said of a key whose private half is in a security key; the reader stands behind the public one. */
export function securityKeyDetails(reader: SshReader): readonly KeyDetail[] {
  return [
    { title: 'Private half', text: 'in a security key (FIDO), which has to be there for every signature' },
    { title: 'Application', text: reader.text() },
  ]
}

/** For a kind of key that is not read here. */
export function unsupportedKind(subject: string, name: string): LabError {
  return new LabError(
    'unsupported_openssh_key',
    `${subject} is of the kind ${name.slice(0, 60)}; expected is ssh-rsa, ssh-ed25519, ecdsa-sha2-nistp256, 384 or 521, ssh-dss, one of them of a security key (sk-), or a certificate of one.`,
  )
}
