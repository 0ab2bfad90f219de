/** Names that constraints are compared with: only A to Z have a lower case, and every common name that may be a host's is one. */
import { describe, expect, it } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { commonNameAsHost, isWithin } from '#shared/inspect/path/name-within'
import type { GeneralNameView } from '#shared/inspect/x509/types'

const latin = (text: string): Bytes => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const dns = (content: Bytes): GeneralNameView => ({ kind: 'DNS', value: '', content })
const email = (content: Bytes): GeneralNameView => ({ kind: 'email', value: '', content })

describe('a common name', () => {
  it.each(['www.example.com', '*.example.com', 'ban*.example.com', '*k.example.com'])(
    '%s is a host’s',
    (name) => {
      expect(commonNameAsHost(name)).toBe(name)
    },
  )

  it.each(['ID-Server', 'a*b', '*', 'a*.*.com', 'a b.com', 'ban\u212a.example.com'])('%s is none', (name) => {
    expect(commonNameAsHost(name)).toBeUndefined()
  })
})

it('capitals are A to Z alone', () => {
  expect(isWithin(dns(toUtf8('WWW.Example.com')), dns(toUtf8('example.COM')))).toBe(true)
  expect(isWithin(dns(latin('\u00c0.com')), dns(latin('\u00e0.com')))).toBe(false)
  expect(isWithin(email(latin('a@\u00c0.com')), email(latin('\u00e0.com')))).toBe(false)
})
