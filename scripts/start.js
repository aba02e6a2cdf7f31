import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

// A checkout runs its TypeScript directly; the published package holds the same files compiled.
const isCheckout = existsSync(new URL('./main.ts', import.meta.url));
const load = (path) => import(new URL(isCheckout ? `../${path}.ts` : `../dist/${path}.js`, import.meta.url).href);

// Types are stripped and code is compiled once: half of the time of a short command.
const { codeCache, codeCacheVariable } = await load('local/process/code-cache');
const folder = codeCache()[codeCacheVariable];
if (folder !== undefined) enableCompileCache(folder);

const { main } = await load('scripts/main');
await main(process.argv.slice(2));
