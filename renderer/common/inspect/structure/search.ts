/** Looks for a text in the names, OIDs and values of a structure, a slice at a time: the window stays free in between. */
import { countNodes, nodeAt, textAt, type PackedStructure } from './packed'
import { tagText } from './element'
import { nextTurn } from '#shared/turn'

/** Elements that are looked at in one go. */
const SLICE = 1_000
/** More finds than this are not counted. */
export const MOST_FOUND = 1_000

/**
 * Indices of the elements that have the text, in order.
 * @param signal ends the search; what was found by then is the answer
 */
export async function searchStructure(
  packed: PackedStructure,
  query: string,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const wanted = query.trim().toLowerCase()
  const found: number[] = []
  if (wanted === '') return found
  const total = countNodes(packed)
  for (let index = 0; index < total && found.length < MOST_FOUND; index++) {
    if (index > 0 && index % SLICE === 0) await nextTurn()
    if (signal.aborted) break
    const node = nodeAt(packed, index)
    if (!node) break
    const texts = [node.field ?? '', node.type ?? tagText(node), textAt(packed, index)]
    if (texts.some((text) => text.toLowerCase().includes(wanted))) found.push(index)
  }
  return found
}
