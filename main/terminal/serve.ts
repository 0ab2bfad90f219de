/** Authority and server for other programs, until they are told to end; the trust anchor is in a file for as long. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { PrivateLab } from '../experiments/private-lab'
import { reasonOfFolder } from '../files/probe'
import { temporaryFailure } from '../files/system-folders'
import { makeTemporaryFolder, sweepTemporaryFolders } from '../files/temporary-folder'
import { untilAborted } from './until-aborted'

const TRUST_ANCHOR = 'ca.pem'

/** `announce` gets what says where they are. What killed ones have left behind is removed first. */
export async function serve(
  addresses: PrivateLab['addresses'],
  certificate: Certificate,
  signal: AbortSignal,
  announce: (where: object) => void,
): Promise<void> {
  await sweepTemporaryFolders([TRUST_ANCHOR])
  const folder = await makeTemporaryFolder()
  try {
    const trustAnchor = join(folder, TRUST_ANCHOR)
    await writeFile(trustAnchor, certificate.pem, { flag: 'wx' }).catch((error: unknown) => {
      throw temporaryFailure(folder, reasonOfFolder(error), error)
    })
    const ports = { authority: { port: addresses.authority.port }, server: { port: addresses.server.port } }
    announce({ ...ports, trustAnchor })
    await untilAborted(signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
