/** One entry of a menu: its text, and a line on what it is for. */
export interface MenuItem {
  readonly title: string
  readonly about?: string
  readonly run: () => void
}
