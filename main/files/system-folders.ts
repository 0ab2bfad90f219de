/** Folders of the system that Chromium needs: without them it ends the process, or takes this start for a second one. */
import { tmpdir } from 'node:os'
import { LabError, passOwnFault } from '#shared/errors'
import { probeFolder, reasonOfFolder } from './probe'

/** Where processes share memory on Linux. */
const SHARED_MEMORY = '/dev/shm'
/** Bytes of a socket's path (unix(7)), and of what Chromium puts behind the temporary folder's. */
const SOCKET_PATH_BYTES = 107
const SOCKET_IN_FOLDER = '/scoped_dirXXXXXX/SingletonSocket'

/**
 * Tries the folders. Other systems have them where they can't be missing.
 * @throws LabError `temporary_folder_not_usable`, `shared_memory_not_usable`
 */
export function checkSystemFolders(temporary = tmpdir(), sharedMemory = SHARED_MEMORY): void {
  if (process.platform !== 'linux') return
  const room = SOCKET_PATH_BYTES - SOCKET_IN_FOLDER.length
  if (Buffer.byteLength(temporary) > room)
    throw temporaryFailure(
      temporary,
      `Its path has more than ${room} bytes, which leaves no room for a socket’s.`,
    )
  tryFolder(temporary, (reason, cause) => temporaryFailure(temporary, reason, cause))
  tryFolder(
    sharedMemory,
    (reason, cause) =>
      new LabError(
        'shared_memory_not_usable',
        `The folder ${sharedMemory}, where processes share memory, can’t be used. ${reason} As administrator: mount -t tmpfs -o mode=1777 tmpfs ${sharedMemory}`,
        { cause },
      ),
  )
}

/** The error of a temporary folder that can’t be used; `reason` is a sentence for people. */
export function temporaryFailure(folder: string, reason: string, cause?: unknown): LabError {
  return new LabError(
    'temporary_folder_not_usable',
    `The folder for temporary files, ${folder}, can’t be used. ${reason} Mend that, or name another folder in the variable TMPDIR.`,
    { cause },
  )
}

function tryFolder(folder: string, failure: (reason: string, cause: unknown) => LabError): void {
  try {
    probeFolder(folder)
  } catch (error) {
    passOwnFault(error)
    throw failure(reasonOfFolder(error), error)
  }
}
