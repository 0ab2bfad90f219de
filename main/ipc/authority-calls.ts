/** What calls about the authority do. What its person decides, issuing and revoking, main asks in a dialog of its own. */
import { LabError } from '#shared/errors'
import { requireTerms } from '#shared/issuing/issue'
import type { WindowName } from '#shared/windows'
import type { Lab } from '../lab/lab'
import { OneAtATime } from '../lab/one-at-a-time'
import type { Person } from '../windows/person'
import type { Topic } from './answer'
import type { Losses } from './losses'
import { questionOfIssuing, questionOfRevoking } from './questions'

interface Services {
  readonly lab: Lab
  readonly person: Pick<Person, 'agrees'>
  readonly losses: Pick<Losses, 'mayGiveUpAuthority'>
}

/** The handlers of `authority:…`. */
export function authorityHandlers({ lab, person, losses }: Services): Topic<'authority'> {
  const { authority } = lab
  const signing = new OneAtATime()
  const ask = async (window: WindowName, question: Parameters<Person['agrees']>[1]): Promise<void> => {
    if (!(await person.agrees(window, question)))
      throw new LabError(
        'not_asked_for',
        'Nothing has changed: it was not confirmed, or another question is open.',
      )
  }
  return {
    'authority:start': ({ port }) => lab.startAuthority(port).then(nothing),
    'authority:stop': async (_, window) =>
      (await losses.mayGiveUpAuthority(window, 'stop')) ? lab.stopAuthority().then(nothing) : undefined,
    'authority:renew': async (_, window) =>
      (await losses.mayGiveUpAuthority(window, 'renew')) ? lab.renewAuthority().then(nothing) : undefined,
    'authority:answer': ({ question, isAllowed }) => nothing(authority.desk.answer(question, isAllowed)),
    'authority:allow-another': ({ name, isAllowed }) => nothing(authority.desk.open(name, isAllowed)),
    'authority:offer': ({ request }) => signing.inTurn(() => authority.requireRequests().offerFor(request)),
    'authority:issue': ({ request, ...terms }, window) =>
      signing.inTurn(async () => {
        const requests = authority.requireRequests()
        const offer = await requests.offerFor(request)
        // What can't be signed is not asked about; so nothing stands in the question that is no name.
        requireTerms(offer, terms)
        await ask(window, questionOfIssuing(offer, terms))
        // An authority that has become another one meanwhile signs nothing: what was agreed to was its certificate.
        if (authority.requireRequests() !== requests)
          throw new LabError('not_running', 'The authority became another one meanwhile.')
        return { ...(await requests.issueFor(request, terms)), revoked: undefined }
      }),
    'authority:revoke': async ({ serial, reason }, window) => {
      await ask(window, questionOfRevoking(authority.requireIssued(serial), serial, reason))
      await authority.revoke(serial, reason)
      return undefined
    },
    'authority:release': ({ serial }) => authority.release(serial).then(nothing),
    'authority:new-list': () => signing.inTurn(() => authority.renewList()).then(nothing),
  }
}

function nothing(_done: unknown): undefined {
  return undefined
}
