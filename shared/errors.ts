/** What went wrong, with a code that stays the same over versions. Every error that the project throws on purpose is one. */
export class LabError extends Error {
  override readonly name: string = 'LabError'

  /**
   * @param code stable, lower case with underscores
   * @param message for people: what happened, what was expected, what to do
   */
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Compile-time proof that a switch is complete. */
export function assertNever(value: never): never {
  throw new LabError('internal_error', `Unexpected value: ${String(value)}`)
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
