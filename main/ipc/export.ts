/** The export dialog's side in main: the folder is chosen here, and only what was written here can be shown. */
import { app } from 'electron'
import { extname, join } from 'node:path'
import { fromUtf8, type Bytes } from '#shared/bytes'
import { isForeseen, LabError, orUndefined } from '#shared/errors'
import {
  checkTwins,
  type ExportPlan,
  type ExportRequest,
  type ExportResult,
  type GivenExport,
  type NameLook,
} from '#shared/export'
import { FORMATS } from '#shared/export/formats'
import { EXPORT_FILES, findExportFile, type ExportFile, type ExportFileId } from '#shared/export/items'
import type { GivenFile } from '#shared/given-file'
import { systemEnvironment } from '#shared/hl1/environment'
import { ROLE_NAMES } from '#shared/hl1/roles'
import { WINDOWS, type WindowName } from '#shared/windows'
import { Kept } from '../export/kept'
import type { ExportSources } from '../export/contents'
import { readMemory, writeMemory, type GivenNames } from '../export/memory'
import { usableFolder } from '../files/folder'
import { readGivenFile } from '../files/given-file'
import { putFiles } from '../files/put'
import { saveFile } from '../files/save'
import { sweepDebris } from '../files/temporary'
import type { Stake } from '../export/write'
import type { Lab } from '../lab/lab'
import { chooseFile, chooseFileToOpen, chooseFolder, type FileToOpen } from '../windows/dialogs'
import type { Person, Question } from '../windows/person'
import { showInFolder } from '../windows/show-in-folder'
import type { LabWindows } from '../windows/windows'
import type { SecretClipboard } from './clipboard'
import {
  questionOf,
  questionOfCopying,
  questionOfGiven,
  questionOfUnasked,
  questionOfWriting,
} from './questions'

/** A file to be saved where the person says. */
export interface SavedFile {
  /** Of the dialog. */
  readonly title: string
  /** The name that is proposed, with its extension. */
  readonly name: string
  /** What files with this extension are called: “PNG picture”. */
  readonly kind: string
  readonly bytes: Bytes
  /** For its owner alone; for everybody unless given. */
  readonly isPrivate?: boolean
}

/** The same for one that takes its time: it is made once the person has said where to. */
export interface LateFile extends Omit<SavedFile, 'bytes'> {
  readonly bytes: () => Promise<Bytes>
}

/** What exports are made of and who is asked. */
export interface ExportSurroundings {
  readonly lab: Lab
  /** What there is to export of the run that is open, where one is. */
  readonly recorded: () => ExportSources | undefined
  readonly clipboard: SecretClipboard
  readonly windows: Pick<LabWindows, 'get' | 'tellOne'>
  readonly person: Pick<Person, 'hasActed' | 'agrees' | 'picks'>
}

/** What an export is made with is read when there is one to make: to appear, no window needs it. */
const rooms = {
  plan: () => import('../export/plan'),
  contents: () => import('../export/contents'),
  there: () => import('../export/there'),
  write: () => import('../export/write'),
}

export class ExportService {
  readonly #written = new Set<string>()
  /** Gives up what a window has being written. */
  readonly #writing = new Map<WindowName, AbortController>()
  /** What of the lab was written in this start. */
  readonly kept = new Kept()

  private constructor(
    private readonly around: ExportSurroundings,
    /** File that keeps the folder chosen last, and the names given last. */
    private readonly memory: string,
    /** Chosen in this start, by the person: on the command line or in main's chooser. Nothing is written elsewhere. */
    private folder: string | undefined,
    /** Where the chooser begins: the folder chosen in an earlier start. A file says so, so nothing is written there by that. */
    private readonly remembered: string | undefined,
    private names: GivenNames,
  ) {}

  /** `folder` is the command line's; left-overs of an interrupted export are removed. */
  static async open(
    around: ExportSurroundings,
    memory: string,
    folder: string | undefined,
    onNotice: (text: string) => void,
  ): Promise<ExportService> {
    const remembered = readMemory(memory)
    const folders = new Set([remembered.folder, folder].filter((name) => name !== undefined))
    for (const name of folders) await sweepDebris(name)
    if (remembered.notice !== undefined) onNotice(remembered.notice)
    return new ExportService(around, memory, folder, remembered.folder, remembered.names)
  }

  /** What the window may export: a private key in the window of its own role alone. */
  async plan(window: WindowName): Promise<ExportPlan> {
    const [plan, { oddFiles }] = await Promise.all([this.#planAll(), rooms.there()])
    const others = EXPORT_FILES.filter((file) => !mayLeaveFrom(window, file))
    // Where none leaves, the other window would refuse as well: the plan's own reason stays.
    const items = new Map(plan.isPublicOnly ? [] : others.map(({ item }) => [item.id, item.owner]))
    const reasons = [...items].map(([id, owner]) => ({ id, reason: reasonOf(owner) }))
    const odd = plan.folder === undefined ? [] : await oddFiles(plan.folder, this.#sources(), this.names)
    return {
      ...plan,
      odd,
      files: plan.files.filter(({ id }) => !others.some((file) => file.id === id)),
      unavailable: [...plan.unavailable.filter(({ id }) => !items.has(id)), ...reasons],
    }
  }

  async #planAll(): Promise<ExportPlan> {
    const { planExport } = await rooms.plan()
    const options = { sources: this.#sources(), names: this.names }
    try {
      return await planExport({ ...options, folder: this.folder })
    } catch (error) {
      // The folder may be gone by now: then none is chosen.
      if (!isForeseen(error)) throw error
      this.folder = undefined
      return planExport(options)
    }
  }

  /** Which names are taken in the chosen folder, and by the very `files` that would get them; without a folder none is. */
  async look(
    names: readonly string[],
    files: readonly { readonly id: ExportFileId; readonly name: string }[] = [],
  ): Promise<readonly NameLook[]> {
    const { folder } = this
    if (folder === undefined) return names.map((name) => ({ name, exists: false, free: name }))
    const [{ lookAtNames }, { publicBytes }, { hasSameBytes }] = await Promise.all([
      rooms.plan(),
      rooms.contents(),
      rooms.there(),
    ])
    const looks = await lookAtNames(folder, names)
    const sources = this.#sources()
    return Promise.all(
      looks.map(async (look) => {
        const file = look.exists ? files.find(({ name }) => name === look.name) : undefined
        const bytes = file && (await publicBytes(file.id, sources))
        return bytes && hasSameBytes(join(folder, look.name), bytes) ? { ...look, same: true } : look
      }),
    )
  }

  async chooseFolder(window: WindowName): Promise<{ readonly folder: string } | undefined> {
    const begin = await this.#begin()
    const asked = { title: 'Folder to export to', button: 'Choose folder', begin }
    const folder = await this.around.person.picks(window, (over) => chooseFolder(asked, over))
    if (folder === undefined) return undefined
    this.folder = folder
    await this.#remember()
    return { folder }
  }

  /**
   * Writes files of the lab, once the person has agreed where private keys leave or files are replaced. Undefined when they
   * did not.
   * @throws LabError `forbidden` for another role's private key, or with one of the `export_…` codes
   */
  async write(request: ExportRequest, window: WindowName): Promise<ExportResult | undefined> {
    requireOwn(request, window)
    const { random } = systemEnvironment
    const folder = this.#chosenFolder()
    const names = request.files.map(({ id, name }) => name ?? findExportFile(id)?.name ?? '')
    const ask = this.#asker(window, (stake) =>
      isAnything(stake) ? questionOfWriting(stake, folder) : questionOfUnasked(names, folder),
    )
    const sources = this.#sources()
    const giveUp = new AbortController()
    this.#writing.set(window, giveUp)
    const { signal } = giveUp
    const result = await unlessDeclined(
      rooms
        .write()
        .then(({ writeExport }) =>
          writeExport(request, { sources, folder, random, ask: this.#telling(window, ask), signal }),
        ),
    ).finally(() => this.#writing.delete(window))
    if (!result) return undefined
    for (const { id } of request.files) {
      const file = findExportFile(id)
      if (file) this.kept.add(file, sources)
    }
    const given = request.files.map(({ id, name }) => [id, name ?? findExportFile(id)?.name] as const)
    this.names = { ...this.names, ...Object.fromEntries(given) }
    await this.#remember()
    return this.#keep(result)
  }

  /** Gives up what a window has being written, before its first file is. */
  cancel(window: WindowName): void {
    this.#writing
      .get(window)
      ?.abort(new LabError('cancelled', 'The export was cancelled: nothing was written.'))
  }

  /**
   * Writes files whose content a window has, once the person has agreed; undefined when they did not.
   * @throws LabError with one of the `export_…` codes
   */
  async writeGiven(
    { files, overwrite = [] }: GivenExport,
    window: WindowName,
  ): Promise<ExportResult | undefined> {
    const names = files.map(({ name }) => name)
    checkTwins(names)
    const folder = this.#chosenFolder()
    // What is in them main can't tell, so none is for others' eyes.
    const targets = files.map(({ name }) => ({
      id: name,
      name,
      private: true,
      replace: overwrite.includes(name),
    }))
    const prepare = async (replacing: readonly string[]): Promise<readonly Bytes[]> => {
      const agrees = this.#telling(window, () =>
        this.around.person.agrees(window, questionOfGiven(names, replacing, folder)),
      )
      if (!(await agrees())) throw new LabError('export_confirmation_missing', 'Nothing was written.')
      return files.map(({ bytes }) => bytes)
    }
    const result = await unlessDeclined(putFiles(targets, prepare, { folder }))
    if (!result) return undefined
    const { folder: where, files: written } = this.#keep(result)
    return {
      folder: where,
      files: written.map((file, index) => ({ ...file, private: files[index]?.private ?? true })),
    }
  }

  /**
   * Puts the text of one file on the clipboard; a private one once the person has agreed, and for a minute.
   * @throws LabError `forbidden` for another role's private key, or with one of the `export_…` codes
   */
  async copy(request: ExportRequest, window: WindowName): Promise<{ readonly copied: boolean }> {
    requireOwn(request, window)
    const file = findExportFile(request.files[0]?.id ?? '')
    if (!file || request.files.length !== 1 || !FORMATS[file.format].text)
      throw new LabError('export_bad_request', 'One file that is text can be copied at a time.')
    const { random } = systemEnvironment
    const ask = this.#asker(window, (stake) =>
      isAnything(stake) ? questionOfCopying(stake.secrets) : questionOf('text:copy', window),
    )
    const sources = this.#sources()
    const bytes = await unlessDeclined(
      rooms.write().then(({ encodeExport }) => encodeExport(request, { sources, random, ask })),
    )
    if (bytes) await this.around.clipboard.copy(fromUtf8(bytes), file.private)
    return { copied: bytes !== undefined }
  }

  /**
   * Asks where to save a file, and writes it there. Undefined when the person changed their mind.
   * @throws LabError with one of the `export_…` codes
   */
  async save(file: SavedFile | LateFile, window: WindowName): Promise<{ readonly path: string } | undefined> {
    const { title, name, kind, bytes, isPrivate = false } = file
    const proposed = join((await this.#begin()) ?? '', name)
    const asked = { title, path: proposed, kind, extension: extname(name).slice(1) }
    const chosen = await this.around.person.picks(window, (over) => chooseFile(asked, over))
    if (chosen === undefined) return undefined
    const made = typeof bytes === 'function' ? await bytes() : bytes
    const path = await saveFile(chosen, made, extname(name), { isPrivate })
    this.#written.add(path)
    return { path }
  }

  /** Has the person choose a file to be read; undefined when they changed their mind. */
  async choose(asked: FileToOpen, window: WindowName): Promise<GivenFile | undefined> {
    const path = await this.choosePath(asked, window)
    return path === undefined ? undefined : readGivenFile(path)
  }

  /** Has the person choose a folder in which something is made; undefined when they changed their mind. */
  async choosePlace(title: string, window: WindowName): Promise<string | undefined> {
    const asked = { title, button: 'Make it here', begin: await this.#begin() }
    return this.around.person.picks(window, (over) => chooseFolder(asked, over))
  }

  /** What is at a path was made just now, for the person. */
  made(path: string): void {
    this.#written.add(path)
  }

  /** Has the person choose a file; its path, or undefined when they changed their mind. */
  choosePath(asked: FileToOpen, window: WindowName): Promise<string | undefined> {
    return this.around.person.picks(window, (over) => chooseFileToOpen(asked, over))
  }

  /** Shows a file in the file manager; throws LabError `forbidden` for one that was not written here, `no_file_manager`. */
  async show(path: string): Promise<void> {
    if (!this.#written.has(path))
      throw new LabError('forbidden', 'Only files that were just exported can be shown.')
    await showInFolder(path)
  }

  /** Asks what a stake needs; where there is none, a press in the window just now is enough. */
  #asker(window: WindowName, question: (stake: Stake) => Question): (stake: Stake) => Promise<boolean> {
    const { person } = this.around
    const hasActed = person.hasActed(window)
    return async (stake) => (!isAnything(stake) && hasActed) || person.agrees(window, question(stake))
  }

  /** The same question; once it has a yes, the window is told that now is written. */
  #telling<A extends readonly unknown[]>(
    window: WindowName,
    ask: (...about: A) => Promise<boolean>,
  ): (...about: A) => Promise<boolean> {
    return async (...about) => {
      const agrees = await ask(...about)
      if (agrees) this.around.windows.tellOne(window, 'export:writing', undefined)
      return agrees
    }
  }

  #keep(result: ExportResult): ExportResult {
    for (const file of result.files) this.#written.add(file.path)
    return result
  }

  async #remember(): Promise<void> {
    await writeMemory(this.memory, { folder: this.folder ?? this.remembered, names: this.names })
  }

  #chosenFolder(): string {
    if (this.folder === undefined) {
      throw new LabError('export_folder_missing', 'No folder is chosen: choose the folder to export to.')
    }
    return this.folder
  }

  /** Where a chooser begins: a folder that is there and can be written to. */
  #begin(): Promise<string | undefined> {
    const usual = (['documents', 'downloads', 'home'] as const).map((name) =>
      orUndefined(() => app.getPath(name)),
    )
    return usableFolder([this.folder, this.remembered], usual)
  }

  #sources(): ExportSources {
    const recorded = this.around.recorded()
    if (recorded) return recorded
    const { authority, server, serverTrustAnchor } = this.around.lab
    return {
      authority: authority.credentials,
      server: server.credentials,
      revocationList: authority.revocations?.list.der,
      trustAnchor: serverTrustAnchor,
    }
  }
}

function isAnything({ secrets, replacing }: Stake): boolean {
  return secrets.length + replacing.length > 0
}

/** A private key leaves by way of the window of its own role. */
function mayLeaveFrom(window: WindowName, { private: isPrivate, item }: ExportFile): boolean {
  return !isPrivate || item.owner === WINDOWS[window].role
}

function reasonOf(owner: ExportFile['item']['owner']): string {
  const title = owner === 'export' ? 'lab' : ROLE_NAMES[owner].title
  return `It leaves by way of the window of the ${title} alone: open Export… there.`
}

/** @throws LabError `forbidden` */
function requireOwn({ files }: ExportRequest, window: WindowName): void {
  for (const { id } of files) {
    const file = findExportFile(id)
    if (file && !mayLeaveFrom(window, file)) throw new LabError('forbidden', reasonOf(file.item.owner))
  }
}

/** What comes of it, or nothing when the person said no. */
async function unlessDeclined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LabError && error.code === 'export_confirmation_missing') return undefined
    throw error
  }
}
