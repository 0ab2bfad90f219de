/** The file system's codes of errors. */

/** The system's codes for a disk without room, and for a place where this account may not write. */
export const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
export const FORBIDDEN: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS'])
/** The system's codes for what is not there, or under something that is no folder. */
export const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR'])

/** The system's code of an error, `ENOENT` for one. */
export function systemCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
