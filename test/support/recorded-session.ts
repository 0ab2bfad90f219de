/** The recorded sessions as their receivers met them: every frame with the state and the clock that its receiver had. */
import { equalBytes, fromBase64, fromUtf8, type Bytes } from '#shared/bytes'
import type { KeyShare } from '#shared/crypto/primitives/aead'
import { webCrypto, type CryptoProvider } from '#shared/crypto/provider'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { privateKeyFromPem, publicKeyFromPem } from '#shared/crypto/primitives/rsa'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import { HEADER_BYTES } from '#shared/hl1/frame'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import type {
  AuthorityState,
  ClientState,
  ModernSecrets,
  RegistrationState,
  ServerState,
  Session,
} from '#shared/hl1/state'
import type { StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import { MAX_AGE, SERVER, type Reception } from './handshake'
import { hex, readVector, type ModernVector, type SuiteVector } from './vectors'

/** One frame of a recording. */
export interface RecordedFrame extends Reception {
  /** Its place in the recording, from 1. */
  readonly number: number
}

/** What is inside of the messages of a recording, by step; of steps that come twice, the first. */
type Contents = Readonly<Partial<Record<number, Readonly<Record<string, unknown>>>>>

/** Every frame of a recorded session, in order; times are those of the recording. */
export function recordedSession(suite: SuiteName): readonly RecordedFrame[] {
  const vector = readVector(suite)
  const contents = contentsOf(vector)
  const secrets = vector.suite === 'modern' ? modernSecrets(vector) : undefined
  const session = sessionOf(vector, contents)
  const seen = new Map<number, number>()
  return vector.frames.map((recorded, index): RecordedFrame => {
    const step = recorded.step as StepNumber
    const before = seen.get(step) ?? 0
    seen.set(step, before + 1)
    const base = {
      suite,
      next: { act: 'accept', step },
      transcript: hex(recorded.hash_before),
      maxAge: MAX_AGE,
    } as const
    const own = secrets?.(step, before)
    return {
      number: index + 1,
      step,
      frame: hex(recorded.frame),
      acceptor: acceptorOf(step, vector, contents, { ...base, ...(own ? { modern: own } : {}) }, session),
      environment: {
        ...environmentOf(vector.recorded_at, own?.keyShare, agreementOf(vector, step)),
        ...(step === 1 ? { seen: new ReplayMemory() } : {}),
      },
    }
  })
}

/** The clock of the recording; a share that is made is the recorded one. */
function environmentOf(
  now: number,
  keyShare: KeyShare | undefined,
  agreed: Agreement | undefined,
): Environment {
  return {
    ...systemEnvironment,
    now: () => now,
    monotonic: () => 0,
    crypto: { ...webCrypto, ...agreed, ...(keyShare ? { makeKeyShare: async () => keyShare } : {}) },
  }
}

type Agreement = Pick<CryptoProvider, 'readShare' | 'agree'>

/** The private halves of the shares were not recorded, but what they agreed on was: with a share other than the peer's it is something else. */
function agreementOf(vector: SuiteVector, step: StepNumber): Agreement | undefined {
  if (vector.suite !== 'modern') return undefined
  const shares = sharesOf(vector)
  const peers = step % 2 === 0 ? shares.server : shares.client
  const read = new Map<CryptoKey, Bytes>()
  const stranger = webCrypto.makeKeyShare()
  return {
    readShare: async (bytes) => {
      const share = await webCrypto.readShare(bytes)
      read.set(share, bytes)
      return share
    },
    agree: async (_privateKey, peer) =>
      equalBytes(read.get(peer)!, peers)
        ? sharedOf(vector)
        : webCrypto.agree((await stranger).privateKey, peer),
  }
}

const frameOf = (vector: ModernVector, step: number): Bytes =>
  hex(vector.frames.find((each) => each.step === step)!.frame)

function sharesOf(vector: ModernVector): { readonly client: Bytes; readonly server: Bytes } {
  const hello = JSON.parse(fromUtf8(frameOf(vector, 3).slice(HEADER_BYTES))) as { readonly share_c: string }
  const server = frameOf(vector, 4).slice(HEADER_BYTES, HEADER_BYTES + 65)
  return { client: fromBase64(hello.share_c)!, server }
}

const sharedOf = (vector: ModernVector): Bytes =>
  hex(vector.hkdf.find((each) => each.info === 'HL/1 handshake')!.ikm)

type Base = Pick<ServerState, 'suite' | 'next' | 'transcript' | 'maxAge'> & {
  readonly modern?: ModernSecrets
}

function acceptorOf(
  step: StepNumber,
  vector: SuiteVector,
  contents: Contents,
  { modern, ...base }: Base,
  session: Session,
): Reception['acceptor'] {
  const trustAnchor = parseCertificate(vector.ca_certificate)
  const own = { modern }
  const text = (of: number, name: string): string => String(contents[of]?.[name])
  const bytes = (of: number, name: string): Bytes => fromBase64(text(of, name))!
  const certificate = parseCertificate(text(2, 'x509_s'))
  const serverKey = privateKeyFromPem(vector.sk_s)
  const keyPair = { publicKey: certificate.publicKey, privateKey: serverKey }
  if (step === 1) {
    const authorityPair = { publicKey: trustAnchor.publicKey, privateKey: privateKeyFromPem(vector.sk_ca) }
    const credentials = { identity: vector.id_ca, keyPair: authorityPair, certificate: trustAnchor }
    const policy = { rsaBits: 2048, validityDays: 1 } as const
    return {
      ...base,
      role: 'authority',
      credentials,
      policy,
    } satisfies AuthorityState
  }
  if (step === 2) {
    const request = vector.suite === 'modern' ? { own: { keyPair, nonce: bytes(1, 'nonce_s') } } : {}
    return {
      ...base,
      role: 'server',
      idS: vector.id_s,
      trustAnchor,
      rsaBits: 2048,
      kTmp1: bytes(1, 'k_tmp1'),
      ...request,
    } satisfies RegistrationState
  }
  if (step % 2 === 0) {
    return {
      ...base,
      ...own,
      role: 'client',
      idC: vector.id_c,
      idS: vector.id_s,
      trustAnchor,
      kBoot: hex(vector.k_boot),
      server: SERVER,
      serverKey: undefined,
      serverCertificate: undefined,
      certS: undefined,
      kTmp2: bytes(5, 'k_tmp2'),
      session,
      data: undefined,
    } satisfies ClientState
  }
  const registered =
    vector.suite === 'classic'
      ? { publicKey: publicKeyFromPem(text(2, 'pk_s')), certS: bytes(2, 'cert_s') }
      : {}
  return {
    ...base,
    ...own,
    role: 'server',
    credentials: { identity: vector.id_s, ...keyPair, certificate, ...registered },
    kBoot: hex(vector.k_boot),
    peer: { address: text(5, 'ip_c'), port: Number(text(5, 'port_c')) },
    enforceAddress: true,
    idC: vector.id_c,
    kTmp2: undefined,
    session,
    request: undefined,
  } satisfies ServerState
}

function sessionOf(vector: SuiteVector, contents: Contents): Session {
  const { k_sess: key, lifetime_sess: lifetime } = contents[6] ?? {}
  const times = { startedAt: vector.recorded_at, startedMonotonic: 0 }
  return { key: fromBase64(String(key))!, idC: vector.id_c, lifetime: Number(lifetime), ...times }
}

function contentsOf(vector: SuiteVector): Contents {
  const contents: Record<number, Record<string, unknown>> = {}
  const add = (step: number, members: object): void =>
    void (contents[step] = { ...members, ...contents[step] })
  for (const entry of vector.opened) {
    if (entry.plaintext) add(entry.step, entry.plaintext)
    // The seal around step 5's RSA block has no members of its own.
    else if ('plaintext_hex' in entry && entry.step !== 5) {
      add(entry.step, JSON.parse(fromUtf8(hex(entry.plaintext_hex ?? ''))) as object)
    }
  }
  return contents
}

/** What suite `modern` knows before a step, of which `before` have gone before. */
function modernSecrets(vector: ModernVector): (step: StepNumber, before: number) => ModernSecrets {
  const derived = (info: string): Bytes => hex(vector.hkdf.find((each) => each.info === info)!.out)
  const shared = sharedOf(vector)
  const shares = sharesOf(vector)
  const transcript = hex(vector.frames.find((each) => each.step === 7)!.hash_before)
  return (step, before) => {
    const own = { share: step % 2 === 0 ? shares.client : shares.server, privateKey: {} as CryptoKey }
    const handshake = { keyShare: own, shared, kHs: derived('HL/1 handshake') }
    // The keys of both directions are derived at the first request.
    if (step < 7 || (step === 7 && before === 0)) return handshake
    const counted = { nextRequest: step === 7 ? before : before + 1, nextAnswer: before }
    const clientToServer = derived('HL/1 client to server')
    const serverToClient = derived('HL/1 server to client')
    return { ...handshake, session: { transcript, clientToServer, serverToClient, ...counted } }
  }
}
