/** Does what a request asks for and puts the outcome into an answer. */
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

function faultOf(error: unknown): { code: string; message: string; offset: number | undefined } {
  const { code, offset } = error as { code?: unknown; offset?: unknown }
  return {
    code: typeof code === 'string' ? code : 'internal_error',
    message: error instanceof Error ? error.message : String(error),
    offset: typeof offset === 'number' ? offset : undefined,
  }
}
