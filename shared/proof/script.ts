/** `verify.sh`: every claim as a line of output, by nothing but a POSIX shell, coreutils, awk, sed, grep and OpenSSL 3. */
import type { Item } from './claim'
import { PRELUDE, quoted, word } from './shell'

/** The name of the script, of the list of sums, and of the page. */
export const [SCRIPT, SUMS, PAGE] = ['verify.sh', 'SHA256SUMS', 'README.txt'] as const

/** What lines that need OpenSSL's legacy provider say. */
const LEGACY = '-provider legacy'

/**
 * Writes the script.
 * @param files the files of the folder, the script among them and the list of sums not; their sums are looked at last
 */
export function scriptText(items: readonly Item[], files: readonly string[]): string {
  const needsLegacy = items.some((item) => item.is !== 'skip' && item.line.includes(LEGACY))
  const body = [...items.map(itemText), `sums ${files.length} ${files.map(word).join(' ')}`]
  return `${head(needsLegacy)}\nmain() {\n${body.join('\n')}\n}\n${FOOT}`
}

function itemText(item: Item): string {
  switch (item.is) {
    case 'skip':
      return `skip ${quoted(item.about)} ${quoted(item.why)}`
    case 'preparation':
      return `{ ${item.line}; } 2>/dev/null`
    case 'claim':
      return [
        `about ${[item.about, item.files.map(word).join(' ')].map(quoted).join(' ')}`,
        `{ ${item.line}; } >/dev/null 2>&1 </dev/null; verdict $?`,
      ].join('\n')
  }
}

function head(needsLegacy: boolean): string {
  const legacy = `
openssl list -providers ${LEGACY} >/dev/null 2>&1 || {
  echo 'This OpenSSL has no legacy provider, which DES takes: install it.' >&2
  exit 2
}`
  return `#!/bin/sh
# Does every step of a run of Handshake Lab again, with OpenSSL and the shell. README.txt says how, and what it gives away.
# A line a claim: ok, FAIL or skip. It succeeds only where all claims hold; what is skipped is counted in the last line.
set -u
LC_ALL=C
export LC_ALL
umask 077
CDPATH='' cd -- "$(dirname -- "$0")" || exit 2
case $(openssl version 2>/dev/null) in
  'OpenSSL '[3-9]* | 'OpenSSL '[1-9][0-9]*) ;;
  *)
    echo 'This takes OpenSSL 3.0 or newer: the program openssl.' >&2
    exit 2
    ;;
esac${needsLegacy ? legacy : ''}
${PRELUDE.join('\n')}
[ -d "$work" ] || exit 2
trap 'rm -rf -- "$work"' 0
trap 'exit 2' 1 2 15
held=0 failed=0 skipped=0

about() {
  claim=$1 files=$2
}
verdict() {
  if [ "$1" -eq 0 ]; then
    held=$((held + 1))
    printf 'ok   %s\\n' "$claim"
  else
    failed=$((failed + 1))
    printf 'FAIL %s [%s]\\n' "$claim" "$files"
  fi
}
skip() {
  skipped=$((skipped + 1))
  printf 'skip %s, %s\\n' "$1" "$2"
}
sums() {
  about '${SUMS} has a line for each file, and no others' ${SUMS}
  [ "$(wc -l 2>/dev/null <${SUMS})" = "$1" ]
  verdict $?
  shift
  cat ${SUMS} >"$work"/listed 2>/dev/null
  sha256sum -- "$@" >"$work"/found 2>/dev/null
  printf '%s\\n' "$@" | awk '
    FILENAME == ARGV[1] { listed[$0]; next }
    FILENAME == ARGV[2] { sum[substr($0, 67)] = $0; next }
    { print ($0 in sum && sum[$0] in listed) ? 0 : 1, $0 }
  ' "$work"/listed "$work"/found - >"$work"/judged
  while read -r result file; do
    about "$file has its SHA-256 in ${SUMS}" "$file ${SUMS}"
    verdict "$result"
  done <"$work"/judged
}
`
}

/** What is cut off before its last line says so. */
const FOOT = `
main
printf '%s claims hold, %s fail, %s skipped\\n' "$held" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$held" -gt 0 ]
exit
`
