/** compare as a CI job uses it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { writeExampleFolder } from '../../run/example-folder.fixture.ts';
import { commandLine } from '../command-line.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-compare-'));
  for (const [side, runId] of [
    ['main', '20261121T180726Z-0001'],
    ['main', '20261122T180726Z-0002'],
    ['branch', '20261123T180726Z-0003'],
  ] as const) {
    const path = join(folder, side, runId);
    mkdirSync(path, { recursive: true });
    await writeExampleFolder(path, { run: exampleRun({ runId, outcome: { kind: 'completed' } }) });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('of fewer than three runs it is not said that nothing is worse; without --fail-on they are compared', async () => {
  const gate = await commandLine(['compare', 'main', 'branch', '--fail-on', 'latency'], { folder });
  expect(gate.code).toBe(3);
  expect(gate.stdout).toContain('branch against main: no difference beyond noise');
  expect(gate.stderr).toContain(
    'main has 2 runs, of which only manifold changes are seen. Give each side 3 valid runs',
  );
  expect(gate.stderr).toContain('branch has 1 run, of which');
  expect(await commandLine(['compare', 'main', 'branch'], { folder })).toMatchObject({ code: 0, stderr: '' });
});
