/** The export dialog's side in main: the folder is chosen here, and only what was written here can be shown. */
import { app, BrowserWindow, dialog, shell } from 'electron'
import { extname, join } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { ExportPlan, ExportRequest, ExportResult } from '#shared/export'
import { systemEnvironment } from '#shared/protocol/environment'
import { planExport } from '../export/plan'
import { saveFile } from '../export/save'
import { sweepDebris } from '../export/temporary'
import { writeExport } from '../export/write'
import type { Lab } from '../lab/lab'
import { readJson, replaceFile } from '../settings/json-file'

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
    /** File that keeps the folder chosen last. */
    private readonly memory: string,
    private folder: string | undefined,
  ) {}

  /** `folder` from the command line goes before the one chosen last; left-overs of an interrupted export are removed. */
  static async open(lab: Lab, memory: string, folder: string | undefined): Promise<ExportService> {
    const file = await readJson(memory)
    const value = typeof file === 'object' ? (file.value as { folder?: unknown } | null)?.folder : undefined
    const remembered = typeof value === 'string' ? value : undefined
    const folders = new Set([remembered, folder].filter((name) => name !== undefined))
    for (const name of folders) await sweepDebris(name)
    return new ExportService(lab, memory, folder ?? remembered)
  }

  async plan(): Promise<ExportPlan> {
    try {
      return await planExport({ sources: this.#sources(), folder: this.folder })
    } catch (error) {
      // The folder chosen last may be gone by now: then none is chosen.
      if (!(error instanceof LabError)) throw error
      this.folder = undefined
      return planExport({ sources: this.#sources() })
    }
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
    await replaceFile(this.memory, `${JSON.stringify({ folder })}\n`)
    return { folder }
  }

  /** @throws LabError with one of the `export_…` codes */
  async write(request: ExportRequest): Promise<ExportResult> {
    if (this.folder === undefined) {
      throw new LabError('export_folder_missing', 'No folder is chosen: choose the folder to export to.')
    }
    const { random } = systemEnvironment
    const result = await writeExport(request, { sources: this.#sources(), folder: this.folder, random })
    for (const file of result.files) this.#written.add(file.path)
    return result
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
    await saveFile(chosen.filePath, file.bytes)
    this.#written.add(chosen.filePath)
    return { path: chosen.filePath }
  }

  /** Shows a file in the file manager; throws LabError `forbidden` for one that was not written here. */
  show(path: string): void {
    if (!this.#written.has(path))
      throw new LabError('forbidden', 'Only files that were just exported can be shown.')
    shell.showItemInFolder(path)
  }

  #sources() {
    const { authority, server, serverTrustAnchor } = this.lab
    return { authority: authority.credentials, server: server.credentials, trustAnchor: serverTrustAnchor }
  }
}
