/** The inspector's worker of the built app, asked by a page of the app: what it answers is the app's, not Node's. */
import type { Page } from '@playwright/test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { answerTo } from '../../renderer/common/inspect/worker/answer'
import { hear } from '../../renderer/common/inspect/worker/talk'
import type { InspectAnswer, InspectCalls } from '../../renderer/common/inspect/worker/calls'
import { ROOT } from './app'

/** A question for the worker: the name of a call, and its arguments. */
export interface Question {
  readonly name: keyof InspectCalls
  readonly argument: readonly unknown[]
  /** What is answered where a locked part asks; it stays locked where that is wrong, or none. */
  readonly passphrase?: string | undefined
}

/** An answer as it can be compared: bytes are `{ hex }`. */
export type PlainAnswer = { readonly value: unknown } | { readonly code: string; readonly message: string }

/** Puts all questions to one worker, in one go and in their order. Files under bytes cross as base64. */
export async function askInApp(page: Page, questions: readonly Question[]): Promise<readonly PlainAnswer[]> {
  const assets = join(ROOT, 'out/renderer/assets')
  const name = readdirSync(assets).find((file) => /^worker-.*\.js$/.test(file))
  if (name === undefined) throw new Error('The app is not built.')
  const answers = await page.evaluate(
    async ([worker, list]) => {
      const revive = (_: string, value: unknown): unknown => {
        const base64 = (value as { base64?: string } | null)?.base64
        return base64 === undefined ? value : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      }
      const plain = (_: string, value: unknown): unknown =>
        value instanceof Uint8Array
          ? { hex: Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') }
          : value
      const asked = new Worker(worker, { type: 'module' })
      const questionsHere = JSON.parse(list, revive) as { passphrase?: string }[]
      const results: string[] = []
      for (const [id, question] of questionsHere.entries()) {
        const answer = await new Promise<unknown>((resolve, reject) => {
          asked.onmessage = ({ data }) => {
            if ('ok' in data) return resolve(data)
            if (!('ask' in data)) return
            const passphrase = data.ask.problem === undefined ? question.passphrase : undefined
            asked.postMessage({ id, passphrase: passphrase ?? null })
          }
          asked.onerror = ({ message }) => reject(new Error(message))
          asked.postMessage({ id, ...question })
        })
        results.push(JSON.stringify(answer, plain))
      }
      asked.terminate()
      return results
    },
    [`../assets/${name}`, JSON.stringify(questions, toBase64)] as const,
  )
  return answers.map((text) => plainAnswer(JSON.parse(text) as InspectAnswer))
}

/** The same question in Node. */
export function askInNode(question: Question): Promise<InspectAnswer> {
  const id = ++lastId
  return answerTo({ id, ...question }, (news) => {
    if (!('ask' in news)) return
    const passphrase = news.ask.problem === undefined ? question.passphrase : undefined
    hear({ id, passphrase: passphrase ?? null })
  })
}

let lastId = 0

/** Node's answer as {@link askInApp} gives those of the app. */
export function inNode(answer: InspectAnswer): PlainAnswer {
  return plainAnswer(JSON.parse(JSON.stringify(answer, toHex)) as InspectAnswer)
}

function plainAnswer(answer: InspectAnswer): PlainAnswer {
  if (answer.ok) return { value: answer.value }
  return { code: answer.fault.code, message: answer.fault.message }
}

function toBase64(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}

function toHex(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value
}
