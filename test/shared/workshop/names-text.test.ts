/** General names as text: what is written is read again as it was, and what can't be read says why. */
import { describe, expect, it } from 'vitest'
import type { AlternativeName } from '#shared/workshop/chain'
import { namesText, readNames } from '#shared/workshop/names-text'
import { RECIPES } from '#shared/workshop/recipes'

const NAMES: readonly AlternativeName[] = [
  { kind: 'DNS', value: '*.my.test' },
  { kind: 'IP', value: '::1' },
  { kind: 'IP', value: '10.0.0.0', mask: '255.0.0.0' },
  { kind: 'URI', value: 'https://my.test/a,b=c' },
  { kind: 'email', value: 'me@my.test' },
  {
    kind: 'directory',
    value: [
      { type: 'organizationName', text: 'Lab, and more' },
      { type: 'commonName', text: 'a=b' },
    ],
  },
]

it('what is written is read as it was', () => {
  expect(readNames(namesText(NAMES))).toEqual({ names: NAMES })
})

it('so are the names of all recipes in which nothing is unseen', () => {
  const all = RECIPES.flatMap(({ chain }) =>
    chain.certificates.flatMap(({ extensions }) =>
      extensions.flatMap((extension) => {
        if (extension.kind === 'subjectAltName') return [extension.names]
        return extension.kind === 'nameConstraints'
          ? [extension.permitted ?? [], extension.excluded ?? []]
          : []
      }),
    ),
  )
  expect(all.length).toBeGreaterThan(100)
  for (const names of all) expect(readNames(namesText(names))).toEqual({ names })
})

describe('a name without its kind is told by its looks:', () => {
  it.each([
    ['my.test', 'DNS'],
    ['127.0.0.1', 'IP'],
    ['2001:db8::1', 'IP'],
    ['https://my.test/', 'URI'],
    ['me@my.test', 'email'],
    ['', undefined],
  ])('%s', (line, kind) => {
    const read = readNames(` ${line} \n\n`)
    expect('names' in read ? read.names.map((name) => name.kind) : read).toEqual(
      kind === undefined ? [] : [kind],
    )
  })
})

describe('says what is wrong:', () => {
  it.each([
    ['IP:nowhere', 'no IP address'],
    ['IP:10.0.0.0/24', 'no IP address'],
    ['IP:10.0.0.0/::1', 'no IP address'],
    ['directory:somebody', 'no attribute'],
    ['directory:unknownName=x', 'no attribute'],
  ])('%s', (line, why) => {
    expect(readNames(`DNS:good.test\n${line}`)).toMatchObject({
      problem: expect.stringContaining(why) as string,
    })
  })
})
