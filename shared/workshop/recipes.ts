/** Every recipe, topic by topic. */
import { PLAIN } from './plain'
import { accepted, recipesOf, type Recipe } from './recipe'
import { BASIC_CONSTRAINTS } from './recipes/basic-constraints'
import { DATES } from './recipes/dates'
import { EXTENSIONS } from './recipes/extensions'
import { HOSTS } from './recipes/hosts'
import { KEYS } from './recipes/key'
import { NAME_CONSTRAINTS } from './recipes/name-constraints'
import { NAMES } from './recipes/names'
import { PATHS } from './recipes/path'
import { REVOCATION } from './recipes/revocation'
import { SERIALS } from './recipes/serial'
import { SIGNATURES } from './recipes/signature'
import { USAGES } from './recipes/usages'
import { VERSIONS } from './recipes/version'

const GOOD = recipesOf('good', [
  {
    id: 'good',
    title: 'Nothing wrong',
    wrong: 'Nothing: a root, an authority below it, and a server’s certificate for this machine.',
    rule: 'RFC 5280 section 6.1',
    otherwise: 'It is here to show that every judge accepts what has no fault.',
    chain: PLAIN,
    predicts: accepted(),
  },
])

/** In the order in which they are shown. */
export const RECIPES: readonly Recipe[] = [
  ...GOOD,
  ...DATES,
  ...SERIALS,
  ...NAMES,
  ...HOSTS,
  ...USAGES,
  ...BASIC_CONSTRAINTS,
  ...EXTENSIONS,
  ...NAME_CONSTRAINTS,
  ...SIGNATURES,
  ...KEYS,
  ...VERSIONS,
  ...PATHS,
  ...REVOCATION,
]
