/** The style of the live what-if, with the variables of the page's. */
export const whatIfStyle = `
.what-if-columns { display: grid; gap: 1.5rem; }
@media (min-width: 60rem) {
  .what-if-columns { grid-template-columns: minmax(0, 1fr) minmax(0, 25rem); align-items: start; }
  .what-if-columns.what-if-wide { grid-template-columns: minmax(0, 1fr) minmax(0, 33rem); }
  .what-if-result { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; }
}
.what-if-controls, .what-if-result { min-width: 0; }
.what-if-controls > details { border-top: 1px solid var(--rule); padding: .5rem 0; }
.what-if-controls > details > summary { font-size: 1rem; font-weight: 600; padding: .2rem 0; }
.what-if-row { display: grid; grid-template-columns: minmax(8rem, 12rem) 6.5rem minmax(3rem, 7rem) minmax(6rem, 1fr); gap: .1rem .75rem; align-items: center; padding: .55rem 0; }
.what-if-row label { overflow-wrap: anywhere; }
.what-if-row input, .what-if-row select, .what-if-actions textarea { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--axis); border-radius: .2rem; padding: .25rem .4rem; min-width: 0; max-width: 100%; }
.what-if-row input[type=number] { text-align: right; width: 100%; }
.what-if-row input[type=text], .what-if-row input[type=date], .what-if-row select { grid-column: 2 / -1; }
.what-if-row input[type=checkbox] { width: 1.25rem; height: 1.25rem; justify-self: start; accent-color: var(--link); }
.what-if-row input[type=range] { width: 100%; padding: 0; accent-color: var(--link); min-height: 1.5rem; }
.what-if-row input:user-invalid { border-color: var(--bad); }
.what-if-unit { color: var(--muted); font-size: .85rem; }
.what-if-says, .what-if-hint { grid-column: 1 / -1; margin: 0; font-size: .85rem; color: var(--muted); overflow-wrap: anywhere; }
.what-if-hint { display: none; }
.what-if-row:focus-within .what-if-hint { display: block; }
.what-if-row:focus-within .what-if-says { color: var(--ink); }
.what-if-checkbox .what-if-says, .what-if-switch .what-if-says { display: none; }
.what-if-answer { background: var(--panel); border-left: .3rem solid var(--axis); padding: .75rem 1rem; overflow-wrap: anywhere; }
.what-if-answer table { font-size: .85rem; }
.what-if-answer th, .what-if-answer td { padding-right: .4rem; }
.what-if-answer tbody th { min-width: 0; }
.what-if-sentence { margin: 0 0 .6rem; font-weight: 600; }
.what-if-stale { border-left-color: var(--bad); }
.what-if-problems p { color: var(--bad); margin: 0 0 .4rem; }
.what-if-note:empty { display: none; }
.what-if-summary { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem .8rem; }
.what-if-chart svg { width: 100%; height: auto; display: block; }
.what-if-line { fill: none; stroke: var(--line-1); stroke-width: 2; }
.what-if-axis { stroke: var(--axis); } .what-if-full { stroke: var(--bound); stroke-dasharray: 4 3; }
.what-if-text { fill: var(--muted); font-size: 11px; }
.what-if-buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
.what-if-buttons button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--axis); border-radius: .2rem; padding: .35rem .75rem; cursor: pointer; }
.what-if-buttons button:disabled { opacity: .55; cursor: default; }
.what-if-actions textarea { width: 100%; font: .8rem/1.4 ui-monospace, monospace; }
.what-if-note { font-size: .9rem; }
@media (max-width: 40rem) {
  .what-if-row { grid-template-columns: 7.5rem minmax(0, 1fr); }
  .what-if-row label { grid-column: 1 / -1; }
  .what-if-row input[type=range] { grid-column: 1 / -1; }
  .what-if-row input[type=text], .what-if-row input[type=date], .what-if-row select { grid-column: 1 / -1; }
}
@media print { #what-if-app .what-if-controls, .what-if-actions, #what-if-still { display: none; } .what-if-result { position: static; max-height: none; overflow: visible; } }
`;
