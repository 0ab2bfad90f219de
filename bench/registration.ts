/** Registration, steps 1 and 2: what it takes beyond the making of an RSA key, and with keys that lie ready. */
import { Hub } from '#main/lab/events'
import { Lab } from '#main/lab/lab'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import type { SuiteName } from '#shared/hl1/suites'
import { generateRsaKeyPair } from '#shared/crypto/primitives/rsa'
import { spreadOf, type Spread } from './measure'

export interface RegistrationFigures {
  readonly suite: SuiteName
  /** Milliseconds from asking to being registered, with a key that lay ready. */
  readonly ready: Spread
  /** Milliseconds that one RSA 2048 key takes to make, measured in turn with the former. */
  readonly keyGeneration: Spread
}

/** Registers again and again; between two times the pool gets its time to fill. */
export async function measureRegistration(suite: SuiteName, rounds: number): Promise<RegistrationFigures> {
  const settings: Settings = { ...DEFAULT_SETTINGS, suite, authorityPort: 0, serverPort: 0 }
  const lab = new Lab({ settings: () => settings, hub: new Hub() })
  await lab.startAuthority()
  await lab.startServer()
  const ready: number[] = []
  const keyGeneration: number[] = []
  try {
    for (let round = -1; round < rounds; round++) {
      await lab.keysReady()
      const started = performance.now()
      await lab.register()
      const registered = performance.now()
      await lab.keysReady()
      const alone = performance.now()
      await generateRsaKeyPair(2048)
      if (round < 0) continue
      ready.push(registered - started)
      keyGeneration.push(performance.now() - alone)
    }
  } finally {
    await lab.close()
  }
  return { suite, ready: spreadOf(ready), keyGeneration: spreadOf(keyGeneration) }
}
