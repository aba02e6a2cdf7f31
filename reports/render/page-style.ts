/** The page's style: one set of variables for light, dark and paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #16202b; --muted: #55606c; --rule: #d9dee4; --panel: #f6f8fa;
  --axis: #8b96a2; --grid: #e6eaee; --steady: #eef3f8; --bound: #a3341f;
  --line-1: #0b6fb8; --line-2: #c2570c; --line-3: #1a7f4b; --line-4: #7a3fb0;
  --good: #1a6b3f; --near: #8a5a00; --bad: #a3241f; --bar-good: #d5ebdf; --bar-near: #f7e5bd; --bar-bad: #f6cfcb;
  --link: #0b5fa5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171d; --ink: #e6ebf0; --muted: #a3aeba; --rule: #303a45; --panel: #1a2129;
    --axis: #6d7986; --grid: #27303a; --steady: #1b242e; --bound: #ff9b87;
    --line-1: #63b5f5; --line-2: #f5a35c; --line-3: #66cc95; --line-4: #c49af0;
    --good: #7ad3a3; --near: #f0c35c; --bad: #ff9b95; --bar-good: #1d3f2f; --bar-near: #4a3c14; --bar-bad: #5a2622;
    --link: #7dc0f7;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.1rem; font-weight: 600; color: var(--muted); margin: 0 0 .75rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2.75rem 0 .75rem; }
.verdict { border-left: .4rem solid var(--tone); background: var(--panel); padding: .9rem 1.1rem; margin: 0 0 1rem; font-size: 1.2rem; line-height: 1.4; }
.verdict strong { color: var(--tone); }
.tone-good { --tone: var(--good); } .tone-bad { --tone: var(--bad); } .tone-near { --tone: var(--near); }
.links { margin: -.4rem 0 1rem; font-size: .92rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; z-index: 1; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; padding: 0; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 1rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--rule); }
thead th { font-weight: 600; color: var(--muted); border-bottom-color: var(--axis); vertical-align: bottom; }
tbody th { font-weight: 400; min-width: 13rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: .6rem; }
.number small { white-space: normal; max-width: 11rem; margin-left: auto; }
small { display: block; color: var(--muted); font-size: .8rem; line-height: 1.35; }
.good { color: var(--good); } .near { color: var(--near); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .muted { color: var(--muted); }
.bar { display: block; height: .3rem; background: var(--grid); margin: .2rem 0 .15rem auto; width: 100%; max-width: 6rem; }
.bar > span { display: block; height: 100%; background: currentColor; }
.notes { color: var(--muted); font-size: .88rem; margin: .3rem 0 0; padding-left: 1.1rem; }
.items li { margin-bottom: .5rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 1.75rem 2rem; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figcaption { font-weight: 600; }
figure > svg, .chart svg { width: 100%; height: auto; display: block; overflow: visible; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: 0; margin: .2rem 0; font-size: .88rem; }
.legend svg { width: 2rem; height: .7rem; vertical-align: middle; margin-right: .35rem; }
.chart-notes { color: var(--bound); font-size: .85rem; margin: .2rem 0; }
details > summary { cursor: pointer; color: var(--link); font-size: .88rem; }
footer { color: var(--muted); font-size: .88rem; padding-bottom: 3rem; margin-top: 3rem; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .45rem; }
  .verdict { font-size: 1.08rem; }
  th, td { padding-right: .6rem; }
  tbody th { min-width: 9.5rem; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --muted: #444; --rule: #ccc; --panel: #fff; --axis: #777; --grid: #e5e5e5; --steady: #f2f2f2; --bound: #a3341f;
    --line-1: #0b6fb8; --line-2: #c2570c; --line-3: #1a7f4b; --line-4: #7a3fb0; --good: #14532f; --near: #6b4500; --bad: #8c1b17; --link: #000;
  }
  @page { margin: 14mm; }
  body { font-size: 10pt; } main, header, footer { max-width: none; padding: 0; }
  nav, .skip, details { display: none; } .scroll { overflow: visible; } tr { break-inside: avoid; } h2 { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; gap: 1rem; }
}
`;
