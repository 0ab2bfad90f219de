/** How the cases of a path are put together: each has a root, a leaf, and what is between them. */
import type { PathCheckId } from '#shared/inspect/path/verdict'
import {
  AUTHORITY,
  INTERMEDIATE,
  PKI_NOW,
  SERVER,
  withLines,
  type Issued,
  type IssueOptions,
  type OpenSslPki,
} from '../open-ssl-pki'

export interface PathCase {
  readonly name: string
  readonly leaf: string
  readonly anchors: readonly string[]
  readonly intermediates: readonly string[]
  readonly host: string
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** The checks that fail, or nothing for a good one. */
  readonly fails: readonly PathCheckId[]
}

export const DAY = 86_400_000
/** The host of cases that don't name another. */
export const HOST = 'localhost'
/** For an issuer without an identifier of its own key: nothing contradicts it. */
const MADE_UP_ISSUER = `authorityKeyIdentifier=DER:30168014${'a5'.repeat(20)}`

export type Options = Partial<IssueOptions>

/** Collects cases. */
export class Cases {
  readonly list: PathCase[] = []
  readonly root: Issued
  readonly stranger: Issued

  constructor(readonly pki: OpenSslPki) {
    this.root = this.authority({ subject: '/O=Lab/CN=Root' })
    this.stranger = this.authority({ subject: '/CN=Stranger', key: 'rsa:2048 stranger' })
  }

  authority(options: Options): Issued {
    const issuer = options.issuer
    return this.pki.issue({
      subject: issuer ? '/O=Lab/CN=Intermediate' : '/O=Lab/CN=Root',
      key: issuer ? 'rsa:2048 intermediate' : 'rsa:2048 root',
      extensions: issuer ? INTERMEDIATE : AUTHORITY,
      ...options,
    })
  }

  server(options: Options = {}): Issued {
    return this.pki.issue({
      subject: '/CN=ID-Server',
      key: 'rsa:2048 server',
      issuer: this.root,
      extensions: SERVER,
      ...options,
    })
  }

  add(
    name: string,
    leaf: Issued,
    fails: readonly PathCheckId[] = [],
    more: Partial<Omit<PathCase, 'leaf' | 'anchors' | 'intermediates'>> & {
      anchors?: readonly Issued[]
      intermediates?: readonly Issued[]
    } = {},
  ): void {
    const { anchors = [this.root], intermediates = [], ...rest } = more
    this.list.push({
      name,
      leaf: leaf.pem,
      anchors: anchors.map(({ pem }) => pem),
      intermediates: intermediates.map(({ pem }) => pem),
      host: HOST,
      now: PKI_NOW,
      fails,
      ...rest,
    })
  }

  /** A leaf straight under the root with some lines changed. */
  leaf(name: string, changes: readonly string[], fails: readonly PathCheckId[] = [], host = HOST): void {
    this.add(name, this.server({ extensions: withLines(SERVER, ...changes) }), fails, { host })
  }

  /** A leaf under an intermediate authority with some lines changed, or of another form. */
  under(
    name: string,
    changes: readonly string[],
    fails: readonly PathCheckId[] = [],
    options: Options = {},
  ): void {
    const between = this.authority({
      issuer: this.root,
      extensions: withLines(INTERMEDIATE, ...changes),
      ...options,
    })
    this.add(name, this.server({ issuer: between }), fails, { intermediates: [between] })
  }

  /** A leaf under a root with some lines changed, or of another form. */
  rooted(
    name: string,
    changes: readonly string[],
    fails: readonly PathCheckId[] = [],
    options: Options = {},
  ): void {
    const extensions = withLines(AUTHORITY, ...changes)
    const root = this.authority({ extensions, ...options })
    const hasIdentifier = (options.extensions ?? extensions).some(
      (line) => line === 'subjectKeyIdentifier=hash',
    )
    const leaf = hasIdentifier ? SERVER : withLines(SERVER, MADE_UP_ISSUER)
    this.add(name, this.server({ issuer: root, extensions: leaf }), fails, { anchors: [root] })
  }
}
