/** What the person has chosen to export, what is still missing, and writing it. */
import { computed, reactive, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { toUtf8 } from '#shared/bytes'
import type { ExportResult, NameLook } from '#shared/export'
import { nameProblem, nameProblems } from '#shared/export/names'
import type { ExportGiven } from '../../composables/use-dialogs'
import { call, logUnforeseen } from '../../call'
import { givenSource } from './given-source'
import { labSource } from './lab-source'
import { misfits, type Misfit } from './misfits'
import { isLocked, type Chosen, type ExportSource, type Offer, type Order } from './offers'

/** What to do about names that are taken: replace the files, leave them and not write these, or give other names. */
export type Collision = 'replace' | 'keep' | 'rename'

export interface Choice {
  readonly ids: Set<string>
  /** Names that the person has changed. */
  readonly names: Map<string, string>
  protect: boolean
  passphrase: string
  repeated: string
  friendlyName: string
  collision: Collision | undefined
}

/** A chosen file as the list shows it. */
export interface FileRow extends Chosen {
  /** What is wrong with the name. */
  readonly problem: string | undefined
  /** Size in bytes. */
  readonly bytes: number
  /** False where the size hangs on a name that may be typed. */
  readonly exact: boolean
  /** True when something in the folder has the name, and when it is this very file. */
  readonly exists: boolean
  readonly same: boolean
  /** The name it gets; undefined when it is not written. */
  readonly target: string | undefined
  readonly locked: boolean
  /** The text of a public file that is text. */
  readonly text: string | undefined
}

export interface Export {
  readonly source: Readonly<Ref<ExportSource | undefined>>
  readonly choice: Choice
  readonly rows: ComputedRef<readonly FileRow[]>
  /** Those whose names are taken. */
  readonly existing: ComputedRef<readonly FileRow[]>
  /** Files in the folder that will not fit what is written, each with one that it does not fit. */
  readonly odd: ComputedRef<readonly Misfit[]>
  /** Private files, those of them that stay plain, and those that have a lock. */
  readonly secrets: ComputedRef<{
    readonly all: readonly FileRow[]
    readonly plain: readonly FileRow[]
    readonly locked: readonly FileRow[]
    readonly lockable: readonly FileRow[]
    readonly stores: readonly FileRow[]
  }>
  /** What is still missing, in one sentence; undefined when it can be written. */
  readonly missing: ComputedRef<string | undefined>
  /** What has to be said before a private key may leave, in one sentence; undefined when it was said. */
  readonly unsaid: ComputedRef<string | undefined>
  readonly result: Readonly<Ref<ExportResult | undefined>>
  readonly begin: () => Promise<void>
  /** Lets go of everything, of passphrases and private keys above all. */
  readonly forget: () => void
  readonly toggle: (ids: readonly string[], chosen: boolean) => void
  readonly chooseOnly: (ids: readonly string[]) => void
  readonly rename: (id: string, name: string) => void
  readonly chooseFolder: () => Promise<void>
  readonly copy: (row: FileRow) => Promise<void>
  readonly write: () => Promise<void>
}

/** @param given what to export; undefined for everything that the lab has */
export function useExport(given: () => ExportGiven | undefined): Export {
  const source = shallowRef<ExportSource>()
  const result = shallowRef<ExportResult>()
  const looks = shallowRef<readonly NameLook[]>([])
  const choice = reactive<Choice>(nothingChosen())

  const chosen = computed<readonly Chosen[]>(() =>
    (source.value?.groups ?? [])
      .filter(({ unavailable }) => unavailable === undefined)
      .flatMap(({ offers }) => offers.filter(({ id }) => choice.ids.has(id)))
      .map((offer) => ({ offer, name: choice.names.get(offer.id) ?? offer.name })),
  )
  const order = computed<Order>(() => {
    const files = rows.value.flatMap(({ offer, target, exists, same }) =>
      target === undefined
        ? []
        : [{ id: offer.id, name: target, replace: exists && (same || choice.collision === 'replace') }],
    )
    return { files, ...decisions.value }
  })
  const decisions = computed<Omit<Order, 'files'>>(() => {
    const lockable = chosen.value.some(({ offer }) => offer.lock === 'optional')
    const always = chosen.value.some(({ offer }) => offer.lock === 'always')
    const protect = lockable && choice.protect
    return {
      protect,
      passphrase: (protect || always) && choice.passphrase !== '' ? choice.passphrase : undefined,
      friendlyName: always && choice.friendlyName !== '' ? choice.friendlyName : undefined,
    }
  })

  const rows = computed<readonly FileRow[]>(() => {
    const problems = nameProblems(chosen.value.map(({ name }) => name))
    const targets = chosen.value.map(({ name }) => targetOf(name))
    const written = chosen.value.flatMap(({ offer }, index) => {
      const target = targets[index]
      return target === undefined ? [] : [{ offer, name: target }]
    })
    return chosen.value.map((one, index) => {
      const locked = isLocked(one.offer, decisions.value)
      const text = textOf(one.offer, written)
      return {
        ...one,
        problem: problems[index],
        bytes: sizeOf(one.offer, locked, text),
        exact: one.offer.lock !== 'always' || decisions.value.friendlyName === undefined,
        exists: looks.value.some(({ name, exists }) => name === one.name && exists),
        same: isSame(one.name),
        target: targets[index],
        locked,
        text,
      }
    })
  })
  const existing = computed(() => rows.value.filter(({ exists, same }) => exists && !same))
  const odd = computed(() => misfits(source.value?.odd ?? [], rows.value))
  const secrets = computed(() => {
    const all = rows.value.filter(({ offer }) => offer.private)
    return {
      all,
      plain: all.filter(({ locked }) => !locked),
      locked: all.filter(({ locked }) => locked),
      lockable: all.filter(({ offer }) => offer.lock === 'optional'),
      stores: all.filter(({ offer }) => offer.lock === 'always'),
    }
  })
  const unsaid = computed(() => {
    if (secrets.value.locked.length > 0) {
      if (choice.passphrase === '')
        return secrets.value.stores.length > 0
          ? 'Type a passphrase: PKCS#12 is always locked.'
          : 'Type a passphrase, or write the private key without one.'
      if (choice.passphrase !== choice.repeated) return 'The two passphrases differ.'
    }
    return undefined
  })
  const missing = computed(() => {
    if (chosen.value.length === 0) return 'Choose at least one file.'
    const wrong = rows.value.find(({ problem }) => problem !== undefined)
    if (wrong) return `Change the name ${wrong.name}.`
    // What exactly stands at its field.
    if (unsaid.value !== undefined) return 'Complete the passphrase first.'
    if (source.value?.folder === undefined) return 'Choose a folder.'
    if (existing.value.length > 0 && choice.collision === undefined)
      return 'Say what to do about the files that are there already.'
    if (order.value.files.length === 0) return 'All of these are there already: nothing is left to write.'
    return undefined
  })

  function targetOf(name: string): string | undefined {
    const look = looks.value.find((each) => each.name === name)
    if (!look?.exists || look.same) return name
    if (choice.collision === 'keep') return undefined
    return choice.collision === 'rename' ? look.free : name
  }

  function isSame(name: string): boolean {
    return looks.value.some((look) => look.name === name && look.same === true)
  }

  function textOf({ text }: Offer, written: readonly Chosen[]): string | undefined {
    if (typeof text !== 'function') return text
    return text(written, { files: [], ...decisions.value })
  }

  /** Asks main which of the names are taken, where they are names at all. */
  async function look(): Promise<void> {
    const names = [...new Set(chosen.value.map(({ name }) => name))].filter(
      (name) => nameProblem(name) === undefined,
    )
    const from = source.value
    const found = from?.folder === undefined || names.length === 0 ? [] : await from.look(names, chosen.value)
    const before = existing.value.map(({ name }) => name).join('/')
    looks.value = found
    // What was said of some files does not hold for others.
    if (existing.value.map(({ name }) => name).join('/') !== before) choice.collision = undefined
  }
  watch(
    () => chosen.value.map(({ name }) => name).join('/'),
    () => void look().catch(logUnforeseen),
  )

  async function read(): Promise<void> {
    const what = given()
    source.value = what ? await givenSource(what) : await labSource()
  }

  async function begin(): Promise<void> {
    Object.assign(choice, nothingChosen())
    result.value = undefined
    await read()
    chooseOnly(source.value?.usual ?? [])
    await look()
  }

  function forget(): void {
    Object.assign(choice, nothingChosen())
    source.value = undefined
    result.value = undefined
    looks.value = []
  }

  function toggle(ids: readonly string[], isChosen: boolean): void {
    for (const id of ids) {
      if (isChosen) choice.ids.add(id)
      else choice.ids.delete(id)
    }
  }

  function chooseOnly(ids: readonly string[]): void {
    toggle([...choice.ids], false)
    toggle(ids, true)
  }

  function rename(id: string, name: string): void {
    choice.names.set(id, name)
  }

  async function chooseFolder(): Promise<void> {
    const answer = await call('export:choose-folder')
    if (!answer) return
    await read()
    await look()
  }

  async function copy(row: FileRow): Promise<void> {
    const file = { id: row.offer.id, name: row.name, replace: false }
    await source.value?.copy(row.offer.id, { ...order.value, files: [file] })
  }

  async function write(): Promise<void> {
    // The folder may have changed since it was looked at.
    await look()
    if (missing.value !== undefined) return
    try {
      const written = await source.value?.write(order.value)
      // Whoever changed their mind goes on with what they have chosen.
      if (!written) return
      result.value = written
      Object.assign(choice, { passphrase: '', repeated: '' })
    } catch (error) {
      // What exists is asked for anew, and what went wrong is shown.
      await look().catch(logUnforeseen)
      throw error
    }
  }

  return {
    ...{ source, choice, rows, existing, odd, secrets, missing, unsaid, result },
    ...{ begin, forget, toggle, chooseOnly, rename, chooseFolder, copy, write },
  }
}

function nothingChosen(): Choice {
  return {
    ids: new Set(),
    names: new Map(),
    protect: true,
    passphrase: '',
    repeated: '',
    friendlyName: '',
    collision: undefined,
  }
}

function sizeOf(offer: Offer, locked: boolean, text: string | undefined): number {
  if (typeof offer.text === 'function') return toUtf8(text ?? '').length
  return locked ? (offer.lockedBytes ?? offer.bytes) : offer.bytes
}
