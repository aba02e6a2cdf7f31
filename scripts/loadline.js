#!/usr/bin/env node
// Only what Node 10 can parse: an old Node gets a sentence and not a syntax error.
const needed = [22, 18];
const given = process.versions.node.split('.').map(Number);
if (given[0] < needed[0] || (given[0] === needed[0] && given[1] < needed[1])) {
  console.error(
    `loadline needs Node ${needed.join('.')} or newer and this is Node ${process.versions.node}: use "npm run" inside the project, which brings Node 24, or install a newer Node.`,
  );
  process.exitCode = 2;
} else {
  import('./start.js').catch((error) => {
    console.error(`loadline could not be started (${String(error).split('\n')[0]}): run npm ci, or install it again.`);
    if (process.env.LOADLINE_DEBUG) console.error(error);
    process.exitCode = 4;
  });
}
