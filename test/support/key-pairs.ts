/**
 * Real RSA key pairs, made once for all test files of a run: making one takes longer than most of what is tried with it. vitest
 * makes them before the first file (vitest.config.ts); whoever runs without it makes its own.
 */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A pair as DER (SubjectPublicKeyInfo, PKCS#8), in base64. */
export interface StoredPair {
  readonly spki: string
  readonly pkcs8: string
}

/** Names the file with the pairs for the processes that run tests. */
const VARIABLE = 'HANDSHAKE_LAB_TEST_KEY_PAIRS'
const BITS = 2048
/** A few labs' worth: one takes a key for the authority, one for the server, and makes two ahead. */
const COUNT = 24

/** Those that were made for this run; none outside of vitest. */
export function storedPairs(): readonly StoredPair[] {
  const path = process.env[VARIABLE]
  return path === undefined ? [] : (JSON.parse(readFileSync(path, 'utf8')) as StoredPair[])
}

/** Makes them; the result removes them again. Both of vitest's projects ask for it. */
export default function makeStoredPairs(): () => void {
  if (process.env[VARIABLE] !== undefined) return () => undefined
  const folder = mkdtempSync(join(tmpdir(), 'handshake-lab-keys-'))
  const pairs = Array.from({ length: COUNT }, (): StoredPair => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS })
    return {
      spki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    }
  })
  process.env[VARIABLE] = join(folder, 'pairs.json')
  writeFileSync(process.env[VARIABLE], JSON.stringify(pairs), { mode: 0o600 })
  return () => rmSync(folder, { recursive: true, force: true })
}
