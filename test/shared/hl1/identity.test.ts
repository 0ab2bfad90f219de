import { describe, expect, it } from 'vitest'
import { DEFAULT_IDENTITIES, isIdentity } from '#shared/hl1/identity'

describe('an identity (section 2)', () => {
  it.each(['a', 'ID-Server', 'A.b_c-9', '...', '-', '_', '0', 'x'.repeat(48)])('may be %j', (identity) => {
    expect(isIdentity(identity)).toBe(true)
  })

  it.each([
    ['empty', ''],
    ['longer than 48', 'x'.repeat(49)],
    ['one with a space', 'ID Server'],
    ['one with a line feed at its end', 'ID-Server\n'],
    ['one with a line feed inside', 'ID\nServer'],
    ['one with a letter that is not ASCII', 'ID-Sérver'],
    ['one with a digit that is not ASCII', 'ID-٣'],
    ['one with a full-width letter', 'ＩＤ'],
    ['one with a slash', 'ID/Server'],
    ['one with a null character', 'ID\0'],
    ['one with a comma', 'ID,CN=x'],
  ])('may not be %s', (_, identity) => {
    expect(isIdentity(identity)).toBe(false)
  })

  it('has a default for each party', () => {
    expect(DEFAULT_IDENTITIES).toEqual({ authority: 'ID-CA', server: 'ID-Server', client: 'ID-Client' })
    expect(Object.values(DEFAULT_IDENTITIES).every(isIdentity)).toBe(true)
  })
})
