/** The style sheet of the HTML report: no font, image or script from anywhere, both colour schemes, printable. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --line: #d5dae0; --band: #f5f7f9;
  --good: #1a6b34; --bad: #a31621; --held: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ec; --soft: #9aa5b1; --paper: #14181d; --line: #333b44; --band: #1c2229;
    --good: #6fd08c; --bad: #ff8a8f; --held: #e8b75a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 82rem; padding: 2rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; }
.status { font-weight: 600; }
.complete, .validated, .passed { color: var(--good); }
.failed, .FAILED { color: var(--bad); font-weight: 600; }
.refused, .aborted, .abandoned, .running, .not-run, .rolled-back { color: var(--held); }
.notice { border: 1px solid var(--held); border-radius: 6px; padding: .5rem .8rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 1rem 0 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { background: var(--band); color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
td { overflow-wrap: anywhere; min-width: 4.5rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.aside { color: var(--soft); font-size: .875rem; margin: .4rem 0 0; }
.none { color: var(--soft); margin: 0; }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --band: #f2f2f2; --good: #000; --bad: #000; --held: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; border: 0; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`;
