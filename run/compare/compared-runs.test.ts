import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readSide } from './compared-runs.ts';

const root = mkdtempSync(join(tmpdir(), 'loadline-compared-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the run that `latest` links to counts once, by its own name', async () => {
  const folder = join(root, '20261126-020000-sync');
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.json'), '{}');
  symlinkSync('20261126-020000-sync', join(root, 'latest'));
  // A run that cannot be read is told with how many others there are.
  const refused = await readSide(join(root, '*')).catch((cause: Error) => cause.message);
  expect(refused).toMatch(/^The run .*20261126-020000-sync cannot be compared: it cannot be read/);
});
