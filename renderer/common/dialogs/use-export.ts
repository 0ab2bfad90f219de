/** What the person has chosen to export, what is still missing, and writing it. */
import { computed, reactive, shallowRef, type ComputedRef, type Ref } from 'vue'
import {
  EXPORT_ITEMS,
  type ExportItem,
  type ExportItemId,
  type ExportPlan,
  type ExportResult,
} from '#shared/export'
import { call } from '../lab-bridge'

/** An item with what main says of it now. */
export interface Offer {
  readonly item: ExportItem
  /** Why it can't be exported; undefined when it can. */
  readonly unavailable: string | undefined
  /** True when a file of that name is in the chosen folder. */
  readonly exists: boolean
}

export interface Choice {
  readonly items: Set<ExportItemId>
  encrypt: boolean
  passphrase: string
  repeated: string
  replace: boolean
  confirmAuthorityKey: boolean
}

export interface Export {
  readonly choice: Choice
  readonly offers: ComputedRef<readonly Offer[]>
  readonly folder: ComputedRef<string | undefined>
  /** Chosen items whose files exist already. */
  readonly existing: ComputedRef<readonly Offer[]>
  readonly hasPrivate: ComputedRef<boolean>
  readonly hasAuthorityKey: ComputedRef<boolean>
  /** What is still missing, in one sentence; undefined when it can be written. */
  readonly missing: ComputedRef<string | undefined>
  readonly result: Readonly<Ref<ExportResult | undefined>>
  readonly begin: () => Promise<void>
  readonly toggle: (id: ExportItemId, chosen: boolean) => void
  readonly chooseFolder: () => Promise<void>
  readonly write: () => Promise<void>
}

const AUTHORITY_KEY: ExportItemId = 'ca-private-key'

export function useExport(): Export {
  const plan = shallowRef<ExportPlan>()
  const result = shallowRef<ExportResult>()
  const choice = reactive<Choice>(nothingChosen())

  const offers = computed(() => EXPORT_ITEMS.map((item) => offerOf(item, plan.value)))
  const folder = computed(() => plan.value?.folder)
  const chosen = computed(() =>
    offers.value.filter(({ item, unavailable }) => choice.items.has(item.id) && !unavailable),
  )
  const existing = computed(() => chosen.value.filter((offer) => offer.exists))
  const hasPrivate = computed(() => chosen.value.some(({ item }) => item.private))
  const hasAuthorityKey = computed(() => chosen.value.some(({ item }) => item.id === AUTHORITY_KEY))

  const missing = computed(() => {
    if (chosen.value.length === 0) return 'Choose at least one item.'
    if (hasAuthorityKey.value && !choice.confirmAuthorityKey)
      return 'Confirm that the authority’s private key shall be written.'
    if (hasPrivate.value && choice.encrypt) {
      if (choice.passphrase === '') return 'Type a passphrase, or write the private key without one.'
      if (choice.passphrase !== choice.repeated) return 'The two passphrases differ.'
    }
    if (folder.value === undefined) return 'Choose a folder.'
    if (existing.value.length > 0 && !choice.replace) return 'Say that the existing files may be replaced.'
    return undefined
  })

  /** Main knows the folder that was chosen last. */
  async function readPlan(): Promise<void> {
    plan.value = await call('export:plan')
    choice.replace = false
  }

  async function begin(): Promise<void> {
    Object.assign(choice, nothingChosen())
    result.value = undefined
    await readPlan()
    for (const { item, unavailable } of offers.value)
      if (!item.private && !unavailable) choice.items.add(item.id)
  }

  function toggle(id: ExportItemId, isChosen: boolean): void {
    if (isChosen) choice.items.add(id)
    else choice.items.delete(id)
    // Each of these was said for one set of files; another set asks again.
    choice.replace = false
    if (id === AUTHORITY_KEY) choice.confirmAuthorityKey = false
  }

  async function chooseFolder(): Promise<void> {
    const answer = await call('export:choose-folder')
    if (answer) await readPlan()
  }

  async function write(): Promise<void> {
    if (missing.value !== undefined) return
    const encrypted = hasPrivate.value && choice.encrypt
    try {
      result.value = await call('export:write', {
        items: chosen.value.map(({ item }) => item.id),
        overwrite: existing.value.map(({ item }) => item.id),
        ...(encrypted ? { passphrase: choice.passphrase } : {}),
        ...(hasAuthorityKey.value ? { confirmAuthorityKey: true } : {}),
      })
      Object.assign(choice, { passphrase: '', repeated: '' })
    } catch (error) {
      // The folder may have changed since: what exists is asked for anew, and what went wrong is shown.
      await readPlan().catch(() => undefined)
      throw error
    }
  }

  return {
    choice,
    offers,
    folder,
    existing,
    hasPrivate,
    hasAuthorityKey,
    missing,
    result,
    begin,
    toggle,
    chooseFolder,
    write,
  }
}

function nothingChosen(): Choice {
  return {
    items: new Set(),
    encrypt: true,
    passphrase: '',
    repeated: '',
    replace: false,
    confirmAuthorityKey: false,
  }
}

function offerOf(item: ExportItem, plan: ExportPlan | undefined): Offer {
  const unavailable = plan
    ? plan.unavailable.find(({ id }) => id === item.id)?.reason
    : 'Asking what there is…'
  const exists = plan?.files.find(({ id }) => id === item.id)?.exists ?? false
  return { item, unavailable, exists: exists && plan?.folder !== undefined }
}
