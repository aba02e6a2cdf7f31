/** The page's style: one set of variables for light, dark and paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #16202b; --muted: #55606c; --rule: #d9dee4; --panel: #f6f8fa;
  --axis: #8b96a2; --grid: #e6eaee; --steady: #eef3f8; --steady-swatch: #c3d2e2; --bound: #a3341f;
  --line-1: #0b6fb8; --line-2: #c2570c; --line-3: #1a7f4b; --line-4: #7a3fb0; --line-5: #b02a6b; --line-6: #6a7683;
  --good: #1a6b3f; --near: #8a5a00; --bad: #a3241f; --bar-bad: #f6cfcb;
  --link: #0b5fa5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171d; --ink: #e6ebf0; --muted: #a3aeba; --rule: #303a45; --panel: #1a2129;
    --axis: #6d7986; --grid: #27303a; --steady: #1b242e; --steady-swatch: #3a4a5c; --bound: #ff9b87;
    --line-1: #63b5f5; --line-2: #f5a35c; --line-3: #66cc95; --line-4: #c49af0; --line-5: #f28bb8; --line-6: #97a3b0;
    --good: #7ad3a3; --near: #f0c35c; --bad: #ff9b95; --bar-bad: #5a2622;
    --link: #7dc0f7;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.1rem; }
h1 { font-size: 1rem; font-weight: 600; color: var(--muted); margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.75rem 0 .75rem; }
p { margin: .6rem 0; max-width: 48rem; }
.verdict { border-left: .4rem solid var(--tone); background: var(--panel); padding: .8rem 1.1rem; margin: 0 0 .9rem; font-size: 1.3rem; line-height: 1.4; max-width: none; }
.verdict strong { color: var(--tone); }
.tone-good { --tone: var(--good); } .tone-bad { --tone: var(--bad); } .tone-near { --tone: var(--near); } .tone-muted { --tone: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .75rem; margin: 0 0 1rem; }
.tile { border: 1px solid var(--rule); border-top: .25rem solid var(--tone, var(--axis)); border-radius: .2rem; padding: .6rem .8rem .7rem; }
.tile dt { color: var(--muted); font-size: .85rem; }
.tile dd { margin: 0; font-size: .88rem; line-height: 1.4; }
.tile strong { display: block; font-size: 1.3rem; line-height: 1.25; margin: .1rem 0 .25rem; color: var(--tone, var(--ink)); }
.tile strong a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: .2em; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; z-index: 1; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
:target { scroll-margin-top: 1rem; background: var(--panel); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: 0; font-size: .92rem; }
.facts { display: grid; grid-template-columns: fit-content(16rem) minmax(0, 1fr); gap: .2rem 1.2rem; margin: 0; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; }
th.number { overflow-wrap: anywhere; } th.short { overflow-wrap: normal; }
.scroll { overflow-x: auto; margin: 1rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption, .caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--rule); }
thead th, thead td { font-weight: 600; color: var(--muted); border-bottom-color: var(--axis); vertical-align: bottom; }
tbody th { font-weight: 400; min-width: 10rem; }
th:last-child, td:last-child { padding-right: 0; }
.number, :where(.cards) td:where(:not(.words)) { text-align: right; overflow-wrap: normal; font-variant-numeric: tabular-nums; padding-left: .4rem; }
thead th { min-width: 4.5rem; } .date { white-space: nowrap; unicode-bidi: isolate; direction: ltr; display: inline-block; }
.many { font-size: .84rem; } .many th, .many td { padding-right: .45rem; } .many tbody th { min-width: 8rem; }
small { display: block; color: var(--muted); font-size: .8rem; line-height: 1.35; }
.good { color: var(--good); } .near { color: var(--near); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .muted { color: var(--muted); }
td > .good { color: inherit; } td > .bar { color: var(--good); }
.bar { display: block; height: .3rem; margin: .2rem 0 .15rem auto; width: 100%; max-width: 6rem; background: var(--grid); }
.bar::before { content: ""; display: block; border-top: .3rem solid; }
.notes { color: var(--muted); font-size: .85rem; margin: .3rem 0 0; padding-left: 1.1rem; max-width: 60rem; }
.items { padding-left: 1.2rem; max-width: 60rem; } .items li { margin-bottom: .5rem; }
.findings { list-style: none; padding: 0; margin: 0; max-width: 60rem; }
.findings > li { border-top: 1px solid var(--rule); padding: .7rem 0; break-inside: avoid; }
.findings p { margin: .15rem 0; max-width: none; }
.labels, .figures { font-size: .85rem; } .label { display: inline-block; border: 1px solid currentColor; border-radius: .2rem; padding: 0 .4rem; margin-right: .3rem; }
.fact { margin-right: 1.2rem; }
details { margin: .3rem 0; }
summary { cursor: pointer; color: var(--link); font-size: .88rem; }
.rest > summary { padding: .35rem 0; }
.why p { color: var(--muted); font-size: .85rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.75rem 2.5rem; margin: 1rem 0; }
figure { margin: 0; min-width: 0; max-width: 42rem; break-inside: avoid; }
figcaption { font-weight: 600; }
.plot { color: var(--muted); touch-action: pan-y; }
.plot svg { width: 100%; height: auto; display: block; overflow: hidden; font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.cursor { stroke: var(--ink); stroke-width: 1; }
.reading { min-height: 1.4em; margin: 0; font-size: .85rem; font-variant-numeric: tabular-nums; }
.sentence { margin: .1rem 0 .3rem; font-size: .88rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: 0; margin: .2rem 0; font-size: .85rem; }
.legend svg { width: 2rem; height: .7rem; vertical-align: middle; margin-right: .35rem; }
.lane-mark { display: inline-block; min-width: 1.2rem; color: var(--muted); }
.number-mark { display: inline-block; min-width: 1.2rem; margin-right: .3rem; text-align: center; color: var(--muted); border-left: 2px dotted var(--axis); }
.plain { font-size: .82rem; font-variant-numeric: tabular-nums; } .plain td, .plain thead th + th { text-align: right; } .plain th, .plain td { padding: .15rem .5rem .15rem 0; min-width: 0; overflow-wrap: anywhere; }
footer { color: var(--muted); font-size: .85rem; padding-bottom: 3rem; margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: .75rem; }
@media screen and (max-width: 44rem) {
  body { font-size: 15px; }
  main, header, footer { padding-left: .9rem; padding-right: .9rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: .5rem; } .tile { padding: .45rem .6rem; } .tile strong { font-size: 1.1rem; }
  .tile:last-child:nth-child(odd) { grid-column: 1 / -1; }
  .verdict { font-size: 1.1rem; padding: .6rem .8rem; }
  .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: .45rem; }
  .cards, .cards tbody, .cards tr, .cards th, .cards td, .cards caption { display: block; width: auto; }
  .cards thead { display: none; }
  .cards tr { border-top: 1px solid var(--axis); padding: .5rem 0; }
  .cards th, .cards td { border: 0; padding: .1rem 0; text-align: left; }
  .cards tbody th { font-weight: 600; } .cards th small { font-weight: 400; }
  .cards td { display: grid; grid-template-columns: minmax(0, 9rem) minmax(0, 1fr); column-gap: .6rem; }
  .cards td::before { color: var(--muted); grid-row: 1 / 5; }
  .cards td > * { grid-column: 2; }
  .bar { margin-left: 0; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --muted: #444; --rule: #ccc; --panel: #fff; --axis: #777; --grid: #ddd; --steady: #eee; --steady-swatch: #ccc; --bound: #a3341f;
    --line-1: #0b6fb8; --line-2: #c2570c; --line-3: #1a7f4b; --line-4: #7a3fb0; --line-5: #b02a6b; --line-6: #6a7683;
    --good: #14532f; --near: #6b4500; --bad: #8c1b17; --bar-bad: #f3d5d2; --link: #000;
  }
  @page { size: A4; margin: 13mm; }
  html { font-size: 9.5pt; } body { font-size: 1rem; } main, header, footer { max-width: none; padding: 0; }
  nav, .skip, .numbers, .reading, .why > summary { display: none; }
  .scroll { overflow: visible; } tr, .tile { break-inside: avoid; } h2, caption { break-after: avoid; } h2 { margin-top: 1.4rem; }
  thead { display: table-header-group; }
  table { font-size: 8pt; } th, td { padding: .2rem .35rem .2rem 0; } tbody th { min-width: 0; } small { font-size: 7pt; }
  thead th, .many tbody th { min-width: 0; } .many { font-size: 6.5pt; } .many small { font-size: 6pt; } .many th, .many td { padding-right: .2rem; } .number, :where(.cards) td:where(:not(.words)) { padding-left: .1rem; }
  .tiles { grid-template-columns: repeat(5, 1fr); gap: .35rem; } .tile { padding: .35rem .45rem; } .tile strong { font-size: 11pt; } .tile dd { font-size: 8pt; }
  .verdict { font-size: 12pt; } a { text-decoration: none; }
  .charts { grid-template-columns: 1fr 1fr; gap: 1rem; } .bar { border-bottom: 1px solid var(--rule); }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
