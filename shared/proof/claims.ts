/** All that a proof says, in order: the authority, and then message by message what its sheet, its records and its keys give. */
import type { Item } from './claim'
import { bodyOf } from './body'
import { anchorItems, certificateItems, keyItems, type Told } from './certificates'
import { derivationItems } from './derivations'
import { frameItems } from './frames'
import { memberItems, rawItems, repeatable, type EarlierMember } from './members'
import { openingOf } from './opening'
import type { ProofMessage, View } from './run'
import type { Proving, Subject } from './proving'
import { transcriptItems } from './transcript'

export interface Claims {
  /** In the order in which they are shown. */
  readonly all: readonly Item[]
  /** Those on a message. */
  readonly of: ReadonlyMap<ProofMessage, readonly Item[]>
}

/** Makes the claims of a run; what they compare with goes into the folder. */
export function claimsOf(proving: Proving): Claims {
  const { run } = proving
  const told: Told = new Set()
  const seen = new Set<View>()
  const earlier = new Map<View, Map<string, EarlierMember>>()
  const all: Item[] = [...anchorItems(proving)]
  const of = new Map<ProofMessage, readonly Item[]>()
  for (const message of run.messages) {
    const view = run.viewOf.get(message)
    if (!view) continue
    if (!seen.has(view)) all.push(...transcriptItems(view))
    seen.add(view)
    const known = earlier.get(view) ?? new Map<string, EarlierMember>()
    earlier.set(view, known)
    const items = messageItems({ ...proving, message, view }, told, known)
    of.set(message, items)
    all.push(...items)
  }
  for (const view of run.views) all.push(...keyItems({ ...proving, view }, told))
  return { all, of }
}

function messageItems(subject: Subject, told: Told, earlier: Map<string, EarlierMember>): readonly Item[] {
  const { message } = subject
  const body = bodyOf(message)
  const items: Item[] = [
    ...frameItems(subject),
    ...derivationItems(subject),
    ...body.raws.flatMap((raw) => rawItems(raw, subject)),
  ]
  for (const part of body.objects) {
    const opened = openingOf(part, body, subject)
    items.push(...opened.items)
    const { place, needs } = opened
    if (!place) continue
    items.push(...memberItems(part, { place, needs }, subject, earlier))
    for (const [symbol, at] of repeatable(part, place, needs))
      if (!earlier.has(symbol)) earlier.set(symbol, { ...at, message })
  }
  return [...items, ...certificateItems(subject, told)]
}
