/** What the window of the client may ask of main. */
import type { Bridge, CallsOf } from './contract'

export type ClientBridge = Bridge<CallsOf<'client'>>
