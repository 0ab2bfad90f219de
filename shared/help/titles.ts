/** What the pages of Help are called: in its contents, and wherever a text cites them. */
import { CITED_TITLES } from './citations'
import type { TitledPage } from './places'

/** By page; a decision record has its title on it. */
export const PAGE_TITLES: Readonly<Record<TitledPage, string>> = {
  ...CITED_TITLES,
  guide: 'Using Handshake Lab',
  protocol: 'The protocol',
  glossary: 'Glossary',
  keyboard: 'Keyboard shortcuts',
  sources: 'Sources',
  'run-file': 'Run files',
  captures: 'Captures for Wireshark',
  verdicts: 'Verdicts beside others’ test suites',
  recipes: 'Recipes for wrong certificates',
  'test-bench': 'A test bench for your own client',
}
