/** The demo's page, without its script (client/browser/demo.ts). */
const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --soft: light-dark(#57606a, #a8b0b9); --paper: light-dark(#ffffff, #15181c);
  --card: light-dark(#f5f7f9, #1f2429); --line: light-dark(#d0d7de, #3a424b); --on: light-dark(#0b6e4f, #4cc38a); --poll: light-dark(#8a5a00, #e0b252); --out: light-dark(#b42318, #ff8a80); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 24px 20px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; } h2 { font-size: 17px; margin: 0; } p { margin: 0 0 16px; color: var(--soft); }
.controls, .tabs { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); margin-bottom: 16px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; min-width: 0; }
button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 6px 12px; cursor: pointer; margin: 4px 6px 4px 0; }
button[aria-pressed=true] { border-color: var(--out); color: var(--out); }
label { display: block; } input[type=range] { width: 100%; accent-color: var(--on); }
.people { display: grid; grid-template-columns: repeat(25, 1fr); gap: 3px; margin-top: 8px; }
.people i { aspect-ratio: 1; border-radius: 3px; background: var(--line); } .people i.in { background: var(--on); }
.head { display: flex; justify-content: space-between; align-items: baseline; gap: 8px; }
.state { font-weight: 600; } .open { color: var(--on); } .polling, .connecting { color: var(--poll); } .offline, .asleep, .closed { color: var(--out); }
dl { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; margin: 12px 0; } dt { font-size: 13px; color: var(--soft); } dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums; }
ol { list-style: none; margin: 0; padding: 0; height: 190px; overflow: hidden; font-size: 14px; } li { border-top: 1px solid var(--line); padding: 3px 0; display: flex; justify-content: space-between; gap: 8px; }
li span { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
`;

export const demoPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loadline demo: two tabs in sync</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<main>
<h1>Two tabs in sync</h1>
<p>Webhooks arrive at the stack on this machine, and both tabs of Ada show them: over WebSocket, or by polling where that cannot be had.</p>
<div class="controls">
<section class="card"><h2>What happens</h2>
<button id="webhook">Send a webhook</button><button id="stream" aria-pressed="true">Webhooks every second</button>
<button id="cut">Cut the sockets</button><button id="line" aria-pressed="false">WebSocket API gone</button></section>
<section class="card"><h2>Who has the connection</h2>
<label>Stage: <output id="share">100%</output> of users<input id="stage" type="range" min="0" max="100" step="1" value="100"></label>
<button id="off" aria-pressed="false">Kill switch</button>
<div class="people" id="people" role="img" aria-label="50 users, coloured if they are in the stage"></div></section>
</div>
<div class="tabs" id="tabs"></div>
</main>
<script type="module" src="/demo.js"></script>
</html>
`;
