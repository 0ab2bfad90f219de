/** Characters named for messages: what can't be seen can't be found by being quoted. */

/** Those that texts get by accident: from word processors, mail, web pages. */
const NAMES: Readonly<Record<number, string>> = {
  0x00: 'NUL',
  0xa0: 'no-break space',
  0xad: 'soft hyphen',
  0x200b: 'zero width space',
  0x200c: 'zero width non-joiner',
  0x200d: 'zero width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2010: 'hyphen',
  0x2011: 'non-breaking hyphen',
  0x2012: 'figure dash',
  0x2013: 'en dash',
  0x2014: 'em dash',
  0x2015: 'horizontal bar',
  0x2028: 'line separator',
  0x2029: 'paragraph separator',
  0x202a: 'left-to-right embedding',
  0x202e: 'right-to-left override',
  0x2060: 'word joiner',
  0x2212: 'minus sign',
  0x3000: 'ideographic space',
  0xfe58: 'small em dash',
  0xfe63: 'small hyphen-minus',
  0xfeff: 'zero width no-break space',
  0xff0d: 'fullwidth hyphen-minus',
  0xfffd: 'replacement character: the text is in another encoding',
}

/** A character by its code point, with its name where it has one here, and itself where it can be seen: `U+2014, em dash`. */
export function characterText(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  const name = NAMES[code]
  if (name !== undefined) return `${point}, ${name}`
  const isSeen = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
  return isSeen ? `“${character}” (${point})` : point
}
