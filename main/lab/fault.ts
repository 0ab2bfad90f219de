/** Errors as data, for borders that a class does not cross. */
import { LabError } from '#shared/errors'
import type { Fault } from '#shared/lab'
import { ProtocolError } from '#shared/hl1/alerts'
import { PortInUseError } from '../net/listener'

/** What is not an error of this project's own says nothing of its inside. */
export function toFault(error: unknown): Fault {
  if (!(error instanceof LabError)) {
    return {
      code: 'internal_error',
      message: 'The program failed on its own account. Start it again if this goes on.',
    }
  }
  return {
    code: error.code,
    message: error.message,
    ...(error instanceof ProtocolError ? { step: error.step } : {}),
    ...(error instanceof PortInUseError && error.freePort !== undefined ? { freePort: error.freePort } : {}),
  }
}
