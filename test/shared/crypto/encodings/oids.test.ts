import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { oidName, oidNamed } from '#shared/crypto/encodings/oids'

const ROOT = resolve(import.meta.dirname, '../../../..')
const TABLE = 'shared/crypto/encodings/oids.ts'
/** The first arcs of object identifiers that certificates have in them, with at least two arcs more. */
const DOTTED = /(?<![\d.])(?:0\.[49]|1\.[23]|2\.(?:5|16|23|49))(?:\.\d+){2,}(?![\d.]*\d)/g

/** Sources without their comments: those may name an OID or a section. */
function sources(): readonly { readonly path: string; readonly code: string }[] {
  return ['main', 'renderer', 'shared'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: relative(ROOT, path), code: withoutComments(readFileSync(path, 'utf8')) })),
  )
}

const withoutComments = (text: string): string => text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '')

describe('object identifiers', () => {
  it('stand in one table and nowhere else', () => {
    const found = sources()
      .filter(({ path }) => path !== TABLE)
      .flatMap(({ path, code }) => (code.match(DOTTED) ?? []).map((oid) => `${path}: ${oid}`))
    expect(found).toEqual([])
  })

  it('would be found elsewhere', () => {
    const code = withoutComments("const AES = '2.16.840.1.101.3.4.1.42' // 1.2.840.113549\nhost('127.0.0.1')")
    expect(code.match(DOTTED)).toEqual(['2.16.840.1.101.3.4.1.42'])
    expect("extensions.get('2.5.29.19')".match(DOTTED)).toEqual(['2.5.29.19'])
  })

  it('are asked for by name, and a name that is none is a mistake of the program', () => {
    expect(oidNamed('sha256WithRSAEncryption')).toBe('1.2.840.113549.1.1.11')
    expect(oidName('2.5.29.19')).toBe('basicConstraints')
    expect(() => oidNamed('basicConstraint')).toThrow(expect.objectContaining({ code: 'internal_error' }))
  })
})
