import { CompactEncrypt, compactDecrypt } from 'jose'
import { expect, it } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import { lockAsJwe, openJwe } from '#shared/crypto/containers/jwe'

const TEXT = toUtf8('what nobody else may read')

it('is opened by another implementation', async () => {
  const jwe = await lockAsJwe(TEXT, 'Passwort mit ü')
  const options = { keyManagementAlgorithms: ['PBES2-HS512+A256KW'], maxPBES2Count: 1_000_000 }
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, toUtf8('Passwort mit ü'), options)
  expect(plaintext).toEqual(TEXT)
  expect(protectedHeader).toMatchObject({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 600_000 })
})

it('opens what another implementation has locked', async () => {
  const jwe = await new CompactEncrypt(TEXT)
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' })
    .setKeyManagementParameters({ p2c: 2_000 })
    .encrypt(toUtf8('word'))
  expect(await openJwe(jwe, 'word')).toEqual(TEXT)
})

it('opens with no other passphrase, and not once any part of it was changed', async () => {
  const jwe = await new CompactEncrypt(TEXT)
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' })
    .setKeyManagementParameters({ p2c: 1_000 })
    .encrypt(toUtf8('word'))
  await expect(openJwe(jwe, 'other')).rejects.toMatchObject({ code: 'wrong_passphrase' })
  for (let at = 0; at < jwe.length; at += 3) {
    const other = jwe[at] === 'A' ? 'B' : 'A'
    const changed = `${jwe.slice(0, at)}${other}${jwe.slice(at + 1)}`
    const code = expect.stringMatching(/^(wrong_passphrase|unsupported_encryption)$/)
    await expect(openJwe(changed, 'word'), `character ${at}`).rejects.toMatchObject({ code })
  }
})

it.each([
  ['nothing', ''],
  ['four parts', 'a.b.c.d'],
  ['no header', 'e30.AA.AA.AA.AA'],
  [
    'more rounds than are taken',
    `${btoa(JSON.stringify({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2s: 'AAAA', p2c: 1e9 })).replace(/=+$/, '')}.AA.AA.AA.AA`,
  ],
])('%s is no JWE of this kind', async (_, jwe) => {
  await expect(openJwe(jwe, 'word')).rejects.toMatchObject({ code: 'unsupported_encryption' })
})
