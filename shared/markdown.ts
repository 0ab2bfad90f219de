/** A page of Markdown as data: what those of `docs` are turned into when the app is built, so that windows only show it. */

/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly inside: readonly Inline[] }
  /** `to`: as the page has it, mostly the path of another page. */
  | { readonly kind: 'link'; readonly to: string; readonly inside: readonly Inline[] }

/** A cell of a table, or a line of text. */
export type Line = readonly Inline[]

export type Block =
  | Heading
  | { readonly kind: 'paragraph'; readonly line: Line }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered?: true; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'table'; readonly head: readonly Line[]; readonly rows: readonly (readonly Line[])[] }

export interface Heading {
  readonly kind: 'heading'
  /** 1 for the page's title, 2 for a section. */
  readonly depth: number
  readonly title: string
  /** The number that the title begins with, as citations name it; undefined where it has none. */
  readonly section: string | undefined
}

export type Page = readonly Block[]

/** The text of a line without its marks. */
export function textOf(line: Line): string {
  return line.map((part) => ('text' in part ? part.text : textOf(part.inside))).join('')
}
