/** All that a process of the app still holds in JavaScript, after its garbage was collected: texts and bytes. */
import type { Page } from '@playwright/test'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Role } from '#shared/hl1/roles'
import type { App } from './app'

export interface Heap {
  /** A heap snapshot: every text in it, but no contents of byte arrays. */
  readonly texts: Uint8Array
  /** The contents of every byte array, one after another. */
  readonly bytes: Uint8Array
}

/** Of the main process. */
export async function heapOfMain({ electron, folder }: App): Promise<Heap> {
  const [texts, bytes] = [join(folder, 'main.heapsnapshot'), join(folder, 'main.bytes')]
  await electron.evaluate(
    (_, paths) => {
      const { Session } = process.getBuiltinModule('node:inspector')
      const fs = process.getBuiltinModule('node:fs')
      const session = new Session()
      session.connect()
      const ask = (method: string, parameters: object): Record<string, { objectId: string }> => {
        let answer: object | undefined
        // A session with its own thread answers before it returns.
        session.post(method, parameters, (error: Error | null, result?: object) => {
          if (error) throw error
          answer = result
        })
        return answer as Record<string, { objectId: string }>
      }
      fs.writeFileSync(paths.bytes, '')
      for (const type of ['Uint8Array', 'ArrayBuffer']) {
        const { objectId: prototypeObjectId } = ask('Runtime.evaluate', { expression: `${type}.prototype` })[
          'result'
        ]!
        const { objectId } = ask('Runtime.queryObjects', { prototypeObjectId })['objects']!
        const write = `function (path) {
          const fs = process.getBuiltinModule('node:fs')
          for (const each of this) {
            try { fs.appendFileSync(path, new Uint8Array(each.buffer ?? each, each.byteOffset ?? 0, each.byteLength)) } catch {}
          }
        }`
        ask('Runtime.callFunctionOn', {
          objectId,
          functionDeclaration: write,
          arguments: [{ value: paths.bytes }],
        })
        ask('Runtime.releaseObject', { objectId })
      }
      session.disconnect()
      process.getBuiltinModule('node:v8').writeHeapSnapshot(paths.texts)
    },
    { texts, bytes },
  )
  const heap = { texts: await readFile(texts), bytes: await readFile(bytes) }
  await Promise.all([rm(texts), rm(bytes)])
  return heap
}

/**
 * Of a window's page, without its workers. Chromium does not let its byte arrays be asked for: they are found as what any object,
 * list or map holds, which leaves out those that nothing but a running function knows.
 */
export async function heapOfPage(app: App, name: Role): Promise<Heap> {
  await collectGarbageOf(app[name])
  const bytes = await bytesOfPage(app[name])
  const path = join(app.folder, `${name}.heapsnapshot`)
  // Over Playwright's connection it would come in thousands of messages.
  await app.electron.evaluate(
    ({ BrowserWindow }, asked) =>
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().includes(`/${asked.name}/`))
        ?.webContents.takeHeapSnapshot(asked.path),
    { name, path },
  )
  const texts = await readFile(path)
  await rm(path)
  return { texts, bytes }
}

/**
 * From a task with nothing on its stack. The collection that a snapshot begins with takes for alive whatever its stack seems to lead
 * to: with bad luck the table of all elements that scripts have had, those that are gone from the page too.
 */
async function collectGarbageOf(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
}

async function bytesOfPage(page: Page): Promise<Uint8Array> {
  const session = await page.context().newCDPSession(page)
  try {
    const { result } = await session.send('Runtime.evaluate', { expression: 'Object.prototype' })
    const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: result.objectId! })
    const held = await session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId!,
      functionDeclaration: heldBytes.toString(),
      returnByValue: true,
    })
    await session.send('Runtime.releaseObject', { objectId: objects.objectId! })
    const bytes = held.result.value as readonly (readonly number[])[]
    return Buffer.concat(bytes.map((each) => Buffer.from(each)))
  } finally {
    await session.detach()
  }
}

/** Runs in the page, on a list of all its objects. */
function heldBytes(this: readonly object[]): readonly (readonly number[])[] {
  const all = new Set<ArrayBuffer | ArrayBufferView>()
  const take = (value: unknown): void => {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) all.add(value)
  }
  for (const object of this) {
    try {
      if (object instanceof Map || object instanceof Set)
        for (const entry of object) [entry].flat().forEach(take)
      for (const { value } of Object.values(Object.getOwnPropertyDescriptors(object))) take(value)
    } catch {
      // Some objects of the page's own are not to be looked into.
    }
  }
  return Array.from(all, (each) =>
    Array.from(
      ArrayBuffer.isView(each)
        ? new Uint8Array(each.buffer, each.byteOffset, each.byteLength)
        : new Uint8Array(each),
    ),
  )
}
