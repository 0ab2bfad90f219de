/** Does what a request asks for and puts the outcome into an answer. */
import { DerError } from '#shared/crypto/encodings/der'
import { LabError, messageOf, type ErrorCode } from '#shared/errors'
import { CALLS, type InspectAnswer, type InspectRequest } from './calls'

/** Never rejects: what goes wrong is in the answer. */
export async function answerTo({ id, name, argument }: InspectRequest): Promise<InspectAnswer> {
  try {
    const call = CALLS[name] as (...argument: readonly unknown[]) => unknown
    return { id, ok: true, value: await call(...argument) }
  } catch (error) {
    return { id, ok: false, ...faultOf(error) }
  }
}

function faultOf(error: unknown): { code: ErrorCode; message: string; offset: number | undefined } {
  return {
    code: error instanceof LabError ? error.code : 'internal_error',
    message: messageOf(error),
    offset: error instanceof DerError ? error.offset : undefined,
  }
}
