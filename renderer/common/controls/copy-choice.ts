/** What a context menu offers to copy. */
export interface CopyChoice {
  readonly title: string
  readonly text: () => string | Promise<string>
  /** True for what should not stay on the clipboard: main takes it off after a minute. */
  readonly secret?: boolean
}
