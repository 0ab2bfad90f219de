/** Does what a request asks for and puts the outcome into an answer. */
import { isForeseen, toFault } from '#shared/errors'
import { reportFailure, withoutMessages } from '#shared/failure'
import { CALLS, type InspectAnswer, type InspectRequest } from './calls'

/** Never rejects: what goes wrong is in the answer. */
export async function answerTo({ id, name, argument }: InspectRequest): Promise<InspectAnswer> {
  try {
    const call = CALLS[name] as (...argument: readonly unknown[]) => unknown
    return { id, ok: true, value: await call(...argument) }
  } catch (error) {
    return refusal(id, error)
  }
}

/** The answer where something went wrong; what nobody has foreseen comes with what the log gets of it, no text of a file. */
export function refusal(id: number, error: unknown): InspectAnswer {
  const failure = isForeseen(error) ? undefined : withoutMessages(reportFailure(error))
  return { id, ok: false, fault: toFault(error), failure }
}
