/** Real records of an honest handshake, and a stand-in for the bridge to main. */
import type { Fault } from '#shared/errors'
import { vi, type Mock } from 'vitest'
import type { Answer } from '#shared/ipc/contract'
import type { Hl1Entry } from '#shared/hl1/types'
import type { StepNumber } from '#shared/hl1/steps'
import { fakeEnvironment } from '../../support/environment'
import { judge, runHonestly, type HonestRun } from '../../support/handshake'
import { connectionOf } from '../../support/context'

let run: Promise<HonestRun> | undefined

/** The record that the sender or the receiver of a step has made, with its secrets. */
export async function entryOf(step: StepNumber, side: 'sent' | 'received' = 'received'): Promise<Hl1Entry> {
  run ??= runHonestly(fakeEnvironment())
  const moment = (await run).moments[step]
  const record = side === 'sent' ? moment.record : (await judge(moment, moment.frame)).record
  return { ...record, id: `${record.role}-${step}`, connection: connectionOf('127.0.0.1:40000') }
}

export interface StandIn {
  /** Every call, with its argument. */
  readonly calls: Mock<(name: string, argument: unknown) => void>
  /** Sends an event to whoever listens; returns what they return, which the real bridge copies between worlds. */
  readonly tell: (event: string, value: unknown) => readonly unknown[]
  /** How many listen. */
  readonly listeners: () => number
}

/** No run is open, unless a test says so. */
const NO_RUN: Readonly<Record<string, (argument: never) => unknown>> = { 'run:view': () => ({ is: 'none' }) }

/** Puts a bridge on `window.lab` that answers from a table; what is thrown as a fault is answered as one. */
export function standInForMain(answers: Readonly<Record<string, (argument: never) => unknown>>): StandIn {
  const calls = vi.fn()
  const listening = new Set<{ readonly event: string; readonly listener: (value: unknown) => void }>()
  const lab = {
    window: 'server',
    call: async (name: string, argument: unknown): Promise<Answer<unknown>> => {
      calls(name, argument)
      const answer = { ...NO_RUN, ...answers }[name] as ((argument: unknown) => unknown) | undefined
      try {
        return { ok: true, value: await answer?.(argument) }
      } catch (error) {
        return { ok: false, error: error as Fault }
      }
    },
    on: (event: string, listener: (value: unknown) => void) => {
      const entry = { event, listener }
      listening.add(entry)
      return () => void listening.delete(entry)
    },
  }
  vi.stubGlobal('lab', lab)
  Object.defineProperty(window, 'lab', { value: lab, configurable: true })
  return {
    calls,
    tell: (event, value) =>
      [...listening].filter((entry) => entry.event === event).map((entry) => entry.listener(value)),
    listeners: () => listening.size,
  }
}

/** Gives every element a size: a simulated page has no layout, and lists that show only what is visible show nothing. */
export function giveSizes(width = 800, height = 400): void {
  for (const [name, value] of Object.entries({
    offsetWidth: width,
    offsetHeight: height,
    clientHeight: height,
  })) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value })
  }
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly tell: (entries: readonly unknown[]) => void) {}
      observe(target: Element): void {
        queueMicrotask(() => this.tell([{ target, contentRect: { width, height } }]))
      }
      unobserve(): void {}
      disconnect(): void {}
    },
  )
}
