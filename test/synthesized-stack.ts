/** Before the tests that start a local target: the reference stack is in the cache, and is not synthesized by several of them at once. */
import { parseSettings } from '../stack/settings.ts';
import { synthesizeApart } from '../stack/synthesize-apart.ts';

export async function setup(): Promise<void> {
  await synthesizeApart(parseSettings());
}
