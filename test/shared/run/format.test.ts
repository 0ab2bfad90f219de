import { toJsonSchema } from '@valibot/to-json-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSchema } from '#shared/run/format'
import { UNCOVERED } from '#shared/run/uncovered'

const DOCS = join(import.meta.dirname, '../../../docs')
const SCHEMA = join(DOCS, 'run-file.schema.json')

function published(): string {
  const schema = toJsonSchema(runSchema, { target: 'draft-2020-12', errorMode: 'ignore', typeMode: 'input' })
  const { properties, ...rest } = schema
  const sha256 = {
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 in hex of all bytes before.',
  }
  return `${JSON.stringify({ title: 'Run of Handshake Lab', ...rest, properties: { ...properties, sha256 } }, undefined, 2)}\n`
}

describe('docs/run-file', () => {
  it('publishes the schema that files are read by; UPDATE_DOCS=1 writes it anew', () => {
    if (process.env['UPDATE_DOCS']) writeFileSync(SCHEMA, published())
    expect(readFileSync(SCHEMA, 'utf8')).toBe(published())
    expect(() => new Ajv2020({ strict: false }).compile(JSON.parse(published()))).not.toThrow()
  })

  it('lists what no check covers', () => {
    const page = readFileSync(join(DOCS, 'run-file.md'), 'utf8').replaceAll(/\s+/g, ' ')
    for (const { members, why } of UNCOVERED) {
      for (const member of members) expect(page).toContain(`\`${member}\``)
      expect(page).toContain(why)
    }
  })
})
