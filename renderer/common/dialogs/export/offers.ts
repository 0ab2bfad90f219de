/** What the export dialog offers, whether the lab has it or the window holds it. */
import type { ExportResult, NameLook, OddFile } from '#shared/export'
import type { ExportFormat } from '#shared/export/formats'
import type { Lockable } from '#shared/export/items'

/** A file that can be written. */
export interface Offer {
  readonly id: string
  readonly format: ExportFormat
  /** Its name unless the person gives another. */
  readonly name: string
  readonly private: boolean
  readonly lock: Lockable
  /** Size in bytes, and with a passphrase where that makes a difference. */
  readonly bytes: number
  readonly lockedBytes?: number | undefined
  /** What is in it, in a sentence. */
  readonly holds: string
  /** The text itself, of public files that are text; a function where it depends on the other files. */
  readonly text?: string | ((all: readonly Chosen[], order: Order) => string) | undefined
}

/** Files that are forms of one thing; the first form is the usual one. */
export interface OfferGroup {
  readonly id: string
  readonly title: string
  readonly purpose: string
  readonly private: boolean
  /** Why none of them can be written; undefined when they can. */
  readonly unavailable: string | undefined
  readonly offers: readonly Offer[]
  /** Forms that can't be made of this one, each with the reason. */
  readonly missing: readonly { readonly format: ExportFormat; readonly reason: string }[]
}

/** A file under the name that it shall have. */
export interface Chosen {
  readonly offer: Offer
  readonly name: string
}

/** What the person has decided. */
export interface Order {
  readonly files: readonly { readonly id: string; readonly name: string; readonly replace: boolean }[]
  readonly passphrase: string | undefined
  /** True to lock also those keys that could be plain. */
  readonly protect: boolean
  readonly friendlyName: string | undefined
}

/** Where the offers come from, and who writes them. */
export interface ExportSource {
  /** One sentence on what the dialog does. */
  readonly description: string
  readonly folder: string | undefined
  readonly groups: readonly OfferGroup[]
  /** Whose private keys leave by way of their own windows alone, and not of this one. */
  readonly elsewhere: readonly ('authority' | 'server')[]
  /** Files that are chosen at the start. */
  readonly usual: readonly string[]
  /** Files of the ready bundle; empty where there is none. */
  readonly bundle: readonly string[]
  /** What PKCS#12 calls its entry unless the person says otherwise. */
  readonly friendlyName: string
  /** What is in the folder and does not fit what can be written here. */
  readonly odd: readonly OddFile[]
  /** Which names are taken in the folder. */
  readonly look: (names: readonly string[], chosen: readonly Chosen[]) => Promise<readonly NameLook[]>
  /** Undefined when the person changed their mind. */
  readonly write: (order: Order) => Promise<ExportResult | undefined>
  /** Puts the text of one private file on the clipboard, for a minute, once main has asked. */
  readonly copy: (id: string, order: Order) => Promise<void>
}

/** True when the file gets a passphrase under this order. */
export function isLocked({ lock }: Pick<Offer, 'lock'>, { protect }: Pick<Order, 'protect'>): boolean {
  return lock === 'always' || (lock === 'optional' && protect)
}
