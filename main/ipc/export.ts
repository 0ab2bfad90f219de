/** The export dialog's side in main: the folder is chosen here, and only what was written here can be shown. */
import { app, BrowserWindow, dialog, shell } from 'electron'
import { extname, join } from 'node:path'
import { fromUtf8, type Bytes } from '#shared/bytes'
import { isForeseen, LabError } from '#shared/errors'
import {
  checkTwins,
  type ExportPlan,
  type ExportRequest,
  type ExportResult,
  type GivenExport,
  type NameLook,
} from '#shared/export'
import { FORMATS } from '#shared/export/formats'
import { findExportFile } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import { lookAtNames, planExport } from '../export/plan'
import { readMemory, writeMemory, type GivenNames } from '../export/memory'
import { putFiles } from '../files/put'
import { saveFile } from '../files/save'
import { sweepDebris } from '../files/temporary'
import { encodeExport, writeExport } from '../export/write'
import type { Lab } from '../lab/lab'
import type { SecretClipboard } from './clipboard'

/** A file to be saved where the person says. */
export interface SavedFile {
  /** Of the dialog. */
  readonly title: string
  /** The name that is proposed, with its extension. */
  readonly name: string
  /** What files with this extension are called: “PNG picture”. */
  readonly kind: string
  readonly bytes: Bytes
}

export class ExportService {
  readonly #written = new Set<string>()

  private constructor(
    private readonly lab: Lab,
    private readonly clipboard: SecretClipboard,
    /** File that keeps the folder chosen last, and the names given last. */
    private readonly memory: string,
    private folder: string | undefined,
    private names: GivenNames,
  ) {}

  /** `folder` from the command line goes before the one chosen last; left-overs of an interrupted export are removed. */
  static async open(
    lab: Lab,
    clipboard: SecretClipboard,
    memory: string,
    folder: string | undefined,
  ): Promise<ExportService> {
    const remembered = await readMemory(memory)
    const folders = new Set([remembered.folder, folder].filter((name) => name !== undefined))
    for (const name of folders) await sweepDebris(name)
    return new ExportService(lab, clipboard, memory, folder ?? remembered.folder, remembered.names)
  }

  async plan(): Promise<ExportPlan> {
    const options = { sources: this.#sources(), names: this.names }
    try {
      return await planExport({ ...options, folder: this.folder })
    } catch (error) {
      // The folder chosen last may be gone by now: then none is chosen.
      if (!isForeseen(error)) throw error
      this.folder = undefined
      return planExport(options)
    }
  }

  /** Which names are taken in the chosen folder; without a folder none is. */
  async look(names: readonly string[]): Promise<readonly NameLook[]> {
    if (this.folder === undefined) return names.map((name) => ({ name, exists: false, free: name }))
    return lookAtNames(this.folder, names)
  }

  async chooseFolder(parent: BrowserWindow | undefined): Promise<{ readonly folder: string } | undefined> {
    const options: Electron.OpenDialogOptions = {
      title: 'Folder to export to',
      buttonLabel: 'Choose folder',
      properties: ['openDirectory', 'createDirectory'],
      ...(this.folder === undefined ? {} : { defaultPath: this.folder }),
    }
    const chosen = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options))
    const [folder] = chosen.filePaths
    if (chosen.canceled || folder === undefined) return undefined
    this.folder = folder
    await this.#remember()
    return { folder }
  }

  /** @throws LabError with one of the `export_…` codes */
  async write(request: ExportRequest): Promise<ExportResult> {
    const { random } = systemEnvironment
    const options = { sources: this.#sources(), folder: this.#chosenFolder(), random }
    const result = await writeExport(request, options)
    const given = request.files.map(({ id, name }) => [id, name ?? findExportFile(id)?.name] as const)
    this.names = { ...this.names, ...Object.fromEntries(given) }
    await this.#remember()
    return this.#keep(result)
  }

  /**
   * Writes files whose content a window has.
   * @throws LabError with one of the `export_…` codes
   */
  async writeGiven({ files, overwrite = [] }: GivenExport): Promise<ExportResult> {
    checkTwins(files.map(({ name }) => name))
    const targets = files.map(({ name, private: isPrivate }) => ({
      id: name,
      name,
      private: isPrivate,
      replace: overwrite.includes(name),
    }))
    const contents = files.map(({ bytes }) => bytes)
    return this.#keep(await putFiles(targets, async () => contents, { folder: this.#chosenFolder() }))
  }

  /**
   * Puts the text of one file on the clipboard; a private one leaves it after a minute.
   * @throws LabError with one of the `export_…` codes
   */
  async copy(request: ExportRequest): Promise<void> {
    const file = findExportFile(request.files[0]?.id ?? '')
    if (!file || request.files.length !== 1 || !FORMATS[file.format].text)
      throw new LabError('export_bad_request', 'One file that is text can be copied at a time.')
    const { random } = systemEnvironment
    const bytes = await encodeExport(request, { sources: this.#sources(), random })
    await this.clipboard.copy(fromUtf8(bytes), file.private)
  }

  /**
   * Asks where to save a file, and writes it there. Undefined when the person changed their mind.
   * @throws LabError with one of the `export_…` codes
   */
  async save(
    file: SavedFile,
    parent: BrowserWindow | undefined,
  ): Promise<{ readonly path: string } | undefined> {
    const options: Electron.SaveDialogOptions = {
      title: file.title,
      defaultPath: join(this.folder ?? app.getPath('documents'), file.name),
      filters: [{ name: file.kind, extensions: [extname(file.name).slice(1)] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    }
    const chosen = await (parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options))
    if (chosen.canceled || chosen.filePath === '') return undefined
    const path = await saveFile(chosen.filePath, file.bytes, extname(file.name))
    this.#written.add(path)
    return { path }
  }

  /** Shows a file in the file manager; throws LabError `forbidden` for one that was not written here. */
  show(path: string): void {
    if (!this.#written.has(path))
      throw new LabError('forbidden', 'Only files that were just exported can be shown.')
    shell.showItemInFolder(path)
  }

  #keep(result: ExportResult): ExportResult {
    for (const file of result.files) this.#written.add(file.path)
    return result
  }

  async #remember(): Promise<void> {
    await writeMemory(this.memory, { folder: this.folder, names: this.names })
  }

  #chosenFolder(): string {
    if (this.folder === undefined) {
      throw new LabError('export_folder_missing', 'No folder is chosen: choose the folder to export to.')
    }
    return this.folder
  }

  #sources() {
    const { authority, server, serverTrustAnchor } = this.lab
    return { authority: authority.credentials, server: server.credentials, trustAnchor: serverTrustAnchor }
  }
}
