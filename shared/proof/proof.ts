/**
 * A run as files with which anybody can do every step of it again, with OpenSSL 3 and a POSIX shell alone; and the lines of that for
 * one message (docs/decisions/0046).
 */
import { toHex } from '../bytes'
import type { Command } from '../commands/lines'
import { sha256 } from '../crypto/primitives/hash'
import { webCrypto, type CryptoProvider } from '../crypto/provider'
import { LabError } from '../errors'
import type { Since } from '../held'
import type { Hl1Entry } from '../hl1/types'
import type { Claim, Preparation } from './claim'
import { claimsOf } from './claims'
import { Folder, type ProofFile } from './folder'
import { everyKey, keysOf } from './keys'
import { readmeText } from './readme'
import type { Rules } from './rules'
import { runOf } from './run'
import { PAGE, SCRIPT, scriptText, SUMS } from './script'
import type { ProofSecret } from './secrets'
import { PRELUDE } from './shell'
import { thingsOf } from './things'

/** What a proof is made from. */
export interface ProofInput {
  /** Records of one end or of both, each role's in its order. Their secret members are never put out: see `secrets`. */
  readonly entries: readonly Hl1Entry[]
  /** Certificates of authorities in PEM, the oldest first: one, unless the authority was started anew. */
  readonly authorities: readonly string[]
  /** What receivers went by, oldest first; a connection goes by what holds when it begins. */
  readonly rules: readonly Since<Rules>[]
  /**
   * Secrets to go along, with all that follows from them. Undefined where none are wanted: then it proves what can be proven
   * publicly (headers, transcripts, certificates, signatures, what is in clear, alerts).
   */
  readonly secrets?: readonly ProofSecret[]
  readonly crypto?: CryptoProvider
}

/**
 * Makes the files of a proof; `verify.sh` among them, in which whatever a peer has chosen is in no line.
 * @throws LabError `bad_argument` for records that are none of HL/1, or none at all; `bad_certificate_text`, `bad_pem`,
 *   `bad_private_key` for certificates and secrets that can't be read
 */
export async function proofFiles(input: ProofInput): Promise<readonly ProofFile[]> {
  const { rules, secrets, crypto = webCrypto } = input
  const { run, folder, things } = await begun(input, crypto)
  for (const message of run.messages) {
    folder.add(message.file, message.frame)
    if (message.asSent) folder.add(message.asSent.file, message.asSent.bytes)
  }
  const keys = await keysOf({ run, things, secrets, rules, crypto }, folder)
  const { all } = claimsOf({ run, things, keys, folder, rules })
  folder.add(PAGE, readmeText(folder.files))
  const names = [...folder.files.map(({ name }) => name), SCRIPT].toSorted()
  folder.add(SCRIPT, scriptText(all, names))
  const sums = folder.files.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  folder.add(SUMS, sums.map(({ name, bytes }) => `${toHex(sha256(bytes))}  ${name}\n`).join(''))
  return folder.files
}

/**
 * The same with OpenSSL: the lines of `verify.sh` that open and check one message, by the names of the folder's files, as if every
 * key were in it. To be run in the folder, in this order; each succeeds where what it is for is so.
 * @param id the record's
 * @throws LabError `unknown_record`; `bad_argument`, `bad_certificate_text` as {@link proofFiles}
 */
export async function messageCommands(
  input: Omit<ProofInput, 'secrets'>,
  id: string,
): Promise<readonly Command[]> {
  const { rules, crypto = webCrypto } = input
  const { run, folder, things } = await begun(input, crypto)
  const message = run.messages.find(({ sent, received }) => [sent?.id, received?.id].includes(id))
  if (!message) throw new LabError('unknown_record', 'No record of the run has this identifier.')
  const { all, of } = claimsOf({ run, things, keys: everyKey(things, rules), folder, rules })
  const own = (of.get(message) ?? []).filter((item) => item.is === 'claim')
  const lines: readonly Line[] = all.filter((item) => item.is !== 'skip')
  const wanted = withNeeds(own, lines)
  return [
    { id: 'prepare', tool: 'od', purpose: 'Prepares what the lines below use.', line: PRELUDE.join('; ') },
    ...lines
      .filter((line) => wanted.has(line))
      .map(({ about, line }, index): Command => {
        const tool = line.includes('openssl') ? 'openssl' : 'od'
        return { id: `line_${index + 1}`, tool, purpose: `${about}.`.replace(/\.\.$/, '.'), line }
      }),
  ]
}

type Line = Claim | Preparation

async function begun({ entries, authorities }: ProofInput, crypto: CryptoProvider) {
  if (entries.length === 0) throw new LabError('bad_argument', 'There is no record to be proven.')
  const run = runOf(entries)
  const folder = new Folder()
  return { run, folder, things: await thingsOf(run, authorities, folder, crypto) }
}

/** Lines with those that leave what they need. */
function withNeeds(own: readonly Line[], all: readonly Line[]): ReadonlySet<Line> {
  const wanted = new Set<Line>(own)
  // A set goes on with what is added while it is gone through.
  for (const line of wanted) {
    const needs = line.is === 'claim' ? (line.needs ?? []) : []
    for (const giver of all) if (giver.gives?.some((given) => needs.includes(given))) wanted.add(giver)
  }
  return wanted
}
