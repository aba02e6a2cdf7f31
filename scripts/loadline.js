#!/usr/bin/env node
// Plain JavaScript, so that an old Node gets a sentence and not a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `loadline needs Node 22.18 or newer and this is Node ${process.versions.node}: start it with "npm run" inside the project (which brings Node 24), or install a newer Node.`,
  );
  process.exit(2);
}

const { existsSync } = await import('node:fs');
// A checkout runs its TypeScript as it stands; the published package holds the same files compiled.
const source = new URL('./main.ts', import.meta.url);
const { main } = await import(
  existsSync(source) ? source.href : new URL('../dist/scripts/main.js', import.meta.url).href
);
await main(process.argv.slice(2));
