/** Topics that no window needs to appear: what answers their calls is read by the first of them, and not with the rest of main. */
import { CALLS } from '#shared/ipc/contract'
import { onceLoaded } from '#shared/remember'
import type { WindowName } from '#shared/windows'
import type { Topic } from './answer'

/** Gives handlers for all calls whose names begin so; the first one loads them. A load that failed is tried again by the next. */
export function lateTopic<Prefix extends string>(
  prefix: Prefix,
  load: () => Promise<Topic<Prefix>>,
): Topic<Prefix> {
  type Name = keyof Topic<Prefix>
  const loaded = onceLoaded(load)
  const names = Object.keys(CALLS).filter((name) => name.startsWith(`${prefix}:`)) as Name[]
  const handlers = names.map((name) => {
    const handler = async (argument: never, window: WindowName): Promise<unknown> =>
      ((await loaded())[name] as AnyHandler)(argument, window)
    return [name, handler] as const
  })
  return Object.fromEntries(handlers) as Topic<Prefix>
}

type AnyHandler = (argument: never, window: WindowName) => unknown
