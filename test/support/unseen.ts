/** Characters that act on a terminal or a line, or that nobody sees: listed by ranges, apart from the rules of `shared/visible.ts`. */

/** As ECMA-48, UAX #9 and the Unicode Character Database have them: first and last code point of each range. */
export const UNSEEN_RANGES = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xa0, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xd800, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
  [0xf0000, 0x10ffff],
] as const

/** The code points of a text, in hex, that are in the ranges; halves of pairs count. */
export function unseenIn(text: string): readonly string[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0)
    .filter((code) => UNSEEN_RANGES.some(([first, last]) => code >= first && code <= last))
    .map((code) => code.toString(16))
}

/** A text with something of every kind, and with lines that pose as a program's own. */
export const HOSTILE = [
  'begin\u001b[2J\u001b]52;c;aGk=\u0007\u001b]0;title\u001b\\',
  '\r\n[Client] sends step 9: forged',
  '\n{"forged":true}\n2026-01-01T00:00:00.000Z error forged\n',
  '\u0085\u009b31m\u0000\u0008\u007f\u202ednb\u2066\u2028\u2029\u200b\u00ad\ufeff\u{e0041}\ufe0f\u00a0\u3164',
  '\ue000 \\u{1b} e\u0301\u0302\u0303\u0304\u0305\u0306\u0307 end',
].join('')
