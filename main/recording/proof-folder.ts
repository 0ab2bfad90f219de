/** A run as a folder that others verify with OpenSSL and a shell: its files, and how they get onto the disk. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fromHex } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { SecretName } from '#shared/adversary/eavesdropper'
import { messageCommands, proofFiles } from '#shared/proof/proof'
import { secretsOf, type ProofSecret } from '#shared/proof/secrets'
import type { Run } from '#shared/run/run'
import { exportFailure } from '../files/failures'
import { checkFolder, lookUp } from '../files/folder'
import { mainEnvironment } from '../lab/environment'

/** What in a proof is for everybody, and what is for its owner alone. */
const PUBLIC_MODE = 0o644
const PRIVATE_MODE = 0o600

/**
 * Writes a proof into a folder of its own, which appears whole or not at all; nothing is replaced.
 * @param secrets whether keys that are still there go along
 * @returns the folder
 * @throws LabError `export_exists`, and others of `export_…`; as `proofFiles`
 */
export async function writeProof(run: Run, folder: string, secrets: boolean): Promise<string> {
  const parent = dirname(folder)
  try {
    await checkFolder(parent, false)
    if ((await lookUp(folder)) !== 'nothing')
      throw new LabError(
        'export_exists',
        `${basename(folder)} is there already in ${parent}: choose another name.`,
      )
    const files = await proofFilesOf(run, secrets)
    const made = await mkdtemp(join(parent, '.handshake-lab-proof-'))
    try {
      for (const { name, bytes, secret } of files) {
        const path = join(made, name)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, bytes, { flag: 'wx', mode: secret ? PRIVATE_MODE : PUBLIC_MODE })
      }
      await rename(made, folder)
    } catch (error) {
      await rm(made, { recursive: true, force: true })
      throw error
    }
    return folder
  } catch (error) {
    throw exportFailure(error, parent)
  }
}

/** The lines of a proof for one message, by its record. @throws LabError as `messageCommands` */
export function commandsFor(run: Run, id: string): ReturnType<typeof messageCommands> {
  return messageCommands(inputOf(run), id)
}

function proofFilesOf(run: Run, secrets: boolean): ReturnType<typeof proofFiles> {
  return proofFiles({ ...inputOf(run), ...(secrets ? { secrets: secretsIn(run) } : {}) })
}

function inputOf({ records, anchors, settings }: Run) {
  return {
    entries: records,
    authorities: anchors.map(({ value }) => value.pem),
    rules: settings.map(({ from, value: { maxAge, bootstrapKey } }) => {
      const key = fromHex(bootstrapKey)
      return { from, value: { maxAge, ...(key ? { bootstrapKey: key } : {}) } }
    }),
    crypto: mainEnvironment.crypto,
  }
}

function secretsIn({ records, secrets }: Run): readonly ProofSecret[] {
  const privateKeys = Object.entries(secrets?.privateKeys ?? {}).map(([symbol, pem]): ProofSecret => ({
    is: 'private-key',
    symbol: symbol as 'SK_CA' | 'SK_S',
    pem,
  }))
  const derived = (secrets?.connections ?? []).flatMap(({ connection, keys }) =>
    Object.entries(keys).map(([symbol, value]): ProofSecret => ({
      is: 'key',
      symbol: symbol as SecretName,
      connection,
      value,
    })),
  )
  return [...privateKeys, ...secretsOf(records), ...derived]
}
