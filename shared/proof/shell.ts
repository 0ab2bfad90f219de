/**
 * Pieces of POSIX shell that lines are put together from. A *source* is a command that writes bytes to its output. Whatever a peer
 * may have chosen stands in files; where a text has to stand in a line, it goes through {@link quoted}.
 */
import { toHex, toUtf8 } from '../bytes'
import { shellWord } from '../export/names'

/** Functions that lines use, and the folder for what they work out; before the first of them. */
export const PRELUDE = [
  'work=$(mktemp -d)',
  `hex() { od -An -v -tx1 | tr -d ' \\n'; }`,
  `lines() { awk '{ printf "%s\\\\n", $0 }'; }`,
  `name() { openssl x509 -noout -"$1" -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *commonName *= //p'; }`,
] as const

/** A text as one word of a shell, whatever it is; it has no NUL, which no shell can hold. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A file of the proof's folder, as a word. */
export function word(path: string): string {
  return shellWord(path)
}

/** What a line leaves for others, as a word; `name` has letters, digits and dashes alone. */
export function worked(name: string): string {
  return `"$work"/${name}`
}

/** Bytes of a file from `start`, `end` exclusive, to its end unless that is given. `file` is a word. */
export function slice(file: string, start: number, end?: number): string {
  if (end === undefined) return start === 0 ? `cat ${file}` : `tail -c +${start + 1} ${file}`
  return start === 0 ? `head -c ${end} ${file}` : `tail -c +${start + 1} ${file} | head -c ${end - start}`
}

/** These very bytes, in octal: no shell makes anything of them. */
export function literal(bytes: Uint8Array): string {
  const octal = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`)
  return `printf '${octal.join('')}'`
}

/** A text of the sheets' own, readable where it is plain. */
export function literalText(text: string): string {
  return /^[\w ./]+$/.test(text) ? `printf '${text}'` : literal(toUtf8(text))
}

/** That many zero bytes; none where there are none. */
export function zeros(count: number): readonly string[] {
  return count > 0 ? [`head -c ${count} /dev/zero`] : []
}

/** One source behind the other. */
export function together(...sources: readonly string[]): string {
  const [only] = sources
  return sources.length === 1 && only !== undefined ? only : `{ ${sources.join('; ')}; }`
}

/** Holds where a few bytes of a file are these; `file` is a word. */
export function areBytes(file: string, start: number, bytes: Uint8Array): string {
  return `[ "$(od -An -v -tx1 -w${bytes.length} -j${start} -N${bytes.length} ${file})" = ' ${toHex(bytes, ' ')}' ]`
}

/** A source's bytes in hex, as a word. */
export function hexOf(source: string): string {
  return `"$(${source} | hex)"`
}

/** A file's bytes in hex, as a word; `file` is one. */
export function hexOfFile(file: string): string {
  return `"$(hex <${file})"`
}

/** Holds where both commands print the same, and anything at all. */
export function same(one: string, other: string): string {
  return `a=$(${one}) && [ -n "$a" ] && [ "$a" = "$(${other})" ]`
}

/** Holds where a source writes exactly the bytes of a file; `file` is a word. */
export function isFile(source: string, file: string): string {
  const [, whole] = /^cat (\S+)$/.exec(source) ?? []
  return whole === undefined ? `${source} | cmp -s - ${file}` : `cmp -s ${whole} ${file}`
}

/** Holds where a line does not. */
export function not(line: string): string {
  return `! { ${line}; }`
}
