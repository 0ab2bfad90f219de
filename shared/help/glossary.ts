/** The words of the field that the windows use, each in a few plain sentences, in the order in which Help shows them. */
import { ABOUT_CERTIFICATES } from './glossary/certificates'
import { ABOUT_CRYPTOGRAPHY } from './glossary/cryptography'
import { ABOUT_FORMATS } from './glossary/formats'
import { ABOUT_PROTOCOLS } from './glossary/protocols'
import type { GlossaryEntry } from './glossary/entry'

export type { GlossaryEntry } from './glossary/entry'

export const GLOSSARY: readonly GlossaryEntry[] = [
  ...ABOUT_PROTOCOLS,
  ...ABOUT_CRYPTOGRAPHY,
  ...ABOUT_CERTIFICATES,
  ...ABOUT_FORMATS,
].sort((a, b) => a.title.toLowerCase().localeCompare(b.title.toLowerCase(), 'en'))
