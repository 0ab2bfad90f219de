/** Keys and certificates in the folder that will not fit those that are written beside them. */
import type { OddFile } from '#shared/export'
import { findExportFile, type ExportItemId } from '#shared/export/items'

/** A file that stays in the folder, and one of those that are written, which it does not fit. */
export interface Misfit {
  readonly name: string
  readonly beside: string
  /** In a sentence. */
  readonly text: string
}

/** A file as it is chosen: its offer, the name that it gets, and what has that name now. */
interface Row {
  readonly offer: { readonly id: string }
  readonly target: string | undefined
  readonly exists: boolean
  readonly same: boolean
}

/** What a certificate of the server has to be checked with is the authority's. */
const SIGNED_BY_AUTHORITY: ReadonlySet<ExportItemId> = new Set(['server-certificate', 'server-chain'])

/**
 * Those of the odd files that stay, beside something that they belong to. Of one that is locked nothing is said unless others
 * show that the keys are new.
 */
export function misfits(odd: readonly OddFile[], rows: readonly Row[]): readonly Misfit[] {
  const written = rows.flatMap(({ offer, target }) => {
    const file = findExportFile(offer.id)
    return file && target !== undefined ? [{ ...file.item, name: target }] : []
  })
  const isNew = (owner: OddFile['owner']): boolean =>
    odd.some((each) => each.owner === owner && each.is === 'other') ||
    rows.some(({ offer, exists, same }) => exists && !same && findExportFile(offer.id)?.item.owner === owner)
  return odd.flatMap(({ name, owner, private: isPrivate, is }) => {
    if (written.some((file) => file.name === name)) return []
    const beside = written.find(
      (file) => file.owner === owner || (owner === 'authority' && SIGNED_BY_AUTHORITY.has(file.id)),
    )?.name
    if (beside === undefined || (is === 'locked' && !isNew(owner))) return []
    return [{ name, beside, text: textOf(name, beside, { owner, isPrivate, is }) }]
  })
}

function textOf(
  name: string,
  beside: string,
  {
    owner,
    isPrivate,
    is,
  }: { readonly owner: OddFile['owner']; readonly isPrivate: boolean; readonly is: OddFile['is'] },
): string {
  if (is === 'locked') return `${name} has a passphrase: whether it is the key for ${beside} can’t be told.`
  const what = isPrivate ? 'the private key of' : 'about'
  return `${name} is ${what} another key pair of the ${owner}: it does not fit ${beside}.`
}
