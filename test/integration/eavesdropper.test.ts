/** Whoever has every key reads on the wire exactly what the roles have recorded, to the member. */
import { beforeAll, describe, expect, it } from 'vitest'
import { AttackKeys } from '#main/adversary/attack-keys'
import { onStage } from '#main/adversary/stage'
import type { HeldKey } from '#shared/hl1/open-frame'
import type { SecretName } from '#shared/adversary/eavesdropper'
import { eavesdrop, usualSession, wordyRequest } from '#shared/adversary/tools'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'

const NEVER = new AbortController().signal

let keys: AttackKeys
beforeAll(async () => {
  keys = await AttackKeys.make()
})

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  it('every member of every step is read, where the keys that are never sent are there', async () => {
    await onStage({ suite, without: new Set(), attack: {}, keys, signal: NEVER }, async (stage, evidence) => {
      let shared: HeldKey | undefined
      stage.toServer.onFrame = ({ step, frame }) => {
        if (step === 6) shared = stage.leaks.client().modern?.shared
        return [frame]
      }
      const client = await usualSession(stage)
      expect(await client.request(wordyRequest(stage))).toBe(stage.word)
      const had: (readonly [SecretName, HeldKey])[] = [
        ['K_boot', stage.kBoot],
        ['SK_CA', stage.leaks.authority().keyPair.privateKey],
        ['SK_S', stage.leaks.server().privateKey],
        ...(shared ? [['Z', shared] as const] : []),
      ]
      const { frames } = await eavesdrop(stage, had)
      for (const step of STEP_NUMBERS) {
        const sent = evidence().records.find((entry) => entry.step === step && entry.direction === 'sent')
        const read = frames.find((frame) => frame.step === step)
        expect(read?.members).toEqual(
          Object.fromEntries((sent?.members ?? []).map(({ name, value }) => [name, value])),
        )
      }
    })
  })

  it('and without any key of this suite, nothing but what is sent in clear', async () => {
    await onStage({ suite, without: new Set(), attack: {}, keys, signal: NEVER }, async (stage) => {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      const { frames } = await eavesdrop(stage, [])
      const read = frames.filter(({ members }) => Object.keys(members).length > 0).map(({ step }) => step)
      expect(read).toEqual(suite === 'modern' ? [3, 4, 7, 8] : [])
    })
  })
})
