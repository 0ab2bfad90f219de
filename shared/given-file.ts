import type { Bytes } from './bytes'

/** A file that a person gave the app from outside: what is in it, or why that could not be read. */
export type GivenFile =
  { readonly name: string; readonly bytes: Bytes } | { readonly name: string; readonly problem: string }
