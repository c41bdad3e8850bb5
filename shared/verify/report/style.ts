/** The style of the page: quiet, readable in print, light and dark. */

export const style = `
:root { --ink: #1b1f24; --quiet: #5b6570; --paper: #fff; --panel: #f5f6f8; --line: #dfe3e8; --success: #1a7f4b; --degraded: #9a6700; --failure: #c02b2b; --unknown: #6b5bb0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --quiet: #9aa4af; --paper: #14171b; --panel: #1d2126; --line: #333a42; --success: #4cc38a; --degraded: #d9a53b; --failure: #f2726f; --unknown: #a99bf0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 1180px; margin: 0 auto; padding: 1rem 1.5rem; }
header { border-left: 6px solid var(--unknown); margin-top: 1rem; }
header.signed_off { border-color: var(--success); }
header.not_signed_off { border-color: var(--failure); }
h1 { margin: 0 0 .5rem; font-size: 2rem; letter-spacing: .02em; }
.signed_off h1 { color: var(--success); }
.not_signed_off h1 { color: var(--failure); }
.inconclusive h1 { color: var(--unknown); }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 0; }
dl { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: 0; }
dt { color: var(--quiet); font-size: .8rem; }
dd { margin: 0; font-weight: 600; }
p { margin: .3rem 0; }
p, li, h3, dd { overflow-wrap: anywhere; }
ul, ol { margin: .3rem 0; padding-left: 1.4rem; }
ul.plain { list-style: none; padding: 0; }
article { background: var(--panel); border-radius: 6px; padding: .7rem 1rem; margin: .6rem 0; }
code { font: .85em ui-monospace, monospace; }
code, b { unicode-bidi: isolate; }
.sign { display: inline-block; width: 1.1em; }
.quiet { color: var(--quiet); }
.tag { border: 1px solid var(--line); border-radius: 99px; padding: 0 .6em; font-size: .85em; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td { overflow-wrap: break-word; }
th { text-align: left; color: var(--quiet); font-weight: 500; font-size: .85rem; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:nth-child(2) span, td:nth-child(3) span { white-space: nowrap; }
.targets .quiet { display: inline-block; }
.targets td:first-child { max-width: 22rem; }
.targets td:last-child { max-width: 30rem; }
svg { vertical-align: -3px; }
span.success { color: var(--success); } span.degraded { color: var(--degraded); }
span.failure { color: var(--failure); } span.unknown { color: var(--unknown); }
rect.success { fill: var(--success); } rect.degraded { fill: var(--degraded); }
rect.failure { fill: var(--failure); } rect.unknown { fill: var(--unknown); }
polyline { fill: none; stroke: var(--quiet); } circle { fill: var(--ink); }
.runs code { margin-right: .6em; }
@media (max-width: 760px) {
  header, main { padding: 1rem; }
  .targets, .targets tbody { display: block; }
  .targets thead { display: none; }
  .targets tr, .targets td, .targets td:first-child, .targets td:last-child { display: block; max-width: none; border: 0; padding: .1rem 0; }
  .targets tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
}
@media print { header, main { max-width: none; } article { break-inside: avoid; } }
`.trim();
