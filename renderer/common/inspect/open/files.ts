/** Opening files: chosen or dropped, one after the other, with a passphrase asked for where one is needed. */
import { shallowRef, type Ref } from 'vue'
import type { ErrorCode, Fault } from '#shared/errors'
import type { Bytes } from '#shared/bytes'
import { faultOf } from '../../call'
import { count } from '../../format'
import { useInspector } from '../inspector'
import { inspect } from '../worker/inspect'

/** What is larger can't be anything that is opened: it isn't even read. */
const NEVER_READ = 64 * 1024 * 1024
/** So long a file may take to arrive, in milliseconds: one on a disk that does not answer never does. */
const NEVER_COMES = 10_000

/** A file that waits for its passphrase. */
export interface Asking {
  readonly name: string
  /** What was wrong with the last one; undefined for the first time. */
  readonly problem: string | undefined
  /** Answers with a passphrase, with null to see it locked as it is, or with nothing: then the file stays closed. */
  readonly answer: (passphrase: string | null | undefined) => void
}

export interface Files {
  /** The file that waits for its passphrase. */
  readonly asking: Readonly<Ref<Asking | undefined>>
  /** True while a file is being read. */
  readonly reading: Readonly<Ref<boolean>>
  /** Lets the person choose files. Needs a click or key press of theirs. */
  readonly browse: () => void
  /** Opens files, and the inspector with them. */
  readonly openAll: (files: Iterable<File>) => Promise<void>
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
    setInput: (element) => void (input = element),
    giveUp: () => asking.value?.answer(undefined),
  }
}

function openAll(files: Iterable<File>): Promise<void> {
  useInspector().open.value = true
  const list = [...files]
  queue = queue.then(async () => {
    reading.value = true
    for (const file of list) await openOne(file)
    reading.value = false
  })
  return queue
}

async function openOne(file: File): Promise<void> {
  const { addFile } = useInspector()
  const read = await bytesOf(file)
  if ('problem' in read) {
    addFile(failed(file.name, new Uint8Array(), { code: 'file_not_read', message: read.problem }))
    return
  }
  const { bytes } = read
  let passphrase: string | null | undefined
  let problem: string | undefined
  for (;;) {
    try {
      const { artifacts, notes } = await inspect('openFile', bytes, file.name, passphrase)
      return addFile({ title: file.name, entries: artifacts, notes })
    } catch (error) {
      const fault = faultOf(error)
      if (fault.code === 'inspect_stopped') return
      if (!needsPassphrase(fault.code)) return addFile(failed(file.name, bytes, fault))
      problem = passphrase === undefined ? undefined : fault.message
      passphrase = await askPassphrase(file.name, problem)
      if (passphrase === undefined) return
    }
  }
}

function needsPassphrase(code: ErrorCode): boolean {
  return code === 'passphrase_needed' || code === 'wrong_passphrase'
}

function askPassphrase(name: string, problem: string | undefined): Promise<string | null | undefined> {
  return new Promise((resolve) => {
    const answer: Asking['answer'] = (passphrase) => {
      asking.value = undefined
      resolve(passphrase)
    }
    asking.value = { name, problem, answer }
  })
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
