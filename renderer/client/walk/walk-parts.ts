/** What walking is made of: what a step can lack, faults, and what makes one that is shown pointless. */
import { LabError, type Fault } from '#shared/errors'
import type { LabView } from '#shared/lab'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'

/** A role that a step needs and that is not running. */
export interface Missing {
  readonly role: 'authority' | 'server'
  readonly text: string
}

/** Faults that a role which runs takes the ground from. */
const FOR_WANT_OF_A_ROLE = new Set(['not_running', 'port_in_use', 'listen_failed', 'no_trust_anchor'])

/** The roles that a step needs and that are not running, in the order in which they are started. */
export function missingRoles(step: StepNumber, { authority, server }: LabView): readonly Missing['role'][] {
  const roles: Missing['role'][] = []
  if (STEPS[step].phase === 'registration' && authority.status !== 'running') roles.push('authority')
  if (server.status !== 'running') roles.push('server')
  return roles
}

/** What is missing for a step, the first of it to be started, if anything is. */
export function whatIsMissing(step: StepNumber, view: LabView | undefined): Missing | undefined {
  if (!view) return undefined
  const roles = missingRoles(step, view)
  const [role] = roles
  if (!role) return undefined
  const names = roles.map((each) => TITLES[each]).join(' and the ')
  const [are, them] = roles.length > 1 ? ['are', 'both'] : ['is', 'it']
  const text = `Step ${step} needs the ${names}, which ${are} not running. Next step starts ${them} and goes on.`
  return { role, text }
}

const TITLES = { authority: 'certificate authority', server: 'application server' } as const

/** What an action says that has started roles. */
export function startedRoles(roles: readonly Missing['role'][]): string {
  const names = roles.map((role) => TITLES[role]).join(' and ')
  return `${names.charAt(0).toUpperCase()}${names.slice(1)} started.`
}

/** What *Next step* says where the session was over. */
export const ANOTHER_SESSION = 'The session had ended, so another one begins here.'

/** The same where the registration is of another suite, or is gone. */
export const ANOTHER_WALK = 'The session had ended, and another one needs a registration first.'

/** What a registration says that the person did not agree to. */
export const KEY_KEPT = 'The server was not registered again: it keeps its key and its certificate.'

/** What *Start over* says: the walk is the client's, and what the others have they keep. */
export function whatGoesOn(view: LabView | undefined): string | undefined {
  if (view?.server.status !== 'running') return undefined
  const roles =
    view.authority.status === 'running'
      ? 'Authority and server go on as they are'
      : 'The server goes on as it is'
  const keeps =
    view.server.registration === 'registered'
      ? ', and the server keeps its certificate until it registers anew'
      : ''
  return `The walk is at its beginning. ${roles}${keeps}.`
}

/** What an action says that was given up; `lost`: what has ended with the client's connection, if that had to be closed. */
export function givenUp(lost: 'session' | 'handshake' | undefined): string {
  if (lost === undefined) return 'Cancelled: nothing is under way any more.'
  const more = lost === 'session' ? ', and the session is gone with it. Renew makes another' : ''
  return `Cancelled. What was sent can’t be taken back, so the client has closed its connection${more}.`
}

/** Why the client's connection is gone once the server has stopped, which forgets its key and its certificate. */
export function serverStopped(hadSession: boolean): LabError {
  const lost = hadSession ? 'the session is gone' : 'the handshake is broken off'
  return new LabError(
    'connection_closed',
    `The server has stopped: ${lost}. Start it again: the walk goes on from step 1.`,
  )
}

/** Why a registration that stood before step 2 is gone, where one of its two roles has stopped. */
export function whoLeftRegistration(view: LabView | undefined): LabError | undefined {
  if (!view) return undefined
  const { authority, server } = view
  const gone =
    authority.status !== 'running' ? 'authority' : server.status !== 'running' ? 'server' : undefined
  return (
    gone &&
    new LabError(
      'not_running',
      `The ${gone} has stopped before step 2, so the registration has failed. Start it again: the walk goes on from step 1.`,
    )
  )
}

/** What the lab looks like to someone who has to know whether a fault still holds. */
export interface Circumstances {
  readonly missing: Missing['role'] | undefined
  readonly serverRuns: boolean
  readonly registered: number
  /** The suite that what begins now is in. */
  readonly suite: SuiteName | undefined
}

/** Which suite this walk is in, and which one whatever begins now will be in. */
export interface WalkSuites {
  /** Of the newest message; undefined before the first one. */
  readonly walk: SuiteName | undefined
  readonly next: SuiteName
  /** A connection goes on in the suite that it began in. */
  readonly isConnected: boolean
}

/** What there is to say where the two differ. */
export function suitesDiffer({ walk, next, isConnected }: WalkSuites): string | undefined {
  if (walk === undefined || walk === next) return undefined
  const [now, then] = [SUITES[walk].title, SUITES[next].title]
  return isConnected
    ? `This connection goes on in suite ${now}. Suite ${then} begins with Start over.`
    : `Suite ${then} from here on; what was done in ${now} is marked.`
}

/** True where the cause of a fault is gone by what has changed in the lab: nobody needs to read of it any more. */
export function isOvercome(fault: Fault, before: Circumstances, now: Circumstances): boolean {
  if (before.suite !== now.suite && before.suite !== undefined) return true
  if (FOR_WANT_OF_A_ROLE.has(fault.code)) return before.missing !== now.missing
  if (fault.code === 'connection_closed' && now.serverRuns && !before.serverRuns) return true
  const isOfRegistration = fault.step === undefined || fault.step <= 2
  return isOfRegistration && now.registered > before.registered
}
