/** A chain in files, for programs that judge files. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodePem } from '#shared/crypto/encodings/pem'
import type { MadeCertificate, MadeChain } from '#shared/workshop/make'

/** PEM files by their names in a folder: programs run there, so that what they say names no path of this machine. */
export interface ChainFiles {
  readonly folder: string
  readonly leaf: string
  /** The server's certificate, and what it sends after it. */
  readonly chain: string
  /** What the server sends after its own certificate; undefined when that is nothing. */
  readonly sent: string | undefined
  readonly anchors: string
  /** Undefined without lists. */
  readonly lists: string | undefined
  /** Anchors and lists in one, for programs that take both from there. */
  readonly trust: string
}

const KINDS = ['leaf', 'chain', 'sent', 'anchors', 'lists', 'trust'] as const

/** Every name that a file of such a chain may have; `name` as in {@link writeChainFiles}. */
export function chainFileNames(name: string): readonly string[] {
  return KINDS.map((what) => fileName(name, what))
}

/** Certificates as PEM, one after another. */
export function pemOf(certificates: readonly MadeCertificate[]): string {
  return certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
}

/** Each list as PEM (RFC 7468 section 6). */
export function listsPem({ lists }: Pick<MadeChain, 'lists'>): readonly string[] {
  return lists.map((der) => encodePem('X509 CRL', der))
}

/** The private key as PEM. */
export function keyPem({ key }: MadeCertificate): string {
  return encodePem('PRIVATE KEY', key.pkcs8)
}

/** Writes a chain into a folder, under names that begin with its own. */
export async function writeChainFiles(folder: string, name: string, chain: MadeChain): Promise<ChainFiles> {
  const [leaf, sent, anchors, lists] = [
    pemOf([chain.leaf]),
    pemOf(chain.sent),
    pemOf(chain.anchors),
    listsPem(chain).join(''),
  ]
  const write = async (what: (typeof KINDS)[number], text: string): Promise<string> => {
    const file = fileName(name, what)
    await writeFile(join(folder, file), text, { mode: 0o600 })
    return file
  }
  return {
    folder,
    leaf: await write('leaf', leaf),
    chain: await write('chain', leaf + sent),
    sent: sent === '' ? undefined : await write('sent', sent),
    anchors: await write('anchors', anchors),
    lists: lists === '' ? undefined : await write('lists', lists),
    trust: await write('trust', anchors + lists),
  }
}

function fileName(name: string, what: (typeof KINDS)[number]): string {
  return `${name}.${what}.pem`
}
