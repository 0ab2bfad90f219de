// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import type {
  ExportPlan,
  ExportRequest,
  ExportResult,
  GivenExport,
  NameLook,
  PlannedFile,
} from '#shared/export'
import { EXPORT_FILES, USUAL_FILES, type ExportFileId } from '#shared/export/items'
import { openExport } from '../../../renderer/common/composables/use-dialogs'
import ExportDialog from '../../../renderer/common/dialogs/ExportDialog.vue'
import { authorityCredentials } from '../../support/credentials'
import { giveSizes, standInForMain, type StandIn } from './support'

let wrapper: VueWrapper
let main: StandIn
let plan: ExportPlan
/** Names that are taken in the folder. */
let taken: string[]
/** Those of them that the very files of now have. */
let same: string[]

beforeEach(() => {
  giveSizes()
  taken = []
  same = []
  plan = {
    folder: '/exports',
    files: EXPORT_FILES.map(planned),
    odd: [],
    unavailable: [],
    names: Object.fromEntries(EXPORT_FILES.map(({ id, name }) => [id, name])) as ExportPlan['names'],
    identities: { server: 'ID-Server', authority: 'ID-CA' },
  }
})
afterEach(() => {
  wrapper.unmount()
  openExport(undefined)
  vi.unstubAllGlobals()
})

function planned({ id, name, private: secret, lock }: (typeof EXPORT_FILES)[number]): PlannedFile {
  const holds = `What is in ${name}.`
  const file = { id, name, path: name, exists: false, private: secret, bytes: 100, holds }
  return {
    ...file,
    ...(lock === 'optional' ? { lockedBytes: 200 } : {}),
    ...(secret ? {} : { text: `text of ${name}` }),
  }
}

async function open(write: (request: ExportRequest) => ExportResult | undefined = written): Promise<void> {
  main = standInForMain({
    'export:plan': () => plan,
    'export:look': ({ names }: { names: string[] }): readonly NameLook[] =>
      names.map((name) => ({
        name,
        exists: taken.includes(name),
        free: `new ${name}`,
        ...(same.includes(name) ? { same: true } : {}),
      })),
    'export:write': write as never,
    'export:write-given': (({ files }: GivenExport) => ({
      folder: '/exports',
      files: files.map(({ name, bytes, private: secret }) => fileOf(name, bytes.length, secret)),
    })) as never,
  })
  wrapper = mount(ExportDialog, { props: { open: true }, attachTo: document.body })
  await flushPromises()
  // A key's forms are made by WebCrypto, which takes its time.
  await vi.waitFor(() => expect(text()).toContain('Files to write'))
  await flushPromises()
}

function fileOf(name: string, bytes: number, secret: boolean): ExportResult['files'][number] {
  return { id: name, name, path: name, bytes, sha256: 'ab'.repeat(32), private: secret, replaced: false }
}

function written({ files }: ExportRequest): ExportResult {
  return { folder: '/exports', files: files.map(({ name = '' }) => fileOf(name, 100, false)) }
}

const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!
const text = (): string => dialog().textContent ?? ''
const button = (label: string): HTMLButtonElement =>
  [...dialog().querySelectorAll('button')].find(
    (each) => each.textContent?.trim() === label || each.getAttribute('aria-label') === label,
  )!
const exportButton = (): HTMLButtonElement => button('Export')
const requests = (name = 'export:write'): unknown[] =>
  main.calls.mock.calls.filter(([called]) => called === name).map(([, given]) => given)
const idsOf = (request: unknown): ExportFileId[] => (request as ExportRequest).files.map(({ id }) => id)

async function click(label: string): Promise<void> {
  button(label).click()
  await flushPromises()
}

async function check(label: string): Promise<void> {
  const found = [...dialog().querySelectorAll('label')].find((each) => each.textContent?.includes(label))!
  document.getElementById(found.htmlFor)!.click()
  await flushPromises()
}

/** Presses a form of an item. */
async function press(item: string, format: string): Promise<void> {
  const group = dialog().querySelector(`[aria-label="Formats of ${item}"]`)!
  const found = [...group.querySelectorAll('button')].find((each) => each.textContent?.trim() === format)!
  found.click()
  await flushPromises()
}

async function fill(input: HTMLInputElement, value: string): Promise<void> {
  input.value = value
  input.dispatchEvent(new Event('input'))
  await flushPromises()
}

async function type(label: string, value: string): Promise<void> {
  const found = [...dialog().querySelectorAll('label')].find((each) => each.textContent === label)!
  await fill(document.getElementById(found.htmlFor) as HTMLInputElement, value)
}

const nameOf = (usual: string): HTMLInputElement =>
  dialog().querySelector<HTMLInputElement>(`[aria-label="Name of the file for ${usual}"]`)!

it('offers the usual public files at once and no private one', async () => {
  await open()
  await click('Export')
  const usual = USUAL_FILES.filter((file) => !file.private)
  expect(requests()).toEqual([{ files: usual.map(({ id, name }) => ({ id, name })), overwrite: [] }])
  expect(text()).toContain('5 files written to /exports')
  expect(text()).toContain('ab'.repeat(32))
})

it('announces the sums with the size that they get, and a PKCS#12 file of another name as about so long', async () => {
  await open()
  await click('Nothing')
  await press('Server public key', 'PEM')
  await check('Checksums of the other files')
  const size = 64 + 2 + 'server-public.pem'.length + 1
  expect(text()).toContain(`${size} bytes`)
})

describe('what is chosen', () => {
  it('is a form of an item, or several', async () => {
    await open()
    await click('Nothing')
    expect(text()).toContain('Choose at least one file.')
    await press('Authority certificate', 'DER')
    await press('Server public key', 'JWK')
    await press('Server public key', 'OpenSSH')
    await press('Server public key', 'JWK')
    await click('Export')
    expect(idsOf(requests()[0])).toEqual(['ca-certificate/der', 'server-public-key/openssh'])
  })

  it('is everything that a server needs with one click', async () => {
    await open()
    await click('Ready bundle')
    await type('Passphrase', 'correct horse')
    await type('Repeat it', 'correct horse')
    await click('Export')
    expect(idsOf(requests()[0])).toEqual(
      [
        'server-certificate/pem',
        'server-chain/pem',
        'ca-certificate/pem',
        'readme/text',
        'checksums/text',
        'server-private-key/pem',
        'server-private-key/pkcs12',
      ].sort((a, b) => order(a) - order(b)),
    )
    expect(requests()[0]).toMatchObject({ passphrase: 'correct horse', protect: true })
  })

  it('leaves out what is not there yet, and says why', async () => {
    plan = { ...plan, unavailable: [{ id: 'cert-s', reason: 'The server is not registered yet.' }] }
    await open()
    expect(text()).toContain('The server is not registered yet.')
    await click('Export')
    expect(idsOf(requests()[0])).not.toContain('cert-s/json')
  })

  it('can be looked into: public text, and of private files what they hold', async () => {
    await open()
    await click('Preview of server.crt')
    expect(text()).toContain('text of server.crt')
    await check('Server private key')
    await click('Preview of server.key')
    expect(text()).toContain('What is in server.key.')
    expect(text()).not.toContain('text of server.key')
  })
})

const order = (id: string): number => EXPORT_FILES.findIndex((file) => file.id === id)

describe('a private key', () => {
  it('is asked for with nothing that says it was confirmed: that is between main and the person', async () => {
    await open()
    await check('Authority private key')
    await check('Protect with a passphrase')
    await click('Export')
    expect(requests()).toEqual([{ files: expect.any(Array), overwrite: [], protect: false }])
  })

  it('that the person kept back leaves the dialog as it was', async () => {
    await open(() => undefined)
    await check('Authority private key')
    await check('Protect with a passphrase')
    await click('Export')
    expect(requests()).toHaveLength(1)
    expect(text()).not.toContain('written to')
    expect(exportButton().disabled).toBe(false)
  })

  it('is warned of before it is written, and wants the passphrase twice', async () => {
    await open()
    expect(text()).not.toContain('This writes private keys to files.')
    await check('Server private key')
    expect(text()).toContain('This writes private keys to files.')
    expect(exportButton().disabled).toBe(true)
    await type('Passphrase', 'correct horse')
    await type('Repeat it', 'correct house')
    expect(text()).toContain('The two passphrases differ.')
    await type('Repeat it', 'correct horse')
    await click('Export')
    expect(requests()).toMatchObject([{ passphrase: 'correct horse', protect: true }])
  })

  it('without a lock is named before it is written', async () => {
    await open()
    await press('Server private key', 'JWK')
    expect(text()).toContain('Without protection: server.jwk')
    await click('Export')
    expect(requests()[0]).not.toHaveProperty('passphrase')
  })

  it('says at the passphrase what is missing of it, to those who hear too', async () => {
    await open()
    await check('Server private key')
    const described = (label: string): string => {
      const found = [...dialog().querySelectorAll('label')].find((each) => each.textContent === label)!
      const by = document.getElementById(found.htmlFor)!.getAttribute('aria-describedby')
      return by === null ? '' : document.getElementById(by)!.textContent!
    }
    expect(described('Passphrase')).toBe('Type a passphrase, or write the private key without one.')
    await type('Passphrase', 'correct horse')
    expect(described('Repeat it')).toBe('The two passphrases differ.')
    expect(dialog().querySelector('footer')!.textContent).toContain('Complete the passphrase first.')
    await type('Repeat it', 'correct horse')
    expect(described('Repeat it')).toBe('')
  })

  it('is one click away where it leaves by this window, and no click where it does not', async () => {
    const shown = vi.fn()
    vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockImplementation(function (this: HTMLElement) {
      shown(this.textContent)
    })
    plan = { ...plan, unavailable: [{ id: 'ca-private-key', reason: 'It leaves by another window.' }] }
    await open()
    await click('Private key')
    expect(shown).toHaveBeenLastCalledWith(expect.stringMatching(/^\s*Server private key/))
    await type('Passphrase', 'x')
    await type('Repeat it', 'x')
    await click('Export')
    expect(idsOf(requests()[0])).toEqual(['server-private-key/pem'])
    wrapper.unmount()
    plan = {
      ...plan,
      unavailable: [...plan.unavailable, { id: 'server-private-key', reason: 'So does it.' }],
    }
    await open()
    expect(button('Private key')).toBeUndefined()
  })

  it('leaves by way of another window, and by none where what is public alone is exported', async () => {
    await open()
    expect(text()).toContain('The other private key leaves by way of')
    wrapper.unmount()
    plan = { ...plan, isPublicOnly: true }
    await open()
    expect(text()).not.toContain('by way of')
  })

  it('in PKCS#12 has a passphrase always, and a name if the person gives one', async () => {
    await open()
    await press('Server private key', 'PKCS#12')
    expect(text()).toContain('Type a passphrase: PKCS#12 is always locked.')
    await type('Passphrase', 'x')
    await type('Repeat it', 'x')
    await type('Name inside PKCS#12', 'my server')
    await click('Export')
    expect(requests()).toMatchObject([{ passphrase: 'x', protect: false, friendlyName: 'my server' }])
  })

  it('is copied by main, and only once it has its passphrase, if it shall have one', async () => {
    await open()
    await check('Server private key')
    await click('Preview of server.key')
    expect(button('Copy its text').disabled).toBe(true)
    await check('Protect with a passphrase')
    await click('Copy its text')
    expect(requests('export:copy')).toMatchObject([
      { files: [{ id: 'server-private-key/pem' }], protect: false },
    ])
    expect(text()).toContain('After a minute the clipboard is cleared, if this is still on it.')
  })
})

describe('a name', () => {
  it('is written as the person gave it', async () => {
    await open()
    await fill(nameOf('server.crt'), 'web server.pem')
    await click('Export')
    const files = (requests()[0] as ExportRequest).files
    expect(files.find(({ id }) => id === 'server-certificate/pem')).toMatchObject({ name: 'web server.pem' })
  })

  it('that no system takes is refused, with the reason', async () => {
    await open()
    await fill(nameOf('server.crt'), '../server.crt')
    expect(text()).toContain('A name can’t have the character /.')
    expect(exportButton().disabled).toBe(true)
    await fill(nameOf('server.crt'), 'CA.CRT')
    expect(text()).toContain('Another file has this name.')
    expect(exportButton().disabled).toBe(true)
    await fill(nameOf('server.crt'), 'server.crt')
    expect(exportButton().disabled).toBe(false)
  })
})

describe('a file that is there already', () => {
  beforeEach(() => {
    taken = ['cert-s.json', 'ca.crt']
  })

  it('is named, and asked about', async () => {
    await open()
    expect(text()).toContain('2 files of these names are there already.')
    expect(exportButton().disabled).toBe(true)
    expect(text()).toContain('Say what to do about the files that are there already.')
  })

  it('is replaced when told to', async () => {
    await open()
    await check('Replace them')
    await click('Export')
    expect(requests()).toMatchObject([{ overwrite: ['ca-certificate/pem', 'cert-s/json'] }])
  })

  it('is kept when told to: the new one is not written', async () => {
    await open()
    await check('Keep them')
    await click('Export')
    expect(idsOf(requests()[0])).toEqual([
      'server-certificate/pem',
      'server-chain/pem',
      'server-public-key/pem',
    ])
  })

  it('gets a new neighbour when told to', async () => {
    await open()
    await check('Rename the new ones')
    expect(text()).toContain('this becomes new ca.crt')
    await click('Export')
    const names = (requests()[0] as ExportRequest).files.map(({ name }) => name)
    expect(names).toContain('new ca.crt')
    expect(requests()).toMatchObject([{ overwrite: [] }])
  })

  it('is asked about again when others are there', async () => {
    await open()
    await check('Cert_S with the signed text')
    await check('Replace it')
    expect(exportButton().disabled).toBe(false)
    await check('Cert_S with the signed text')
    expect(exportButton().disabled).toBe(true)
  })

  it('is no question where the file is the very one that would be written, and gets no copy', async () => {
    same = ['ca.crt', 'cert-s.json']
    await open()
    expect(text()).toContain('There already, the same to the last byte.')
    expect(text()).not.toContain('there already.Replace')
    expect(exportButton().disabled).toBe(false)
    await click('Export')
    const request = requests()[0] as ExportRequest
    expect(request.files.map(({ name }) => name)).toContain('ca.crt')
    expect(request.overwrite).toEqual(['ca-certificate/pem', 'cert-s/json'])
  })

  it('is warned of where a key that stays would not fit a certificate that is written', async () => {
    plan = {
      ...plan,
      odd: [
        { id: 'server-private-key/pem', name: 'server.key', owner: 'server', private: true, is: 'other' },
        { id: 'ca-certificate/pem', name: 'ca.crt', owner: 'authority', private: false, is: 'other' },
      ],
    }
    await open()
    // The authority's certificate is replaced with the others; the key stays.
    expect(text()).toContain(
      'server.key is the private key of another key pair of the server: it does not fit server.crt.',
    )
    expect(text()).not.toContain('ca.crt is about another key pair')
    await check('Authority certificate')
    expect(text()).toContain('ca.crt is about another key pair of the authority: it does not fit server.crt.')
    await click('Nothing')
    expect(text()).not.toContain('does not fit')
  })

  it('is found in the last moment, too', async () => {
    taken = []
    await open()
    taken = ['ca.crt']
    await click('Export')
    expect(requests()).toEqual([])
    expect(text()).toContain('1 file of this name is there already.')
  })
})

describe('something that the window holds', () => {
  it('is written in its forms, as bytes', async () => {
    const { der, pem } = (await authorityCredentials(Date.now())).certificate
    openExport({ artifact: { kind: 'certificate', id: 'a', title: 'CN=ID-Server', source: 'a file', der } })
    await open()
    expect(text()).toContain('Writes CN=ID-Server as a file that other tools read.')
    expect(dialog().querySelector('[aria-label="Begin with"]')).toBeNull()
    await press('Certificate', 'DER')
    await click('Export')
    expect(requests('export:write-given')).toEqual([
      {
        files: [
          { name: 'ID-Server.crt', private: false, bytes: toUtf8(pem) },
          { name: 'ID-Server.der', private: false, bytes: der },
        ],
        overwrite: [],
      },
    ])
  })
})

it('waits for the person’s answer until main has it, and only then says that it writes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const footer = (): string => dialog().querySelector('footer')!.textContent!
  let answer: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (answer = resolve))
  try {
    await open((async (request: ExportRequest) => {
      await asked
      return written(request)
    }) as never)
    exportButton().click()
    vi.advanceTimersByTime(600)
    await flushPromises()
    vi.advanceTimersByTime(600)
    await flushPromises()
    expect(footer()).toContain('Waiting for your answer…')
    expect(main.tell('export:writing', undefined)).toEqual([undefined])
    await flushPromises()
    expect(footer()).toContain('Writing…')
    answer()
    await vi.waitFor(() => expect(text()).toContain('written to'))
  } finally {
    vi.useRealTimers()
  }
})

it('goes on at the top of what was written', async () => {
  await open()
  const around = dialog().querySelector<HTMLElement>('.content')!
  around.scrollTop = 80
  await click('Export')
  expect(document.activeElement?.textContent).toContain('files written to /exports')
  expect(around.scrollTop).toBe(0)
})

it('shows what went wrong and stays open', async () => {
  await open(() => {
    throw { code: 'export_folder_full', message: 'The disk is full: choose another folder.' }
  })
  await click('Export')
  expect(text()).toContain('The disk is full: choose another folder.')
  expect(exportButton().disabled).toBe(false)
})
