/** What *Save report…* does: what is asked, in which order, and what is written. */
import { expect, it } from 'vitest'
import { reportHandlers, type ReportServices } from '#main/ipc/report-calls'
import type { LateFile, SavedFile } from '#main/ipc/export'
import type { Question } from '#main/windows/person'
import { fromUtf8, toUtf8 } from '#shared/bytes'
import type { Hl1Entry } from '#shared/hl1/types'
import { forgetSecrets } from '#shared/record/record'
import type { Run } from '#shared/run/run'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { recordedRun } from '../../support/proof-records'

const PLAIN = { form: 'html', secrets: false, bytes: false } as const
const NOTHING = { identity: '', address: undefined, connections: 0, status: 'stopped' } as const

function runOf(records: readonly Hl1Entry[]): Run {
  return {
    app: '0.0.0',
    savedAt: 0,
    settings: [{ from: 0, value: DEFAULT_SETTINGS }],
    anchors: [],
    authority: { ...NOTHING, issued: [], names: [] },
    server: {
      ...NOTHING,
      registration: 'none',
      outdated: undefined,
      certificate: undefined,
      certS: undefined,
      sessions: [],
    },
    records,
    walkBegan: undefined,
    secrets: undefined,
  }
}

/** The handler over a lab with these records, and what it has asked and saved. */
function open(records: readonly Hl1Entry[], agrees = true) {
  const asked: Question[] = []
  const saved: (SavedFile | LateFile)[] = []
  const services = {
    application: 'Handshake Lab 0.0.0',
    recordings: { opened: undefined, keep: async () => runOf(records) },
    person: { agrees: async (_: unknown, question: Question) => asked.push(question) > 0 && agrees },
    exports: { save: async (file: SavedFile | LateFile) => saved.push(file) && { path: file.name } },
    printPdf: async (html: Uint8Array) => toUtf8(`printed ${html.length}`),
  } as unknown as ReportServices
  return { save: reportHandlers(services)['report:save'], asked, saved }
}

async function textOf({ bytes }: SavedFile | LateFile): Promise<string> {
  return fromUtf8(typeof bytes === 'function' ? await bytes() : bytes)
}

it('asks nothing where no secret is wanted, and writes for everybody', async () => {
  const { entries } = await recordedRun('modern')
  const { save, asked, saved } = open(entries)
  expect(await save(PLAIN, 'client')).toEqual({ path: 'handshake-lab-report-1970-01-01T00-00-00.html' })
  expect(asked).toEqual([])
  expect(saved).toMatchObject([{ isPrivate: false, kind: 'Web page' }])
  expect(await textOf(saved[0]!)).toContain('a secret; not in this report')
})

it('names the secrets before they are told, and writes nothing without a yes', async () => {
  const { entries } = await recordedRun('classic')
  const declined = open(entries, false)
  expect(await declined.save({ ...PLAIN, secrets: true }, 'server')).toBeUndefined()
  expect(declined.saved).toEqual([])
  expect(declined.asked[0]?.detail.join(' ')).toMatch(/K_tmp1.*SK_S/)
  const agreed = open(entries)
  await agreed.save({ ...PLAIN, secrets: true }, 'server')
  expect(agreed.saved).toMatchObject([{ isPrivate: true }])
  expect(await textOf(agreed.saved[0]!)).toContain('PRIVATE KEY')
})

it('says so where there is no secret any more, or nothing at all', async () => {
  const { entries } = await recordedRun('classic')
  const wish = { ...PLAIN, secrets: true }
  await expect(open(entries.map(forgetSecrets)).save(wish, 'client')).rejects.toMatchObject({
    code: 'no_key',
  })
  await expect(open([]).save(PLAIN, 'client')).rejects.toMatchObject({ code: 'export_nothing_chosen' })
})

it('prints a PDF of the same page, unfolded, once the person has said where to', async () => {
  const { entries } = await recordedRun('classic')
  const { save, saved } = open(entries)
  await save({ ...PLAIN, form: 'pdf' }, 'client')
  expect(saved).toMatchObject([{ name: 'handshake-lab-report-1970-01-01T00-00-00.pdf', kind: 'PDF' }])
  expect(await textOf(saved[0]!)).toMatch(/^printed \d{5,}$/)
})
