/** When packing: the client in one file, which the package exports as `loadline/client`, and the script of the demo's page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { bundleClient } from './bundle.ts';

const folder = new URL('../dist/client/', import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL('loadline-client.js', folder), await bundleClient());
await writeFile(new URL('demo.js', folder), await bundleClient('browser/demo.ts'));
