// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EXPORT_ITEMS, type ExportPlan, type ExportRequest, type ExportResult } from '#shared/export'
import ExportDialog from '../../../renderer/common/dialogs/ExportDialog.vue'
import { giveSizes, standInForMain, type StandIn } from './support'

let wrapper: VueWrapper
let main: StandIn
let plan: ExportPlan

beforeEach(() => {
  giveSizes()
  plan = { folder: '/exports', files: EXPORT_ITEMS.map((item) => file(item)), unavailable: [] }
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

function file({ id, name, private: secret }: (typeof EXPORT_ITEMS)[number], exists = false) {
  return { id, name, path: name, exists, private: secret, bytes: 100 }
}

async function open(write: (request: ExportRequest) => ExportResult = written): Promise<void> {
  main = standInForMain({ 'export:plan': () => plan, 'export:write': write as never })
  wrapper = mount(ExportDialog, { props: { open: true }, attachTo: document.body })
  await flushPromises()
}

function written({ items }: ExportRequest): ExportResult {
  const files = plan.files.filter(({ id }) => items.includes(id))
  return {
    folder: '/exports',
    files: files.map(({ exists, ...rest }) => ({ ...rest, sha256: 'ab'.repeat(32), replaced: exists })),
  }
}

const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!
const text = (): string => dialog().textContent ?? ''
const exportButton = (): HTMLButtonElement =>
  [...dialog().querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Export')!
const requests = (): unknown[] =>
  main.calls.mock.calls.filter(([name]) => name === 'export:write').map(([, given]) => given)

async function check(label: string): Promise<void> {
  const found = [...dialog().querySelectorAll('label')].find((each) => each.textContent?.includes(label))!
  document.getElementById(found.htmlFor)!.click()
  await flushPromises()
}

async function type(label: string, value: string): Promise<void> {
  const found = [...dialog().querySelectorAll('label')].find((each) => each.textContent === label)!
  const input = document.getElementById(found.htmlFor) as HTMLInputElement
  input.value = value
  input.dispatchEvent(new Event('input'))
  await flushPromises()
}

async function press(): Promise<void> {
  exportButton().click()
  await flushPromises()
}

it('offers all public items at once and no private one', async () => {
  await open()
  await press()
  const publicItems = EXPORT_ITEMS.filter((item) => !item.private).map((item) => item.id)
  expect(requests()).toEqual([{ items: publicItems, overwrite: [] }])
  expect(text()).toContain('5 files written to /exports')
  expect(text()).toContain('ab'.repeat(32))
})

it('does not write the authority’s private key before its own confirmation', async () => {
  await open()
  await check('Authority private key')
  await check('Protect with a passphrase')
  expect(text()).toContain('Confirm that the authority’s private key shall be written.')
  expect(exportButton().disabled).toBe(true)
  await press()
  expect(requests()).toEqual([])

  await check('Write the authority’s private key')
  await press()
  expect(requests()).toMatchObject([{ confirmAuthorityKey: true }])
})

it('asks for the confirmation again when the authority’s key was unchosen in between', async () => {
  await open()
  await check('Authority private key')
  await check('Protect with a passphrase')
  await check('Write the authority’s private key')
  await check('Authority private key')
  await check('Authority private key')
  expect(exportButton().disabled).toBe(true)
})

it('warns before a private key is written, and wants the passphrase twice', async () => {
  await open()
  expect(text()).not.toContain('This writes a private key to a file.')
  await check('Server private key')
  expect(text()).toContain('This writes a private key to a file.')
  expect(exportButton().disabled).toBe(true)
  await type('Passphrase', 'correct horse')
  await type('Repeat it', 'correct house')
  expect(text()).toContain('The two passphrases differ.')
  await type('Repeat it', 'correct horse')
  await press()
  expect(requests()).toMatchObject([{ passphrase: 'correct horse' }])
})

it('replaces files only after it was told to, and lists them', async () => {
  plan = { ...plan, files: EXPORT_ITEMS.map((item) => file(item, item.id === 'cert-s')) }
  await open()
  expect(exportButton().disabled).toBe(true)
  expect(text()).toContain('cert-s.json')
  await check('Replace the file that is there already')
  await press()
  expect(requests()).toMatchObject([{ overwrite: ['cert-s'] }])
})

it('says why an item is not there yet', async () => {
  plan = { ...plan, unavailable: [{ id: 'cert-s', reason: 'The server is not registered yet.' }] }
  await open()
  expect(text()).toContain('The server is not registered yet.')
  await press()
  expect((requests()[0] as ExportRequest).items).not.toContain('cert-s')
})

it('shows what went wrong and stays open', async () => {
  await open(() => {
    throw { code: 'export_folder_full', message: 'The disk is full: choose another folder.' }
  })
  await press()
  expect(text()).toContain('The disk is full: choose another folder.')
  expect(exportButton().disabled).toBe(false)
})
