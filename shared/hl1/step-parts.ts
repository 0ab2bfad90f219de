/** What the conducts of both suites have in common: checks that ask the same thing, and sessions. */
import { LabError } from '../errors'
import type { CheckList } from './checks'
import { lifetimeClock, type Environment } from './environment'
import type { Endpoint } from '../record/connection'
import { LONGEST_LIFETIME } from './lifetime'
import { ANYONE_MAY, nameKey } from './names'
import { timeLeft, type AuthorityState, type ClientState, type ServerState, type Session } from './state'

const ASKED_LATER = 'The person at the authority is asked, once all else is right.'
/** Where a registering server expects to be reached: the one address that this protocol runs on. */
export const LOOPBACK = '127.0.0.1'

/** What an earlier step has put into the state; that it is there follows from the order of the steps. */
export function known<T>(value: T | undefined): T {
  if (value === undefined)
    throw new LabError('internal_error', 'An earlier step has not left what this one needs.')
  return value
}

/** Compares identities; throws ProtocolError `unknown_identity`. */
export function checkIdentity(found: string, expected: string, checks: CheckList): void {
  const ok = found === expected
  const reason = ok
    ? 'The identity is the expected one.'
    : `The identity is ${found}, expected was ${expected}.`
  checks.require('identity', 'unknown_identity', { ok, reason, found, expected })
}

/**
 * First of step 1: may who asks have the name? The authority's own nobody may have, whatever its policy is.
 * @throws ProtocolError `unknown_identity`
 */
export function checkName(
  asked: string,
  { credentials }: AuthorityState,
  checks: CheckList,
  { names }: Environment,
): void {
  if (nameKey(asked) === nameKey(credentials.identity)) {
    const reason = `${asked} is the authority’s own name: it certifies nobody else in it.`
    return checks.require('name', 'unknown_identity', { ok: false, reason, found: asked })
  }
  const found = names ? names.look(asked) : { ok: true, reason: ANYONE_MAY }
  if (found) checks.require('name', 'unknown_identity', found)
  else checks.note('name', { ok: false, reason: ASKED_LATER })
}

/**
 * Last of step 1, as nobody is to be asked about a request that is wrong: takes the name, where the policy lets who asks.
 * @throws ProtocolError `unknown_identity`, `busy`
 */
export async function takeName(
  state: AuthorityState,
  checks: CheckList,
  { names }: Environment,
): Promise<void> {
  if (!names) return
  const { requested } = state
  const request = { name: known(state.idS), ...(requested ? { publicKey: requested.publicKey } : {}) }
  checks.require('name', 'unknown_identity', await names.take(request))
}

/** Compares what step 5 says of the client's end with the connection; refuses only where that is enforced. */
export function checkAddress(said: Endpoint, { peer, enforceAddress }: ServerState, checks: CheckList): void {
  const found = `${said.address}:${said.port}`
  const expected = `${peer.address}:${peer.port}`
  const ok = found === expected
  const reason = ok
    ? 'The message came from the address and port that it names.'
    : 'The message names another address or port than the one it came from.'
  if (enforceAddress) checks.require('address', 'unknown_identity', { ok, reason, found, expected })
  else checks.note('address', { ok, reason, found, expected })
}

/** Checks the lifetime of step 6; throws ProtocolError `malformed`. */
export function checkLifetime(seconds: number, checks: CheckList): void {
  const ok = seconds >= 1 && seconds <= LONGEST_LIFETIME
  checks.require('lifetime', 'malformed', {
    ok,
    reason: ok ? 'The lifetime is within the allowed range.' : 'The lifetime is outside the allowed range.',
    found: `${seconds} s`,
    expected: `1 to ${LONGEST_LIFETIME} s`,
  })
}

/** Asked first of all in step 7: does the session still live? Throws ProtocolError `session_expired`. */
export function checkSessionLives(state: ServerState, checks: CheckList, environment: Environment): void {
  const session = known(state.session)
  const left = timeLeft(session, lifetimeClock(environment).monotonic())
  const seconds = (Math.abs(left) / 1000).toFixed(3)
  checks.require('session_alive', 'session_expired', {
    ok: left >= 0,
    reason:
      left >= 0
        ? 'The session has not reached its end.'
        : `The session ended ${seconds} s ago; its key is gone.`,
    found: left >= 0 ? `${seconds} s left` : `${seconds} s past the end`,
    expected: `a lifetime of ${session.lifetime} s`,
  })
}

/** The session that the server makes in step 6. */
export function newSession(
  state: ServerState,
  made: Pick<Session, 'key' | 'lifetime' | 'startedAt'>,
  environment: Environment,
): Session {
  return { ...made, idC: known(state.idC), startedMonotonic: lifetimeClock(environment).monotonic() }
}

/** The session as the client has it from step 6. */
export function receivedSession(
  state: ClientState,
  received: Pick<Session, 'key' | 'lifetime' | 'startedAt'>,
  environment: Environment,
): Session {
  return { ...received, idC: state.idC, startedMonotonic: lifetimeClock(environment).monotonic() }
}
