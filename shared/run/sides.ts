/**
 * What a role knew along a recorded connection, worked out again from its records: a state as its driver had it, but for keys.
 * Whoever opens frames has those from elsewhere, so none is in here.
 */
import { fromHex, type Bytes } from '../bytes'
import { readRequest } from '../crypto/pki/request'
import type { RsaPrivateKey, RsaPublicKey } from '../crypto/primitives/rsa'
import { otherwise } from '../errors'
import { heldAt } from '../held'
import type { RoleState } from '../hl1/drivers/conversation'
import { startIssuing, startRegistration } from '../hl1/drivers/registration'
import { startClient, startServing } from '../hl1/drivers/session'
import type { Environment } from '../hl1/environment'
import { advance } from '../hl1/message'
import { countMessage } from '../hl1/modern/secrets'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from '../hl1/state'
import { isStepNumber } from '../hl1/steps'
import type { Hl1Entry } from '../hl1/types'
import type { Settings } from '../settings'
import type { RunKeys } from './key-ring'
import { memberNumber, memberText, memberValue } from './members'
import type { Run } from './run'

/** Stands where a state has a key: nobody opens anything with it. */
const NO_KEY: Bytes = new Uint8Array(32)
const NO_PRIVATE_KEY: RsaPrivateKey = { pem: '', pkcs8: NO_KEY }

/** The state of a role before its first record on a connection; undefined where the run does not say what it began with. */
export function stateBefore(first: Hl1Entry, run: Run, keys: RunKeys): RoleState | undefined {
  const { role, connection, at, step, suite } = first
  const settings = keys.settingsFor(first)
  const trustAnchor = heldAt(run.anchors, at)
  if (!settings || !trustAnchor) return undefined
  const { maxAge, rsaBits, validityDays, bootstrapKey, enforceAddress } = settings
  const kBoot = fromHex(bootstrapKey) ?? NO_KEY
  if (role === 'authority' && step === 1) {
    const { publicKey, subject } = trustAnchor
    const keyPair = { publicKey, privateKey: NO_PRIVATE_KEY }
    const credentials = { identity: subject.commonName ?? '', keyPair, certificate: trustAnchor }
    return startIssuing({ credentials, policy: { rsaBits, validityDays }, maxAge })
  }
  if (role === 'server' && connection.acceptor === 'authority' && step === 1 && suite)
    return startRegistration({
      suite,
      idS: memberText(first, 'id_s') || settings.serverIdentity,
      trustAnchor,
      rsaBits,
      maxAge,
    })
  if (role === 'server' && connection.acceptor === 'server' && step === 3) {
    const registered = keys.registeredFor(first)
    const identity = registered?.certificate.subject.commonName
    if (!registered || identity === undefined) return undefined
    const { certificate, certS } = registered
    const own = { identity, publicKey: certificate.publicKey, privateKey: NO_PRIVATE_KEY, certificate }
    const credentials = { ...own, ...(certS ? { certS } : {}) }
    return startServing({ credentials, kBoot, peer: connection.from, enforceAddress, maxAge })
  }
  if (role === 'client' && step === 3 && suite)
    return clientBefore(first, run.records, { settings, trustAnchor, kBoot })
  return undefined
}

/** Another client than the lab's own goes by other names: it has said them itself. */
function clientBefore(
  first: Hl1Entry,
  records: readonly Hl1Entry[],
  around: { readonly settings: Settings } & Pick<ClientState, 'trustAnchor' | 'kBoot'>,
): ClientState {
  const { connection, suite = 'classic' } = first
  const { settings, trustAnchor, kBoot } = around
  const said = records.find(
    ({ role, direction, connection: { id }, members }) =>
      role === 'client' &&
      direction === 'sent' &&
      id === connection.id &&
      members.some(({ name, value }) => name === 'id_c' && value !== undefined),
  )
  return startClient({
    suite,
    idC: said ? memberText(said, 'id_c') : settings.clientIdentity,
    idS: memberText(first, 'id_s') || settings.serverIdentity,
    trustAnchor,
    kBoot,
    server: connection.to,
    maxAge: settings.maxAge,
  })
}

/** The state after a message that the role has sent. */
export async function afterSent(
  state: RoleState,
  entry: Hl1Entry,
  environment: Environment,
): Promise<RoleState> {
  return goOn(await sent(state, entry, environment), entry, environment)
}

/** The state after a message that was accepted, where it can't be accepted again: as the record says. */
export async function afterAccepted(
  state: RoleState,
  entry: Hl1Entry,
  environment: Environment,
): Promise<RoleState> {
  return goOn(await accepted(state, entry, environment), entry, environment)
}

/** What opening has taught, as far as it matters to the checks of a step. */
export function opened<S extends RoleState>(state: S, { suite, step }: Hl1Entry): S {
  return suite === 'modern' && step === 4 ? { ...state, modern: { shared: NO_KEY } } : state
}

function goOn(
  state: RoleState,
  { step, frame, suite }: Hl1Entry,
  environment: Environment,
): Promise<RoleState> {
  if (!isStepNumber(step) || !suite) return Promise.resolve(state)
  return advance(state, step, frame, suite, environment)
}

async function sent(state: RoleState, entry: Hl1Entry, environment: Environment): Promise<RoleState> {
  const isModern = entry.suite === 'modern'
  switch (entry.step) {
    case 1: {
      const publicKey = isModern ? await requestedKey(entry, environment) : undefined
      if (!publicKey) return state
      const nonce = bytesOf(entry, 'nonce_s')
      return {
        ...(state as RegistrationState),
        own: { keyPair: { publicKey, privateKey: NO_PRIVATE_KEY }, nonce },
      }
    }
    case 4:
      return isModern ? { ...(state as ServerState), modern: { shared: NO_KEY } } : state
    case 6:
      return withSession(state as ServerState, entry)
    case 7:
      return isModern ? countMessage(state as ClientState, 'nextRequest') : state
    case 8:
      return isModern ? countMessage(state as ServerState, 'nextAnswer') : state
    default:
      return state
  }
}

async function accepted(state: RoleState, entry: Hl1Entry, environment: Environment): Promise<RoleState> {
  const isModern = entry.suite === 'modern'
  switch (entry.step) {
    case 1: {
      const idS = memberText(entry, 'id_s')
      const publicKey = isModern ? await requestedKey(entry, environment) : undefined
      const timestamp = memberNumber(entry, 'ts1')
      const requested = publicKey && { publicKey, nonce: bytesOf(entry, 'nonce_s'), timestamp }
      return { ...(state as AuthorityState), idS, ...(requested ? { requested } : {}) }
    }
    case 3:
      return { ...(state as ServerState), idC: memberText(entry, 'id_c') }
    case 4:
      return opened(state, entry)
    case 5:
      return isModern ? { ...(state as ServerState), idC: memberText(entry, 'id_c') } : state
    case 6:
      return withSession(state as ClientState, entry)
    case 7:
      return isModern ? countMessage(state as ServerState, 'nextRequest') : state
    case 8:
      return isModern ? countMessage(state as ClientState, 'nextAnswer') : state
    default:
      return state
  }
}

function withSession<S extends ClientState | ServerState>(state: S, entry: Hl1Entry): S {
  const session = {
    key: NO_KEY,
    idC: memberText(entry, 'id_c'),
    lifetime: memberNumber(entry, 'lifetime_sess'),
    startedAt: memberNumber(entry, 'ts6'),
    startedMonotonic: entry.monotonic ?? 0,
  }
  return { ...state, session }
}

async function requestedKey(entry: Hl1Entry, { crypto }: Environment): Promise<RsaPublicKey | undefined> {
  const read = await readRequest(memberText(entry, 'csr_s'), crypto).catch(otherwise(undefined))
  return read?.publicKey
}

function bytesOf(entry: Hl1Entry, name: string): Bytes {
  const value = memberValue(entry, name)
  return value instanceof Uint8Array ? value : NO_KEY
}
