/** What the worker does when it is asked: the slow part of inspecting, without a window to freeze. */
import type { Bytes } from '#shared/bytes'
import { LabError, type Fault } from '#shared/errors'
import type { FailureReport } from '#shared/failure'
import type { Artifact, InspectContext, SignatureArtifact } from '#shared/inspect/artifact'
import type { Asn1Structure, Asn1Value } from '#shared/crypto/asn1/node'
import { readStructure } from '#shared/crypto/asn1/structure'
import { describeValue } from '#shared/crypto/asn1/values'
import { compareCertificates } from '#shared/inspect/compare'
import type { CertificateComparison } from '#shared/inspect/compare'
import type { KeyFacts } from '#shared/inspect/key-facts'
import type { PairProof } from '#shared/inspect/pair-proof'
import type { SignatureFacts } from '#shared/inspect/signature/facts'
import type { SummaryView } from '#shared/inspect/summary/view'
import { privateKeyFacts, publicKeyFacts } from '#shared/inspect/key-facts'
import { openFile, type OpenedFile, type OpeningTalk } from '#shared/inspect/open'
import { CHALLENGE_BYTES, provePair } from '#shared/inspect/pair-proof'
import { signatureFacts } from '#shared/inspect/signature'
import { summarise } from '#shared/inspect/summary'
import type { KeyHistory } from '#shared/inspect/summary/weak-spots'
import type { SymmetricKeySurroundings } from '#shared/inspect/symmetric-facts'
import { commandsOf } from './commands'
import {
  arrangeCertificates,
  certificatesOfKey,
  chainAbove,
  hasKey,
  linksOf,
  publicHalves,
  relatedTo,
} from './related'
import { pack, type PackedStructure } from '../structure/packed'
import { forgetRead, readCertificateOnce, readListOnce } from './read-once'

/** Bytes of values that are put into words at once; what comes after gets its words when it is chosen. */
const MOST_DESCRIBED = 8 * 1024 * 1024

/** The structure that was read last; views ask for details of its elements. */
let last: { readonly id: number; readonly structure: Asn1Structure } | undefined
let lastId = 0

/** A key pair of the lab, and how its private half came to the server. */
export interface ServerKey {
  readonly spki: Bytes
  readonly history: KeyHistory
}

/** What the lab knows of what is shown. */
export interface Knowledge {
  readonly serverKey: ServerKey | undefined
  readonly symmetric: SymmetricKeySurroundings | undefined
}

/** Every call by name. */
export const CALLS = {
  readStructure: (bytes: Bytes, type?: string): PackedStructure => {
    const structure = readStructure(bytes, type)
    const id = ++lastId
    last = { id, structure }
    let described = 0
    return pack(id, structure, (node) => {
      described += node.contentLength
      return described > MOST_DESCRIBED && described > structure.bytes.length * 4
        ? ''
        : describeValue(structure, node).text
    })
  },

  /** @throws LabError `unknown_structure` when another one was read since */
  describeElement: (id: number, index: number): Asn1Value => {
    const node = last?.id === id ? last.structure.nodes[index] : undefined
    if (!last || !node) throw new LabError('unknown_structure', 'The structure is not kept any more.')
    return describeValue(last.structure, node)
  },

  /** Forgets what was read: the file that it was in has been taken off the list. */
  forget: (): void => {
    last = undefined
    forgetRead()
  },

  openFile: (bytes: Bytes, name: string, talk: OpeningTalk): Promise<OpenedFile> =>
    openFile(bytes, name, talk),

  relatedTo: linksOf,
  chainAbove,
  certificatesOfKey,
  commandsOf,
  publicHalves,
  arrangeCertificates,

  compareCertificates: (left: Bytes, right: Bytes): Promise<CertificateComparison> =>
    compareCertificates(left, right),
  summarise: (artifact: Artifact, context: InspectContext, known: Knowledge): Promise<SummaryView> => {
    const { serverKey, symmetric } = known
    const isServers = serverKey !== undefined && hasKey(artifact, serverKey.spki)
    return summarise(artifact, context, {
      reader: readCertificateOnce,
      listReader: readListOnce,
      ...(isServers ? { key: serverKey.history } : {}),
      ...(symmetric ? { symmetric } : {}),
    })
  },

  signatureFacts: (artifact: SignatureArtifact): Promise<SignatureFacts> => signatureFacts(artifact),

  /** Facts of the key of an artifact; the secret numbers of a private one only with `withSecrets`. */
  keyFacts: async (artifact: Artifact, withSecrets: boolean): Promise<KeyFacts> => {
    if (artifact.kind === 'private-key') {
      const facts = await privateKeyFacts(artifact.pkcs8, artifact.title)
      return withSecrets ? facts : { ...facts, numbers: facts.numbers.filter(({ secret }) => !secret) }
    }
    const spki = artifact.kind === 'public-key' ? artifact.spki : relatedTo(artifact, []).key?.spki
    if (!spki) throw new LabError('no_key', 'There is no key in it that could be shown.')
    return publicKeyFacts(spki, artifact.title)
  },

  /** Signs a challenge that was made just now. */
  provePair: (pkcs8: Bytes, spki: Bytes): Promise<PairProof> =>
    provePair(pkcs8, spki, crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES))),
} as const

/** Calls that ask and tell while they are under way: they get a talk behind what they are given. */
export const TALKS: ReadonlySet<keyof typeof CALLS> = new Set(['openFile'])

/** Every call as it is asked for. */
export type InspectCalls = Omit<typeof CALLS, 'openFile'> & {
  readonly openFile: (bytes: Bytes, name: string) => Promise<OpenedFile>
}

export interface InspectRequest {
  readonly id: number
  readonly name: keyof InspectCalls
  readonly argument: readonly unknown[]
}

export type InspectAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number
      readonly ok: false
      readonly fault: Fault
      /** What the log gets of an error that nobody has foreseen. */
      readonly failure: FailureReport | undefined
    }
