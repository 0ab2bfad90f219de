/** Words of the glossary in running text. */
import { expect, it } from 'vitest'
import { GLOSSARY } from '#shared/help/glossary'
import { marksOf } from '#shared/help/marks'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'

const words = (text: string) =>
  marksOf(text).flatMap(({ text: piece, word }) => (word ? [[piece, word.id]] : []))

it('every word has one anchor, and every name one word', () => {
  const ids = GLOSSARY.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const names = GLOSSARY.flatMap((entry) => entry.names)
  expect(new Set(names).size).toBe(names.length)
  for (const { id } of GLOSSARY) expect(id).toMatch(/^[a-z0-9-]+$/)
})

it('definitions are short enough for a hint', () => {
  for (const { id, text } of GLOSSARY) expect(text.length, id).toBeLessThan(230)
})

it('the words that a newcomer looked for are there', () => {
  const title = GLOSSARY.map((entry) => [entry.title, ...entry.names].join(' ')).join('\n')
  for (const word of [
    ...['OAEP', 'CBC', 'PKCS#7 padding', 'transcript', 'forward secrecy', 'ephemeral share', 'ECDH', 'HKDF'],
    ...['AEAD', 'GCM tag', 'additional data', 'nonce', 'IV', 'PSS', 'DigestInfo', 'trust anchor'],
    ...['proof of possession', 'PKCS#10', 'key escrow', 'replay', 'freshness', 'session lifetime'],
    ...['subjectAltName', 'basicConstraints', 'revocation', 'DER', 'key usage', 'session key'],
  ])
    expect(title).toContain(word)
})

it('a word is marked the first time alone, at the beginning of a sentence too, and by its longest name', () => {
  expect(words('Nonce and nonce; nonces')).toEqual([['Nonce', 'nonce']])
  expect(words('a GCM tag')).toEqual([['GCM tag', 'gcm-tag']])
  expect(words('all certificates')).toEqual([['certificates', 'certificate']])
  expect(words('hashed, IVY, MACHINE, subjective, GCMs-like')).toEqual([])
})

it('a definition does not mark its own word', () => {
  const nonce = GLOSSARY.find(({ id }) => id === 'nonce')!
  expect(marksOf('a nonce under a key', nonce)).toEqual([{ text: 'a nonce under a key' }])
})

it('what is cited is not marked as a word besides', () => {
  const marks = marksOf('The nonce: RFC 5280 section 4.2, certificates')
  expect(marks.filter(({ place }) => place).map(({ text }) => text)).toEqual(['RFC 5280 section 4.2'])
})

it('every explanation stays whole, and no word in it is marked twice', () => {
  let marked = 0
  for (const suite of SUITE_NAMES) {
    for (const { story, guarantees, weaknesses, repairs, members } of Object.values(SUITES[suite].sheets)) {
      const texts = [
        story,
        ...Object.values(guarantees).map(({ by }) => by),
        ...[...weaknesses, ...repairs].map(({ text }) => text),
        ...members.map(({ meaning }) => meaning),
      ]
      for (const text of texts) {
        const marks = marksOf(text)
        expect(marks.map((mark) => mark.text).join('')).toBe(text)
        const found = marks.flatMap(({ word }) => word?.id ?? [])
        expect(new Set(found).size, text).toBe(found.length)
        marked += found.length
      }
    }
  }
  expect(marked).toBeGreaterThan(100)
})
