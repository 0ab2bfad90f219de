/** The attacks that are measured, and what their process is told. */
import type { Settings } from '#shared/settings'

/** What they do, each over and over again. */
export const ATTACKS = {
  lists: 'a request with lists half a million deep',
  members: 'a request with 200,000 members that nobody knows',
  escapes: 'a request of one text that is all escapes',
  echo: 'a request to echo a megabyte',
  bytes: 'a request for half a mebibyte of data',
  ahead: 'small requests sent ahead, never reading',
  registrations: 'a request for a key pair and a certificate',
  silent: 'a connection that says nothing',
  dribbling: 'a connection that says a byte',
} as const
export type Attack = keyof typeof ATTACKS

export interface AttackOrder {
  readonly attack: Attack
  readonly attackers: number
  readonly settings: Settings
  /** PEM. */
  readonly trustAnchor: string
  readonly authorityPort: number
  readonly serverPort: number
}
