import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StackSettings } from '../stack/settings.ts';
import type { CloudAssembly } from '../stack/synthesize.ts';

/** The cloud assembly of the stack, made or found in the cache by a thread that ends afterwards. */
export function synthesizeApart(settings: StackSettings): Promise<CloudAssembly> {
  const worker = new Worker(new URL(`./synthesize.main${extname(import.meta.url)}`, import.meta.url), {
    workerData: settings,
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The synthesis of the stack ended with code ${code}.`)));
  });
}
