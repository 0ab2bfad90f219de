/** Exports as the dialog, the bridge to main and the terminal know them; the files are written in `main/export`. */
import * as v from 'valibot'
import { LabError } from './errors'
import { EXPORT_FILES, findExportFile, type ExportFileId, type ExportItemId } from './export/items'
import { nameProblem, nameProblems } from './export/names'
import { hasUnseen } from './visible'

/** In UTF-8 at most 768 bytes: OpenSSL's commands read up to 1,023. */
export const MAX_PASSPHRASE_LENGTH = 256
/** A file that a window hands over has at most so many bytes. */
const MAX_GIVEN_BYTES = 4_194_304
const MAX_GIVEN_FILES = 20

const fileId = v.custom<ExportFileId>(
  (value) => typeof value === 'string' && findExportFile(value) !== undefined,
  (issue) => `${issue.received.slice(0, 60)} is nothing to export.`,
)

const fileName = v.pipe(
  v.string('A file’s name is a text.'),
  v.check(
    (name) => nameProblem(name) === undefined,
    (issue) => `“${issue.input.slice(0, 60)}” can’t be a file’s name. ${nameProblem(issue.input) ?? ''}`,
  ),
)

const passphrase = v.pipe(
  v.string('The passphrase is a text.'),
  v.minLength(1, 'The passphrase is empty: type one, or export the private key without.'),
  v.maxLength(
    MAX_PASSPHRASE_LENGTH,
    `The passphrase is too long: it has at most ${MAX_PASSPHRASE_LENGTH} characters.`,
  ),
  v.check(
    (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
    'The passphrase has a character that can’t be typed, such as a line break: use one line of text.',
  ),
)

const yesNo = (what: string) => v.optional(v.boolean(`${what} is yes or no.`))

/** Shape of an export request. Its messages are for people. */
export const exportRequestSchema = v.object(
  {
    files: v.pipe(
      v.array(
        v.object({
          id: fileId,
          /** The usual one unless given. */
          name: v.optional(fileName),
        }),
        'The files to export are a list.',
      ),
      v.minLength(1, 'Nothing is chosen for the export: choose at least one file.'),
      v.maxLength(EXPORT_FILES.length, 'The list of files to export is longer than there are files.'),
    ),
    /** Locks the private keys; without it those that can be plain are written plain. */
    passphrase: v.optional(passphrase),
    /** False to lock only what is never written without: PKCS#12. */
    protect: yesNo('Whether private keys are locked'),
    /** What a PKCS#12 file calls its entry; the owner's identity unless given. */
    friendlyName: v.optional(
      v.pipe(
        v.string('The name inside a PKCS#12 file is a text.'),
        v.minLength(1, 'The name inside a PKCS#12 file is empty: type one.'),
        v.maxLength(64, 'The name inside a PKCS#12 file is too long: it has at most 64 characters.'),
        v.check(
          (text) => !hasUnseen(text) && !/[^\0-\uffff]/u.test(text),
          'The name inside a PKCS#12 file has a character that it can’t have: use letters and digits.',
        ),
      ),
    ),
    /** Which existing files may be replaced: all, none, or those of these. */
    overwrite: v.optional(
      v.union([v.boolean(), v.array(fileId)], 'What may be replaced is yes, no or a list of files.'),
    ),
  },
  'The export request is not an object.',
)

/** What was chosen. The folder, and the person's word on private keys, come beside it: main has asked for both. */
export type ExportRequest = Readonly<v.InferOutput<typeof exportRequestSchema>>

/**
 * Checks a request of unknown shape.
 * @throws LabError `export_nothing_chosen` for an empty list, `export_bad_passphrase`, `export_bad_name`, or else
 *   `export_bad_request`
 */
export function parseExportRequest(value: unknown): ExportRequest {
  const result = v.safeParse(exportRequestSchema, value)
  if (result.success) return result.output
  throw requestError(result.issues[0])
}

/** Shape of files that a window holds already and hands over to be written. */
export const givenExportSchema = v.object({
  files: v.pipe(
    v.array(
      v.object({
        name: fileName,
        bytes: v.pipe(
          v.instance(Uint8Array<ArrayBuffer>, 'A file’s content is bytes.'),
          v.maxLength(MAX_GIVEN_BYTES, 'The file is too long to be exported.'),
        ),
        private: v.boolean('Whether a file is private is yes or no.'),
      }),
      'The files to export are a list.',
    ),
    v.minLength(1, 'Nothing is chosen for the export: choose at least one file.'),
    v.maxLength(MAX_GIVEN_FILES, `At most ${MAX_GIVEN_FILES} files are written at once.`),
  ),
  /** Names of those that may replace an existing file. */
  overwrite: v.optional(v.array(fileName, 'What may be replaced is a list of names.')),
})

/** Files from a window: main writes them as they are. */
export type GivenExport = Readonly<v.InferOutput<typeof givenExportSchema>>

/** Checks that no two names are one; throws LabError `export_bad_name`. */
export function checkTwins(names: readonly string[]): void {
  const problems = nameProblems(names)
  const index = problems.findIndex((problem) => problem !== undefined)
  const problem = problems[index]
  if (problem !== undefined)
    throw new LabError('export_bad_name', `“${names[index] ?? ''}” can’t be used. ${problem}`)
}

/** Shape of the question which names are taken in the chosen folder. */
const exportNamesSchema = v.pipe(v.array(fileName), v.maxLength(EXPORT_FILES.length))

/** The same, and which file of the lab's each would be: a public one that is there with the same bytes is told. */
export const exportLookSchema = v.object({
  names: exportNamesSchema,
  files: v.optional(
    v.pipe(v.array(v.object({ id: fileId, name: fileName })), v.maxLength(EXPORT_FILES.length)),
  ),
})

/** An item that can't be exported yet, and why. */
export interface UnavailableExport {
  readonly id: ExportItemId
  readonly reason: string
}

/** A file that would be written. */
export interface PlannedFile {
  readonly id: ExportFileId
  /** As it was given last, or the usual one. */
  readonly name: string
  /** The name alone while no folder is chosen. */
  readonly path: string
  /** True when something has this name already, be it a link that leads nowhere. */
  readonly exists: boolean
  readonly private: boolean
  /** Size in bytes; with a passphrase where the plan was asked for that, and always for what has one always. */
  readonly bytes: number
  /** The same with a passphrase, where that makes a difference. */
  readonly lockedBytes?: number
  /** What is in it, in a sentence. */
  readonly holds: string
  /** The text itself, of public files that are text. */
  readonly text?: string
}

/** A file in the chosen folder, under a name of the export, that does not fit what the lab has now. */
export interface OddFile {
  readonly id: ExportFileId
  readonly name: string
  readonly owner: 'authority' | 'server'
  readonly private: boolean
  /** `other`: it holds another key, or is about one. `locked`: it can't be told, as it has a passphrase. */
  readonly is: 'other' | 'locked'
}

/** Empty until there is such a party. */
export interface Identities {
  readonly server: string
  readonly authority: string
}

export interface ExportPlan {
  readonly folder: string | undefined
  readonly files: readonly PlannedFile[]
  readonly unavailable: readonly UnavailableExport[]
  /** Name of every file, also of those that can't be exported yet: as given last, or the usual one. */
  readonly names: Readonly<Record<ExportFileId, string>>
  /** Names of the server, which its PKCS#12 file calls its entry unless the person says otherwise, and of the authority. */
  readonly identities: Identities
  /** Of a recording: no private key leaves, by way of no window. */
  readonly isPublicOnly?: boolean
  /** What is in the folder and does not fit; none without a folder. */
  readonly odd?: readonly OddFile[]
}

/** Whether a name is taken in the chosen folder, and one like it that isn't. */
export interface NameLook {
  readonly name: string
  readonly exists: boolean
  readonly free: string
  /** True where what has the name is the very file that would be written: writing it changes nothing. */
  readonly same?: boolean
}

/** A file that was written. */
export interface WrittenFile {
  /** The file's id in the plan, or its name where a window handed it over. */
  readonly id: string
  readonly name: string
  readonly path: string
  /** Size in bytes. */
  readonly bytes: number
  /** Of the content, in hex. */
  readonly sha256: string
  readonly private: boolean
  /** True when it took the place of an older file. */
  readonly replaced: boolean
}

export interface ExportResult {
  readonly folder: string
  readonly files: readonly WrittenFile[]
}

function requestError(issue: v.BaseIssue<unknown>): LabError {
  const [member, , part] = issue.path?.map(({ key }) => key) ?? []
  if (issue.type === 'min_length' && member === 'files')
    return new LabError('export_nothing_chosen', issue.message)
  if (member === 'passphrase') return new LabError('export_bad_passphrase', issue.message)
  if (part === 'name' || member === 'friendlyName') return new LabError('export_bad_name', issue.message)
  return new LabError('export_bad_request', issue.message)
}
