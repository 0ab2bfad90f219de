/**
 * The inspector in the app's own runtime: Chromium's WebCrypto is not Node's. Every file and every chain that the tests have
 * goes through the worker of the built app, in one go, and what it says is what Node says.
 */
import { expect, test } from '@playwright/test'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import type { Artifact, CertificateArtifact, InspectContext } from '#shared/inspect/artifact'
import type { OpenedFile } from '#shared/inspect/open'
import { launchApp, ROOT } from '../support/app'
import { ForeignFiles } from '../support/foreign-files'
import { askInApp, askInNode, inNode, type PlainAnswer, type Question } from '../support/inspector-in-app'
import { mutatedFiles } from '../support/mutated-files'
import { readLimbo } from '../support/limbo'
import { makePathCases } from '../support/path-cases'
import type { PathCase } from '../support/path-cases/cases'
import { readPkits } from '../support/pkits'
import { ALL, sample, sampleSize } from '../support/sample'
import { fromFaults, fromOpenssl } from '../support/seed-files'

const FILES = join(ROOT, 'test/vectors/faults/files')
const CHAINS = join(ROOT, 'test/vectors/faults/verdict')
const MUTATED = sampleSize(200, 4)
const SEED = 20_261_129
type PathQuestion = Omit<PathCase, 'fails'>
const KNOWN = { serverKey: undefined, symmetric: undefined }
const NOW = Date.UTC(2026, 10, 29)

test('opens, judges and explains every file as Node does', async () => {
  test.setTimeout(900_000)
  const openings = readdirSync(FILES)
    .filter((name) => !name.endsWith('.pass') && !name.endsWith('.md'))
    .map((name): Question => ({
      name: 'openFile',
      argument: [bytesOf(name), name],
      passphrase: passphraseOf(name),
    }))
  const app = await launchApp()
  try {
    const opened = await compare(app, openings)
    const artifacts = opened.flatMap(({ here }) => (here.ok ? (here.value as OpenedFile).artifacts : []))
    expect(artifacts.length).toBeGreaterThan(40)
    const explained = await compare(app, artifacts.flatMap(questionsAbout))
    expect(explained.length).toBeGreaterThan(150)
    console.info(`${opened.length} files, ${artifacts.length} artifacts, ${explained.length} questions`)
  } finally {
    await app.close()
  }
})

test('judges every chain as Node does', async () => {
  test.setTimeout(900_000)
  const folder = mkdtempSync(join(tmpdir(), 'inspector-runtime-'))
  const app = await launchApp()
  try {
    const made = sample('chains', makePathCases(folder), 3, ({ name }) => name.split(' ')[0] ?? '')
    const compared = await compare(app, [...[...made, ...faultyChains()].map(judging), ...ofSuites()])
    expect(compared.length).toBeGreaterThan(ALL ? 350 : 150)
    console.info(`${compared.length} chains`)
  } finally {
    await app.close()
    rmSync(folder, { recursive: true })
  }
})

test(`opens, judges and explains ${MUTATED} mutated files as Node does`, async () => {
  test.setTimeout(900_000)
  const foreign = new ForeignFiles()
  const app = await launchApp()
  try {
    const files = mutatedFiles([...fromOpenssl(foreign), ...fromFaults()], MUTATED, SEED)
    const openings = files.map(({ bytes, name, passphrase, how }): Question => ({
      ...{ name: 'openFile', argument: [bytes, `${name}: ${how}`], passphrase },
    }))
    const opened = await compare(app, openings)
    const artifacts = opened.flatMap(({ here }) => (here.ok ? (here.value as OpenedFile).artifacts : []))
    expect(artifacts.length).toBeGreaterThan(MUTATED / 4)
    const explained = await compare(app, artifacts.flatMap(questionsAbout))
    console.info(
      `${files.length} mutated files, ${artifacts.length} artifacts, ${explained.length} questions`,
    )
  } finally {
    await app.close()
    foreign.remove()
  }
})

/** Asks both, fails where they differ, and gives Node's answers for what follows. */
async function compare(app: Awaited<ReturnType<typeof launchApp>>, questions: readonly Question[]) {
  const there = await askInApp(app.client, questions)
  const compared = []
  for (const [id, question] of questions.entries()) {
    const here = await askInNode(question)
    const title = `${question.name} ${titleOf(question)}`
    expect.soft(numberless(there[id]), title).toEqual(numberless(inNode(here)))
    // Whatever is refused is refused in words.
    expect.soft(wordsOf(there[id]), title).toMatch(/\S/)
    compared.push({ here })
  }
  return compared
}

/** Each runtime counts the files that it has opened. */
function numberless(answer: PlainAnswer | undefined): unknown {
  return answer && JSON.parse(JSON.stringify(answer).replace(/"file-\d+-/g, '"file-'))
}

function questionsAbout(artifact: Artifact): readonly Question[] {
  const context = contextOf([])
  const question = { artifact, owner: undefined, names: {}, certificates: [], host: '' }
  return [
    { name: 'summarise', argument: [artifact, context, KNOWN] },
    { name: 'keyFacts', argument: [artifact, true] },
    { name: 'commandsOf', argument: [question] },
    { name: 'relatedTo', argument: [artifact, []] },
  ]
}

function judging({ name, leaf, anchors, intermediates, host, now }: PathQuestion): Question {
  const certificate = (pem: string, id: string): CertificateArtifact => ({
    ...{ kind: 'certificate', id, title: id, source: 'a test' },
    der: decodePem('CERTIFICATE', pem),
  })
  const others = [...intermediates].map((pem, index) => certificate(pem, `intermediate ${index}`))
  const context = contextOf(
    anchors.map((pem) => decodePem('CERTIFICATE', pem)),
    { intermediates: others.map(({ der }) => der), host, now },
  )
  return { name: 'summarise', argument: [certificate(leaf, name), context, KNOWN] }
}

/** Chains of x509-limbo, as browsers judge them, and paths of PKITS with their revocation lists. */
function ofSuites(): readonly Question[] {
  const limbo = sample('limbo chains', readLimbo().cases, 4, ({ id }) => id.split('::').slice(0, -1).join())
  const pkits = sample('PKITS paths', readPkits(), 8, ({ test }) => test.split('.')[1] ?? '')
  const named = [
    ...limbo.map(({ id, leaf, context }) => ({ title: id, leaf, context })),
    ...pkits.map(({ test, leaf, context }) => ({ title: test, leaf, context })),
  ]
  return named.map(({ title, leaf, context }) => {
    const artifact = { kind: 'certificate', id: title, title, source: 'a test', der: leaf }
    return { name: 'summarise', argument: [artifact, context, KNOWN] }
  })
}

/** Chains that came from outside, each in a folder of its own. */
function faultyChains(): readonly PathQuestion[] {
  return readdirSync(CHAINS)
    .filter((name) => !name.includes('.'))
    .map((name): PathQuestion => {
      const read = (file: string): string =>
        existsSync(join(CHAINS, name, file)) ? readFileSync(join(CHAINS, name, file), 'utf8') : ''
      const certificates = (text: string): readonly string[] =>
        text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?/gs) ?? []
      return {
        ...{ name, host: read('host').trim(), now: NOW },
        leaf: encodePem('CERTIFICATE', new Uint8Array(readFileSync(join(CHAINS, name, 'leaf.der')))),
        ...{ anchors: certificates(read('ca.pem')), intermediates: certificates(read('untrusted.pem')) },
      }
    })
}

function contextOf(
  trustAnchors: InspectContext['trustAnchors'],
  more: Partial<InspectContext> = {},
): InspectContext {
  return { now: NOW, trustAnchors, intermediates: [], host: '', ...more }
}

function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FILES, name)))
}

function passphraseOf(name: string): string | undefined {
  const file = readdirSync(FILES).find((each) => each === `${name}.pass`)
  return file && readFileSync(join(FILES, file), 'utf8').replace(/\n$/, '')
}

function titleOf({ name, argument }: Question): string {
  if (name === 'openFile') return String(argument[1])
  const [first] = argument as readonly (Artifact & { readonly artifact?: Artifact })[]
  const artifact = first?.artifact ?? first
  return `${artifact?.title} (${artifact?.source})`
}

function wordsOf(answer: PlainAnswer | undefined): string {
  return answer && 'message' in answer ? answer.message : 'answered'
}
