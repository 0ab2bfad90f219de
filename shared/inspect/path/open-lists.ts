/** Revocation lists that are at hand, by their issuers: a list is read when somebody of its issuer is asked about. */
import type { Bytes } from '../../bytes'
import { orUndefined, passOwnFault } from '../../errors'
import { readChildren, readElement } from '../../crypto/encodings/der'
import { directoryKey } from '../x509/distribution-points'
import { readNameDer } from '../x509/names'
import type { RevocationListDescription } from '../x509/revocation-list'

/** Reads a revocation list. */
export type ListReader = (der: Bytes) => RevocationListDescription

/** Lists that are read for one verdict. */
const MOST_LISTS = 1000
const INTEGER = 0x02

/** What is no list is left out: whoever gave it shows its fault. */
export class OpenLists {
  /** How many there are, read or not. */
  readonly size: number
  /** By `directoryKey` of the issuer. */
  readonly #given = new Map<string, Bytes[]>()
  readonly #read = new Map<string, readonly RevocationListDescription[]>()
  readonly #short = new Set<string>()
  #reads = 0

  constructor(
    ders: readonly Bytes[],
    private readonly reader: ListReader,
  ) {
    let size = 0
    for (const der of ders) {
      // What is not DER is a list all the same, of no use, and has to be said so.
      const key = orUndefined(() => issuerOf(der)) ?? this.#readIssuer(der)
      if (key === undefined) continue
      size++
      const others = this.#given.get(key)
      if (others) others.push(der)
      else this.#given.set(key, [der])
    }
    this.size = size
  }

  /** The lists of an issuer, in their order. */
  of(key: string): readonly RevocationListDescription[] {
    const known = this.#read.get(key)
    if (known) return known
    const lists = (this.#given.get(key) ?? []).flatMap((der) => {
      const list = this.#readOne(der)
      if (list === 'left out') this.#short.add(key)
      return list === undefined || list === 'left out' ? [] : [list]
    })
    this.#read.set(key, lists)
    return lists
  }

  /** True when lists of an issuer were left out, because too many were read already. */
  isShort(key: string): boolean {
    return this.#short.has(key)
  }

  #readOne(der: Bytes): RevocationListDescription | 'left out' | undefined {
    if (this.#reads++ >= MOST_LISTS) return 'left out'
    try {
      return this.reader(der)
    } catch (error) {
      passOwnFault(error)
      return undefined
    }
  }

  #readIssuer(der: Bytes): string | undefined {
    const list = this.#readOne(der)
    return list === undefined || list === 'left out' ? undefined : directoryKey(list.issuer)
  }
}

/** The key of a list's issuer, without reading the list: what it says of hundreds of others is not looked at. */
function issuerOf(der: Bytes): string | undefined {
  const [list] = readChildren(der, readElement(der))
  const [first, second, third] = list ? readChildren(der, list) : []
  const issuer = first?.tag === INTEGER ? third : second
  return issuer && directoryKey(readNameDer(der.slice(issuer.start, issuer.end)))
}
