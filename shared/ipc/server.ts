/** What the window of the server may ask of main. */
import type { Bridge, CallsOf } from './contract'

export type ServerBridge = Bridge<CallsOf<'server'>>
