/**
 * The one writer of a report's HTML, and of the SVG in it. Whatever is put into a template is text: it is made visible and escaped,
 * unless it came out of this writer. So no text of a peer or a file is ever markup.
 */
import { visible } from '../visible'

/** The longest text that is put out at once, in characters: the PEM of the largest private key is shorter. */
const LONGEST_TEXT = 16_384

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Nobody else can make any. */
class Markup {
  constructor(readonly text: string) {}
}

/** Markup that came out of this writer. */
export type Html = Markup

/** What goes into a template: text, numbers, markup, lists of them; nothing for what is not there. */
export type Part = string | number | Html | undefined | readonly Part[]

/** Markup by a template: `markup\`<p>${text}</p>\``. Attributes stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? ''
  for (const [index, part] of parts.entries()) text += markupOf(part) + (strings[index + 1] ?? '')
  return new Markup(text)
}

/** Text with lines of its own, for a `<pre>`. */
export function lines(text: string): Html {
  return new Markup(escape(visible(text, { lines: true, most: LONGEST_TEXT })))
}

/** A style sheet of the app's own. */
export function styleElement(css: string): Html {
  return new Markup(`<style>${css}</style>`)
}

function markupOf(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(markupOf).join('')
  return escape(visible(String(part), { most: LONGEST_TEXT }))
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
}
