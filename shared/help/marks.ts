/** Running text with what leads to Help in it: citations, and words of the glossary, each the first time. */
import { citedPieces, type CitedPiece } from './citations'
import { GLOSSARY, type GlossaryEntry } from './glossary'

/** A piece of text that is a citation, a word of the glossary, or neither. */
export interface Mark extends CitedPiece {
  readonly word?: GlossaryEntry
}

/** By every name, as it is written. */
const ENTRIES: ReadonlyMap<string, GlossaryEntry> = new Map(
  GLOSSARY.flatMap((entry) => entry.names.map((name) => [name, entry] as const)),
)
/** The longest first: `GCM tag` is not `GCM`. */
const NAMES = [...ENTRIES.keys()].sort((a, b) => b.length - a.length)
const WORD = new RegExp(`(?<![\\w-])(${NAMES.map(pattern).join('|')})(e?s)?(?![\\w-])`, 'g')

/**
 * Splits a text. All pieces together are the text; no word is marked twice.
 * @param leave a word that is not marked, as its own definition speaks of it
 */
export function marksOf(text: string, leave?: GlossaryEntry): readonly Mark[] {
  const seen = new Set<GlossaryEntry | undefined>([leave])
  return citedPieces(text).flatMap((piece) => (piece.place ? [piece] : wordsIn(piece.text, seen)))
}

function wordsIn(text: string, seen: Set<GlossaryEntry | undefined>): readonly Mark[] {
  const marks: Mark[] = []
  let end = 0
  for (const match of text.matchAll(WORD)) {
    const word = entryNamed(match[1] ?? '')
    if (!word || seen.has(word)) continue
    seen.add(word)
    if (match.index > end) marks.push({ text: text.slice(end, match.index) })
    marks.push({ text: match[0], word })
    end = match.index + match[0].length
  }
  if (end < text.length) marks.push({ text: text.slice(end) })
  return marks
}

function entryNamed(name: string): GlossaryEntry | undefined {
  return ENTRIES.get(name) ?? ENTRIES.get(name.charAt(0).toLowerCase() + name.slice(1))
}

/** A name in small letters may begin a sentence. */
function pattern(name: string): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return /^[a-z]/.test(name)
    ? `[${name.charAt(0)}${name.charAt(0).toUpperCase()}]${escaped.slice(1)}`
    : escaped
}
