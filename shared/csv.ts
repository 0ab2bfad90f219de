/** Tables in files (RFC 4180). */
import { visible } from './visible'

export type CsvCell = string | number

/** Rows as text, each ended by CR LF; a cell is quoted where it has to be. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

function quoted(cell: CsvCell): string {
  const text = visible(String(cell))
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
