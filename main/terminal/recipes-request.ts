/** What a terminal run is asked to do with recipes for wrong certificates. */
import type { Recipe } from '#shared/workshop/recipe'

interface Chosen {
  /** At least one, in the order of all. */
  readonly recipes: readonly Recipe[]
}

/** They are served until the run is told to end. */
export interface ServeRequest extends Chosen {
  readonly is: 'serve'
  /** All on one port, told apart by name; or each on its own. */
  readonly ports: 'one' | 'each'
  /** The one port; 0 for any that is free. */
  readonly port: number
  readonly json: boolean
  /** Folder that what clients need stays in; undefined for one that goes with the run. */
  readonly out: string | undefined
  readonly replace: boolean
}

/** They are judged by everybody who is installed. */
export interface JudgeRequest extends Chosen {
  readonly is: 'judge'
  readonly json: boolean
}

/** They are written into a folder. */
export interface WriteRequest extends Chosen {
  readonly is: 'write'
  readonly folder: string
  readonly replace: boolean
}

export type RecipesRequest = ServeRequest | JudgeRequest | WriteRequest
