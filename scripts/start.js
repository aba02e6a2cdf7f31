import { existsSync } from 'node:fs';

// A checkout runs its TypeScript directly; the published package holds the same files compiled.
const source = new URL('./main.ts', import.meta.url);
const { main } = await import(
  existsSync(source) ? source.href : new URL('../dist/scripts/main.js', import.meta.url).href
);
await main(process.argv.slice(2));
