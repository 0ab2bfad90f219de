/** What the window of the authority may ask of main. */
import type { Bridge, CallsOf } from './contract'

export type AuthorityBridge = Bridge<CallsOf<'authority'>>
