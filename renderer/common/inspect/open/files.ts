/** Opening files: chosen or dropped, one after the other, with a passphrase asked for where one is needed. */
import { shallowRef, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import type { OpeningProgress, PassphraseQuestion } from '#shared/inspect/open'
import { shownName } from '#shared/inspect/opened'
import type { Bytes } from '#shared/bytes'
import type { GivenFile } from '#shared/given-file'
import { RUN_EXTENSION } from '#shared/run/file-type'
import { faultOf } from '../../call'
import { count } from '../../format'
import { openingFailed } from '../../recorded'
import { useInspector } from '../inspector'
import { openInWorker, type InspectTalk } from '../worker/inspect'

/** What is larger can't be anything that is opened: it isn't even read. */
const NEVER_READ = 64 * 1024 * 1024
/** So long a file may take to arrive, in milliseconds: one on a disk that does not answer never does. */
const NEVER_COMES = 10_000

/** Milliseconds after which work is seen: most is done before. */
const SHOWN_AFTER = 300

const FOLDER = 'It is a folder. Open the files that are in it: several can be chosen or dropped at once.'

/** A file that waits for a passphrase, or is being opened with one. */
export interface Asking {
  readonly name: string
  /** What is locked, and where: “The private key in line 12”. */
  readonly what: string
  /** What was wrong with the last one; undefined for the first time. */
  readonly problem: string | undefined
  /** While it is being opened: how much is done, from 0 to 1, or undefined where nobody knows. */
  readonly working: { readonly fraction: number | undefined } | undefined
  /** Answers with a passphrase, with null to leave the part locked, or with nothing: then the file stays closed. */
  readonly answer: (passphrase: string | null | undefined) => void
}

export interface Files {
  /** The file that waits for a passphrase, or is being opened with one for some time. */
  readonly asking: Readonly<Ref<Asking | undefined>>
  /** True while a file is being read. */
  readonly reading: Readonly<Ref<boolean>>
  /** Lets the person choose files. Needs a click or key press of theirs. */
  readonly browse: () => void
  /** Opens files, and the inspector with them; of `folders`, which are among them, it says that they are none. */
  readonly openAll: (files: Iterable<File>, folders?: readonly File[]) => Promise<void>
  /** Opens files that the person gave the app from outside. */
  readonly openGiven: (files: readonly GivenFile[]) => Promise<void>
  /** Says which element lets files be chosen. */
  readonly setInput: (input: HTMLInputElement | null) => void
  /** Stops waiting for a passphrase. */
  readonly giveUp: () => void
}

const asking = shallowRef<Asking>()
const reading = shallowRef(false)
let input: HTMLInputElement | null = null
let queue: Promise<void> = Promise.resolve()

/** The files of this window. */
export function useFiles(): Files {
  return {
    asking,
    reading,
    browse: () => input?.click(),
    openAll,
    openGiven,
    setInput: (element) => void (input = element),
    giveUp: () => asking.value?.answer(undefined),
  }
}

function openAll(files: Iterable<File>, folders: readonly File[] = []): Promise<void> {
  // A list of the page is live, and empties when the field is used again.
  const given = [...files]
  const isRun = (file: File): boolean => file.name.toLowerCase().endsWith(RUN_EXTENSION)
  const run = given.findLast(isRun)
  if (run) void import('../../run-acts').then(({ openRun }) => openRun(run)).catch(openingFailed)
  const others = given.filter((file) => !isRun(file))
  if (others.length === 0) return Promise.resolve()
  return inTurn(others.map((file) => () => openOne(file, folders.includes(file))))
}

function openGiven(files: readonly GivenFile[]): Promise<void> {
  return inTurn(
    files.map((given) => async () => {
      if ('bytes' in given) return openOne(new File([given.bytes], given.name), false)
      const name = shownName(given.name)
      const fault = { code: 'file_not_read', message: given.problem } as const
      useInspector().addFile(failed(name, new Uint8Array(), fault))
    }),
  )
}

/** Opens the inspector, and one file after the other in it. */
function inTurn(opening: readonly (() => Promise<void>)[]): Promise<void> {
  useInspector().open.value = true
  queue = queue.then(async () => {
    reading.value = true
    for (const open of opening) await open()
    reading.value = false
  })
  return queue
}

async function openOne(file: File, isFolder: boolean): Promise<void> {
  const { addFile } = useInspector()
  const name = shownName(file.name)
  const read = isFolder ? { problem: FOLDER } : await bytesOf(file)
  if ('problem' in read) {
    addFile(failed(name, new Uint8Array(), { code: 'file_not_read', message: read.problem }))
    return
  }
  const { bytes } = read
  const talk = new AskingTalk(name)
  try {
    const { artifacts, notes } = await openInWorker(talk, bytes, file.name)
    addFile({ title: name, entries: artifacts, notes })
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code === 'inspect_stopped' || fault.code === 'cancelled') return
    addFile(failed(name, bytes, fault))
  } finally {
    talk.end()
  }
}

/** Asks the person about one file, and shows how far opening it is. */
class AskingTalk implements InspectTalk {
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly name: string) {}

  ask({ what, problem }: PassphraseQuestion): Promise<string | null | undefined> {
    return new Promise((resolve) => {
      const answer: Asking['answer'] = (passphrase) => {
        asking.value = undefined
        resolve(passphrase)
      }
      this.#show({ name: this.name, what, problem, working: undefined, answer })
    })
  }

  tell({ what, fraction }: OpeningProgress, cancel: () => void): void {
    const answer: Asking['answer'] = (passphrase) => {
      if (passphrase === undefined) cancel()
    }
    const shown: Asking = { name: this.name, what, problem: undefined, working: { fraction }, answer }
    if (asking.value?.working) return this.#show(shown)
    this.#timer ??= setTimeout(() => this.#show(shown), SHOWN_AFTER)
  }

  end(): void {
    this.#show(undefined)
  }

  #show(next: Asking | undefined): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    asking.value = next
  }
}

async function bytesOf(file: File): Promise<{ readonly bytes: Bytes } | { readonly problem: string }> {
  if (file.size > NEVER_READ) {
    return { problem: `The file has ${count(file.size, 'byte')}: no key or certificate is that long.` }
  }
  const late = 'Nothing came of the file: it may be a pipe, a device, or on a disk that does not answer.'
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<{ readonly problem: string }>((resolve) => {
    timer = setTimeout(() => resolve({ problem: late }), NEVER_COMES)
  })
  try {
    return await Promise.race([
      file.arrayBuffer().then((buffer) => ({ bytes: new Uint8Array(buffer) })),
      deadline,
    ])
  } catch {
    return { problem: 'The file could not be read: it may be a folder, gone, or not yours to read.' }
  } finally {
    clearTimeout(timer)
  }
}

function failed(
  name: string,
  bytes: Bytes,
  fault: Fault,
): Parameters<ReturnType<typeof useInspector>['addFile']>[0] {
  const source = 'could not be opened'
  return {
    title: name,
    notes: [],
    entries: [{ kind: 'failed', id: 'failed', title: name, source, bytes, fault }],
  }
}
