/** Before the tests that start a local target: puts the reference stack into the cache, so that they do not synthesize it concurrently. */
import { parseSettings } from '../stack/settings/settings.ts';
import { synthesizeApart } from '../stack/synthesis/synthesize-apart.ts';

export async function setup(): Promise<void> {
  await synthesizeApart(parseSettings());
}
