/** How a report looks, on a screen and on paper: ink on white, and nothing said by colour alone. */
import { toBase64, toUtf8 } from '../bytes'
import { sha256 } from '../crypto/primitives/hash'

export const STYLE = `
:root { color-scheme: light; --ink: #16191d; --grey: #4a525d; --line: #b8bfc8; --tint: #f1f3f6; --accent: #1a4f9c; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 28px 64px; max-width: 980px; background: #fff; color: var(--ink);
  font: 15px/1.5 Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 1.5em 0 0.5em; break-after: avoid; }
h1 { font-size: 28px; margin-top: 0; }
h2 { font-size: 22px; margin-top: 2.2em; padding-top: 0.3em; border-top: 3px solid var(--ink); }
h3 { font-size: 18px; }
h4 { font-size: 16px; }
h5 { font-size: 15px; margin-top: 1.1em; }
p, dl, ol, ul, table, pre, figure { margin: 0 0 0.8em; }
a { color: var(--accent); text-decoration: underline; }
nav ol { padding-left: 1.6em; }
nav ol ol { list-style: none; padding-left: 0.6em; }
dl { display: grid; grid-template-columns: minmax(9em, max-content) minmax(0, 1fr); gap: 2px 14px; }
dt { color: var(--grey); }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; overflow-wrap: break-word; }
td code, td pre { overflow-wrap: anywhere; }
caption { padding: 0 0 4px; text-align: left; font-weight: 700; break-after: avoid; }
th, td { padding: 4px 8px 4px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--ink); }
tbody th { font-weight: 600; }
.members { table-layout: fixed; }
.members th:first-child { width: 15%; }
.members th:last-child, .members td:last-child { width: 29%; }
.checks { table-layout: fixed; }
.checks th:first-child { width: 11%; }
.checks th:nth-child(2), .checks td:nth-child(2) { width: 27%; }
.listed th:first-child { width: 35%; }
code, pre { font: 12.5px/1.45 'DejaVu Sans Mono', 'Liberation Mono', Consolas, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
pre.bytes { padding: 8px 10px; box-decoration-break: clone; -webkit-box-decoration-break: clone; background: var(--tint); border: 1px solid var(--line); font-size: 11.5px; }
td pre { margin: 0; font-size: 11px; line-height: 1.3; }
details { margin: 0 0 0.8em; }
summary { font-weight: 600; }
figure { margin: 0 0 1em; break-inside: avoid; }
figcaption { color: var(--grey); font-size: 13.5px; }
svg { display: block; width: 100%; height: auto; }
.before { margin-bottom: 0.3em; break-after: avoid; }
.note { color: var(--grey); }
.formula { padding: 6px 10px; background: var(--tint); border-left: 3px solid var(--ink); }
.refused { padding: 6px 10px; border: 2px solid var(--ink); font-weight: 600; }
.about { color: var(--grey); font-size: 12.5px; font-weight: 400; }
.failed { font-weight: 700; text-transform: uppercase; }
@page { size: A4; margin: 16mm 14mm 18mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  h1 { font-size: 20pt; } h2 { font-size: 15pt; } h3 { font-size: 12.5pt; } h4 { font-size: 11pt; } h5 { font-size: 10pt; }
  table { font-size: 9pt; }
  th, td { padding: 2px 6px 2px 0; }
  code, pre { font-size: 8pt; }
  pre.bytes { font-size: 7.5pt; }
  td pre { font-size: 6.8pt; }
  a { color: inherit; }
  thead { display: table-header-group; break-after: avoid; }
  tbody tr:first-child { break-before: avoid; }
  .short { break-inside: avoid; }
  tr, dt, dd, li, .formula, .refused { break-inside: avoid; }
  summary { list-style: none; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  p, li { orphans: 3; widows: 3; }
}
`

/**
 * The policy that a report carries: nothing is loaded, nothing runs, nothing is sent; of styles its own sheet alone, by its digest
 * (CSP Level 3 section 6.7.2.3).
 */
export const POLICY = `default-src 'none'; style-src 'sha256-${toBase64(sha256(toUtf8(STYLE)))}'; base-uri 'none'; form-action 'none'`
