/**
 * NIST's vectors for triple DES in CBC mode (SP 800-20, as Debian's python3-cryptography-vectors has them): where its three
 * keys are one, triple DES is DES.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '#shared/bytes'
import { decryptDes, encryptDes } from '#shared/crypto/primitives/des'
import { hex } from '../../../support/vectors'

const FOLDER = '/usr/lib/python3/dist-packages/cryptography_vectors/ciphers/3DES/CBC'

type Entry = Readonly<Record<string, string>>

/** The entries of a response file: blocks of `NAME = value` with an empty line after each. */
function entriesOf(text: string): readonly Entry[] {
  return text
    .split(/\r?\n\s*\r?\n/)
    .map((block) =>
      Object.fromEntries([...block.matchAll(/^(\w+) = (\w+)\s*$/gm)].map(([, name, value]) => [name, value])),
    )
    .filter((entry) => 'COUNT' in entry)
}

/** `KEYs` stands for three equal keys. */
function singleKey({ KEYs, KEY1, KEY2, KEY3 }: Entry): string | undefined {
  return KEYs ?? (KEY1 === KEY2 && KEY2 === KEY3 ? KEY1 : undefined)
}

describe('DES in CBC mode against NIST’s vectors', () => {
  const files = readdirSync(FOLDER).filter((name) => name.startsWith('TCBC') && !name.startsWith('TCBCI'))
  let checked = 0

  it.each(files)('%s', async (name) => {
    for (const entry of entriesOf(readFileSync(join(FOLDER, name), 'latin1'))) {
      const key = singleKey(entry)
      const { IV: iv, PLAINTEXT: plaintext, CIPHERTEXT: ciphertext } = entry
      if (!key || !iv || !plaintext || !ciphertext) continue
      const where = `${name}, COUNT ${entry['COUNT']}`
      const encrypted = toHex(await encryptDes(hex(key), hex(iv), hex(plaintext)))
      expect(encrypted.slice(0, ciphertext.length), where).toBe(ciphertext)
      expect(toHex(await decryptDes(hex(key), hex(iv), hex(encrypted))), where).toBe(plaintext)
      checked++
    }
  })

  it('are several hundred', () => {
    console.info(`NIST: ${checked} vectors of single DES met`)
    expect(checked).toBeGreaterThan(400)
  })
})
