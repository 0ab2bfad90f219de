/** Tables in files (RFC 4180). */
import { visible } from './visible'

export type CsvCell = string | number

/** What spreadsheets take for the beginning of a formula, in full width too; a sign alone begins none. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]./su
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * Rows as text, each ended by CR LF; a cell is quoted where it has to be. Text that a spreadsheet would compute gets an apostrophe
 * in front, by which it stays text; numbers stay numbers.
 */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

function quoted(cell: CsvCell): string {
  const shown = visible(String(cell))
  const text = FORMULA.test(shown) && !NUMBER.test(shown) ? `'${shown}` : shown
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
