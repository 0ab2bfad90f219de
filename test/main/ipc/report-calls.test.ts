/** What *Save report…* does: what is asked, in which order, and what is written. */
import { expect, it } from 'vitest'
import { reportHandlers, type ReportServices } from '#main/ipc/report-calls'
import type { LateFile, SavedFile } from '#main/ipc/export'
import type { Question } from '#main/windows/person'
import { fromUtf8, toUtf8 } from '#shared/bytes'
import type { Hl1Entry } from '#shared/hl1/types'
import { certificatesPart, type ReportCertificate } from '#shared/report/certificates'
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
function open(records: readonly Hl1Entry[], agrees = true, secrets: Run['secrets'] = undefined) {
  const asked: Question[] = []
  const saved: (SavedFile | LateFile)[] = []
  const services = {
    application: 'Handshake Lab 0.0.0',
    labRun: { keep: async () => ({ ...runOf(records), secrets }) },
    recordings: { opened: undefined },
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

it('names keys of others, and tells them, where nothing else is there', async () => {
  const { entries } = await recordedRun('classic')
  const others = ['-----BEGIN PRIVATE KEY-----\nb3RoZXI=\n-----END PRIVATE KEY-----\n']
  const { save, asked, saved } = open(entries.map(forgetSecrets), true, {
    privateKeys: {},
    connections: [],
    others,
  })
  await save({ ...PLAIN, secrets: true }, 'client')
  expect(asked[0]?.detail.join(' ')).toContain('SK_S (as leaked, or of somebody else)')
  expect(await textOf(saved[0]!)).toContain('b3RoZXI=')
})

it('tells a frame that came once more on another connection, and no alert', async () => {
  const { entries } = await recordedRun('classic')
  const first = entries.find(({ step, direction }) => step === 3 && direction === 'received')!
  const again = { ...first, id: 'again', connection: { ...first.connection, id: 'connection-again' } }
  const { save, saved } = open([...entries, again])
  await save(PLAIN, 'client')
  const text = await textOf(saved[0]!)
  expect(text).toContain('somebody has sent it')
  expect(text).not.toContain('Nothing was refused, changed on the way or sent again.')
})

it('calls an alert that was changed told, and not refused', async () => {
  const { entries } = await recordedRun('classic')
  const one = entries.find(({ step, direction }) => step === 3 && direction === 'received')!
  const outcome = { ok: false, code: 'no_key', message: 'No.' } as unknown as Hl1Entry['outcome']
  const alert = { ...one, kind: 'alert', members: [], checks: [], ranges: [], layers: [], outcome } as const
  const sent = {
    ...alert,
    id: 'sent',
    role: 'client',
    direction: 'sent',
    frame: one.frame.map((byte) => byte ^ 1),
  }
  const { save, saved } = open([sent as Hl1Entry, alert as Hl1Entry])
  await save(PLAIN, 'client')
  const text = await textOf(saved[0]!)
  expect(text).toContain('was told so.')
  expect(text).not.toContain('refused it</strong>')
})

it('leaves certificates out where there is no room for all', async () => {
  const { entries } = await recordedRun('modern')
  const certificates = Array.from({ length: 50 }, (_, index) => ({
    title: `No. ${index}`,
    view: certificateView,
  }))
  const pieces = [
    ...certificatesPart(
      certificates,
      runOf(entries),
      { secrets: false, bytes: false, unfolded: true },
      { left: 60_000 },
    ),
  ]
  const text = pieces.map((piece) => piece.text).join('')
  expect(text.length).toBeLessThan(100_000)
  expect(text).toMatch(/\d+ certificates more are left out here/)
})

const certificateView = {
  ...{ subject: 'a', issuer: 'b', selfSigned: false, serial: '01', version: 3, notBefore: 0, notAfter: 0 },
  ...{
    signatureName: 'RSA',
    key: { bits: 2048, fingerprint: '00' },
    fingerprint: '00',
    pem: 'x'.repeat(200_000),
  },
  extensions: [],
} as unknown as ReportCertificate['view']
