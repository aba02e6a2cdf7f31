/** A search as a user meets it: interrupted in the middle of a real trial, and resumed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSearch } from '../../run/search/search-folder.ts';
import { descendantsOf, expectAllGone, startCommand } from '../command.fixture.ts';

let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-search-'));
  temporary = mkdtempSync(join(tmpdir(), 'loadline-temporary-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(temporary, { recursive: true, force: true });
});

/**
 * Starts a search and interrupts it in the trial after its first. Whether that load was carried is the machine's affair: a search has
 * another trial either way. Returns its exit code and output.
 */
async function interruptedAfterTrial(args: string[]) {
  const { child, ended, saw } = startCommand(['search', ...args], { folder, temporary });
  await saw('carried');
  // The next trial's target and load are processes of their own.
  const processes = descendantsOf(child.pid ?? 0);
  await expect
    .poll(
      () => {
        for (const [id, line] of descendantsOf(child.pid ?? 0)) processes.set(id, line);
        return [...processes.values()].some((line) => line.includes('artillery'));
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  await expectAllGone(processes.keys());
  return { code, stderr };
}

test('Ctrl-C in a trial keeps the trials before it and leaves nothing running; resumed, it repeats none of them', {
  timeout: 240_000,
}, async () => {
  const load = ['--connections', '10', '--connect-rate', '20', '--steady', '2', '--drain', '1', '--vary', 'messages'];
  const first = await interruptedAfterTrial(['messaging', ...load, '--start', '5', '--max', '40']);
  expect(first.code, first.stderr).toBe(130);
  const kept = await readSearch(join(folder, 'searches', 'latest'));
  expect(kept).toMatchObject({ outcome: 'interrupted', trials: [{ load: 5, purpose: 'ramp' }] });

  const second = await interruptedAfterTrial(['--resume', 'searches/latest']);
  expect(second.code, second.stderr).toBe(130);
  expect(second.stderr.split('\n').filter((line) => line.includes('carried'))).toHaveLength(1);
  const further = await readSearch(join(folder, 'searches', 'latest'));
  expect(further).toMatchObject({ outcome: 'interrupted', trials: [kept.trials[0], {}] });
  expect(further.trials).toHaveLength(2);
});
