/**
 * The structure view's parser against OpenSSL's, over every certificate, key and container of python3-cryptography-vectors:
 * the same offsets, lengths, depths and tags, or both refuse. And whatever the file, opening it ends well or with a code.
 * `npm test` asks OpenSSL about a sample (test/support/sample.ts).
 */
import { dirname, extname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DerError } from '#shared/crypto/encodings/der'
import { LabError } from '#shared/errors'
import { readTree } from '#shared/crypto/asn1/reader'
import { readStructure } from '#shared/crypto/asn1/structure'
import { describeValue } from '#shared/crypto/asn1/values'
import { openFile } from '#shared/inspect/open'
import { decodeBody, findBlocks, hasPem } from '#shared/inspect/open/pem-blocks'
import { asElements, asn1parse, type ParsedElements } from '../support/asn1parse'
import { vectorFiles, type VectorFile } from '../support/cryptography-vectors'
import { mutate, seededNumbers } from '../support/mutations'
import { randomBer } from '../support/random-ber'
import { sample, sampleSize } from '../support/sample'

/** Programs that run at once. */
const AT_ONCE = 3
const FOLDERS = ['x509', 'asymmetric', 'pkcs7', 'pkcs12'] as const
const MINUTES = 60_000

/** Files in each folder of the package: fewer would mean that they aren't found. */
const LEAST = { x509: 1_300, asymmetric: 100, pkcs7: 4, pkcs12: 30 } as const
const MUTATIONS = 400
/** One in so many is in the sample. */
const ONE_OF = 8
/** From the package's own tests and notes. */
const PASSPHRASES = [
  'password',
  'cryptography',
  'foobar',
  '123456',
  'baz',
  'foo',
  'a123456',
  '!*$&(@#$*&($T@%_somesymbols',
  'asdf',
  'PolarSSLTest',
]

interface Input {
  readonly form: 'DER' | 'PEM'
  /** For OpenSSL: whole, or a PEM block alone; it takes words of a text around it for base64. */
  readonly given: Uint8Array
  /** Decoded here. */
  readonly der: Uint8Array<ArrayBuffer>
}

/** DER as it stands, or each PEM block. */
function inputsOf({ bytes }: VectorFile): readonly Input[] {
  const text = Buffer.from(bytes).toString('latin1')
  if (!hasPem(text)) return [{ form: 'DER', given: bytes, der: bytes }]
  return findBlocks(text).blocks.map((block) => ({
    form: 'PEM',
    given: Buffer.from(`${block.text}\n`, 'latin1'),
    der: decodeBody(block),
  }))
}

function readHere(der: Uint8Array<ArrayBuffer>): ParsedElements {
  try {
    return asElements(readTree(der).nodes)
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** Of one kind are the files of a folder of PKITS that end the same way, all made by one program; others have no like. */
function kindOf({ name }: VectorFile): string {
  return name.includes('PKITS_data') ? `${dirname(name)} ${extname(name)}` : name
}

/** Runs an action on all items, a few at once. */
async function forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items]
  const work = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

describe.each(FOLDERS)('the files in %s', (folder) => {
  const files = vectorFiles(folder)

  it('are read as openssl asn1parse reads them, or refused by both', { timeout: 5 * MINUTES }, async () => {
    expect(files.length).toBeGreaterThanOrEqual(LEAST[folder])
    const counts = { DER: 0, PEM: 0, elements: 0, refused: 0 }
    const asked = sample(`the files in ${folder}`, files, ONE_OF, kindOf)
    await forEach(asked, async (file) => {
      for (const { form, given, der } of inputsOf(file)) {
        const found = readHere(der)
        expect(found, `${file.name}, ${form}`).toEqual(await asn1parse(given, form))
        counts[form]++
        if (found) counts.elements += found.length
        else counts.refused++
      }
    })
    console.log(
      `${folder}: ${asked.length} files, ${counts.DER} in DER and ${counts.PEM} PEM blocks, like openssl asn1parse: ${counts.elements} elements with the same offsets, lengths, depths and tags; ${counts.refused} refused by both`,
    )
  })

  it('open, or are refused with a code and a message', { timeout: 5 * MINUTES }, async () => {
    const counts = new Map<string, number>()
    for (const { name, bytes } of files) {
      const outcome = await openFile(bytes, name).then(
        ({ artifacts }) => {
          expect(artifacts.length, name).toBeGreaterThan(0)
          return 'opened'
        },
        (error: unknown) => {
          expect(error, name).toBeInstanceOf(LabError)
          const { code, message } = error as LabError
          expect(message, name).toMatch(/^.+: .{10,}/s)
          return code
        },
      )
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    console.log(`${folder}: ${[...counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`)
    expect(counts.has('internal_error')).toBe(false)
  })
})

describe('the locked files', () => {
  const locked = [
    // All by one program, under one passphrase.
    ...sample('the locked files of PKITS', vectorFiles('x509/PKITS_data/pkcs12'), ONE_OF * 6, kindOf),
    ...FOLDERS.slice(1).flatMap((folder) => vectorFiles(folder)),
  ]

  it('open with one of the passphrases that the package gives them', { timeout: 5 * MINUTES }, async () => {
    const counts = { asked: 0, opened: 0 }
    const closed: string[] = []
    for (const { name, bytes } of locked) {
      const first = await openFile(bytes, name).catch((error: unknown) => error)
      if (!(first instanceof LabError) || first.code !== 'passphrase_needed') continue
      counts.asked++
      if (await opensWith(PASSPHRASES, { name, bytes })) counts.opened++
      else closed.push(name)
    }
    console.log(`locked: ${counts.opened} of ${counts.asked} opened; not ${closed.join(', ')}`)
    // The one that has an encryption that nobody knows.
    expect(closed).toEqual(['asymmetric/PKCS8/bad-encryption-oid.pem'])
  })
})

async function opensWith(passphrases: readonly string[], { name, bytes }: VectorFile): Promise<boolean> {
  for (const passphrase of passphrases) {
    const opened = await openFile(bytes, name, passphrase).catch((error: unknown) => error)
    if (!(opened instanceof Error)) return true
    expect(opened, name).toBeInstanceOf(LabError)
    expect(['wrong_passphrase', 'unsupported_encryption']).toContain((opened as LabError).code)
  }
  return false
}

describe('damaged certificates', () => {
  const sources = vectorFiles('x509').filter(
    ({ name, bytes }) => /\.(?:crt|der|cp)$/.test(name) && bytes.length < 4_000,
  )

  it('are read as openssl asn1parse reads them, or refused by both', { timeout: 5 * MINUTES }, async () => {
    const below = seededNumbers(20_301)
    await compare('damaged certificates', () => mutate(sources[below(sources.length)]!.bytes, below))
  })

  it('are refused at a byte that is within them, and every value is described', () => {
    const below = seededNumbers(20_302)
    for (let round = 0; round < 10 * MUTATIONS; round++) {
      const bytes = mutate(sources[below(sources.length)]!.bytes, below)
      try {
        const structure = readStructure(bytes)
        for (const node of structure.nodes) describeValue(structure, node)
      } catch (error) {
        expect(error).toBeInstanceOf(DerError)
        const { code, offset } = error as DerError
        expect(code).toBe('bad_der')
        expect(offset).toBeLessThanOrEqual(bytes.length)
      }
    }
  })
})

describe('made-up BER', () => {
  it('is read as openssl asn1parse reads it, or refused by both', { timeout: 5 * MINUTES }, async () => {
    const below = seededNumbers(20_303)
    await compare('made-up BER', () => {
      const bytes = Uint8Array.from(randomBer(below))
      return below(2) === 0 ? bytes : mutate(bytes, below)
    })
  })
})

/** Makes bytes, and has them read by both. */
async function compare(what: string, make: () => Uint8Array<ArrayBuffer>): Promise<void> {
  let refused = 0
  const count = sampleSize(MUTATIONS, ONE_OF)
  await forEach(Array.from({ length: count }, make), async (bytes) => {
    const found = readHere(bytes)
    expect(found, Buffer.from(bytes).toString('hex')).toEqual(await asn1parse(bytes, 'DER'))
    if (!found) refused++
  })
  console.log(`${what}: ${count} of ${MUTATIONS} like openssl asn1parse, ${refused} of them refused by both`)
  expect(refused).toBeGreaterThan(count / 10)
  expect(refused).toBeLessThan(count)
}
