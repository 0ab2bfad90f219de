/** Does what a request asks for and puts the outcome into an answer. */
import { isForeseen, toFault } from '#shared/errors'
import { reportFailure, withoutMessages } from '#shared/failure'
import { CALLS, TALKS, type InspectAnswer, type InspectRequest } from './calls'
import { talking, type InspectNews } from './talk'

/**
 * Never rejects: what goes wrong is in the answer.
 * @param post says something of it before
 */
export async function answerTo(
  { id, name, argument }: InspectRequest,
  post: (news: InspectNews) => void,
): Promise<InspectAnswer> {
  try {
    const call = CALLS[name] as (...argument: readonly unknown[]) => unknown
    const value = await talking(id, post, async (talk) =>
      call(...argument, ...(TALKS.has(name) ? [talk] : [])),
    )
    return { id, ok: true, value }
  } catch (error) {
    return refusal(id, error)
  }
}

/** The answer where something went wrong; what nobody has foreseen comes with what the log gets of it, no text of a file. */
export function refusal(id: number, error: unknown): InspectAnswer {
  const failure = isForeseen(error) ? undefined : withoutMessages(reportFailure(error))
  return { id, ok: false, fault: toFault(error), failure }
}
